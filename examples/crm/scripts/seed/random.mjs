/**
 * Random numbers that come out the same on every machine (mulberry32), so that a test may name a row.
 *
 * @param {number} seed
 */
export function createRandom(seed) {
  let state = seed >>> 0;

  /** Between 0, inclusive, and 1. */
  function next() {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  const below = (limit) => Math.floor(next() * limit);
  const pick = (list) => list[below(list.length)];
  const hex = (digits) => Array.from({ length: digits }, () => below(16).toString(16)).join('');

  return {
    next,
    below,
    pick,
    /** @param {readonly (readonly [unknown, number])[]} weighted values with their shares */
    pickWeighted(weighted) {
      let rest = next() * weighted.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [value, weight] of weighted) {
        rest -= weight;
        if (rest < 0) return value;
      }
      return weighted.at(-1)[0];
    },
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`,
  };
}
