export { short, table, times } from '../lib/table.mjs';

export function medianOf(values) {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** One figure of ours to that of wrk, within each round. */
export function ratioOf({ unite, wrk }, figure) {
  const ratios = unite.map((sample, round) => sample[figure] / wrk[round][figure]);
  return { median: medianOf(ratios), least: Math.min(...ratios), most: Math.max(...ratios) };
}
