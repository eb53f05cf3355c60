import { medianOf } from './rounds.mjs';

/**
 * Median of the differences to one of them within each round.
 *
 * @param {Record<string, readonly number[]>} samples
 * @param {string} name
 * @param {string} base
 */
export function addedBy(samples, name, base) {
  return medianOf(samples[name].map((value, round) => value - samples[base][round]));
}
