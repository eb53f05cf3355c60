const tenants = 5_000;
const contacts = 1_000;

/** What is asked, with its share of all and the answer that it must have. */
const kinds = [
  { share: 0.3, path: () => `/trivial/${below(contacts)}`, statuses: [200] },
  { share: 0.3, path: () => `/cached/${below(contacts)}`, statuses: [200] },
  { share: 0.2, path: () => `/reference/${below(1_000_000)}`, statuses: [200] },
  { share: 0.05, path: () => `/change/${below(contacts)}`, method: 'POST', statuses: [204] },
  { share: 0.05, path: () => `/failing/${below(contacts)}`, statuses: [500] },
  { share: 0.05, path: () => `/nowhere/${below(1_000_000)}`, statuses: [404] },
  // Whoever has used up his plan: one of a few tenants, so that most of it is refused.
  { share: 0.05, path: () => '/trivial/1', tenant: () => `tiny-${below(20)}`, statuses: [200, 429] },
];

/**
 * One request, drawn. A client goes away in the middle of one in a hundred.
 *
 * @returns {Promise<string>} the status of the answer, `left` where nobody waited for it, or what was wrong with it
 */
export async function sendOne(requests) {
  const { path, tenant = () => `tenant-${below(tenants)}`, method, statuses } = drawn();
  const isLeft = Math.random() < 0.01;
  const signal = isLeft ? AbortSignal.timeout(below(5)) : undefined;
  try {
    const { status } = await requests.ask({ path: path(), tenant: tenant(), method, signal });
    return statuses.includes(status) ? String(status) : `unexpected ${status}`;
  } catch (error) {
    return isLeft ? 'left' : `unexpected ${error.code}`;
  }
}

function drawn() {
  let left = Math.random();
  for (const kind of kinds) {
    left -= kind.share;
    if (left < 0) return kind;
  }
  return kinds[0];
}

function below(bound) {
  return Math.floor(Math.random() * bound);
}
