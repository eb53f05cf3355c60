/**
 * A bar of one figure that has no range, such as a count.
 *
 * @param {string} name
 * @param {import('./report-types').Role} role
 * @param {number} value
 * @returns {import('./report-types').Bar}
 */
export function exactly(name, role, value) {
  return { name, role, median: value, least: value, most: value };
}
