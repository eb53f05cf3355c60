/**
 * Whether a version is in one of the ranges that instrumentations use (`^5.0.0`, `>=8.0.3 <9`, `*`), by its major
 * number. What is not understood counts as supported.
 */
export function supportsVersion(ranges: readonly string[], version: string): boolean {
  const major = Number.parseInt(version, 10);
  return ranges.some((range) => range.split(/\s+/).every((bound) => isWithin(bound, major)));
}

function isWithin(bound: string, major: number): boolean {
  const [, operator, limit] = /^([\^~]|>=|<)(\d+)/.exec(bound) ?? [];
  if (operator === '>=') return major >= Number(limit);
  if (operator === '<') return major < Number(limit) || /\.0*[1-9]/.test(bound);
  return operator === undefined || major === Number(limit);
}
