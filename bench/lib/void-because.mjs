import { short } from './table.mjs';

/**
 * Why a bar on latency says nothing: the machine tells two copies of the same apart by too much. To be spread into the
 * options of a claim.
 *
 * @param {number} apart what two copies differ by, A/A
 * @param {number} mostApart a third of the bar; of a comparison without one, what the two that are compared differ by
 * @param {(apart: number) => string} [inWords]
 * @returns {{ voidBecause?: string }}
 */
export function voidBecause(apart, mostApart, inWords = short) {
  if (apart <= mostApart) return {};
  return {
    voidBecause: `two copies of the same differ by ${inWords(apart)}, which may be ${inWords(mostApart)} at most`,
  };
}
