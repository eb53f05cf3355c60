const most = 3;

/**
 * The audits that took most off a category's score, such as `total-blocking-time −12 (410 ms)`.
 *
 * @param {import('lighthouse').Result} lhr
 * @param {string} category
 * @returns {string[]}
 */
export function costliest(lhr, category) {
  const refs = lhr.categories[category].auditRefs.filter(
    ({ id, weight }) => weight > 0 && isScored(lhr.audits[id]),
  );
  const total = refs.reduce((sum, { weight }) => sum + weight, 0);
  return refs
    .map(({ id, weight }) => ({
      audit: lhr.audits[id],
      cost: (100 * weight * (1 - lhr.audits[id].score)) / total,
    }))
    .filter(({ cost }) => cost > 0)
    .toSorted((a, b) => b.cost - a.cost)
    .slice(0, most)
    .map(({ audit, cost }) => `${audit.id} −${cost.toFixed(1)}${reasonOf(audit)}`);
}

/** What does not apply, or is for people to look at, has no score. */
function isScored({ score }) {
  return typeof score === 'number';
}

function reasonOf({ displayValue, details }) {
  const [first] = details?.items ?? [];
  const reason = displayValue || first?.node?.snippet || first?.description || first?.source;
  return reason ? ` (${String(reason).slice(0, 120)})` : '';
}
