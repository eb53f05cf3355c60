/** Who can say yes, by words in a job title. */
const influence = [
  [/\b(chief|ceo|cto|cfo|coo|founder|owner|president)\b/i, 30, 'decides about budgets'],
  [/\b(vp|vice president|director|head)\b/i, 24, 'leads a department'],
  [/\b(manager|lead|principal)\b/i, 14, 'leads a team'],
];

const stages = {
  lead: [8, 'has not been talked to yet'],
  contacted: [16, 'has answered before'],
  qualified: [30, 'is qualified'],
  customer: [22, 'buys already'],
  lost: [-20, 'was lost once'],
};

/**
 * How promising a contact is, from 0 to 100, and why in a sentence. The same contact gives the same verdict.
 *
 * @param {{ name?: string, company?: string, jobTitle?: string, hasPhone?: boolean, stage?: string, notes?: string }} contact
 */
export function verdictOn({
  name = '',
  company = '',
  jobTitle = '',
  hasPhone = false,
  stage = 'lead',
  notes = '',
}) {
  const [, weight = 4, role = 'has no say that shows'] =
    influence.find(([words]) => words.test(jobTitle)) ?? [];
  const [progress, history] = stages[stage] ?? stages.lead;
  const reached = (hasPhone ? 8 : 0) + (notes ? 8 : 0);
  const score = Math.max(
    0,
    Math.min(100, 12 + weight + progress + reached + (hashOf(`${name}|${company}`) % 21)),
  );
  const who = jobTitle && company ? `${jobTitle} at ${company}` : jobTitle || company || 'The contact';
  const how = hasPhone ? 'and there is a number to call' : 'and no phone number is known';
  // The reason first: what streams can be read before the score is known.
  return { reason: `${who} ${role}, ${history}, ${how}.`, score };
}

/** FNV-1a, 32 bits. */
function hashOf(text) {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ character.codePointAt(0), 0x01000193) >>> 0;
  return hash;
}
