import { medianOf } from './rounds.mjs';

/**
 * Samples as bars of a chart.
 *
 * @param {Record<string, readonly number[]>} samples
 * @param {{ ours: readonly string[], limit?: readonly string[], per?: number }} roles whoever is not named is a peer;
 *   values are divided by `per`
 * @returns {import('./report-types').Bar[]}
 */
export function barsOf(samples, { ours, limit = [], per = 1 }) {
  return Object.entries(samples).map(([name, values]) => ({
    name,
    role: ours.includes(name) ? 'ours' : limit.includes(name) ? 'limit' : 'peer',
    median: medianOf(values) / per,
    least: Math.min(...values) / per,
    most: Math.max(...values) / per,
  }));
}
