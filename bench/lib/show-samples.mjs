import { barsOf } from './bars-of.mjs';
import { medianOf, ratioOf } from './rounds.mjs';
import { short, times } from './table.mjs';

const nanosecondsPer = { ns: 1, µs: 1_000, ms: 1_000_000 };

/**
 * Samples of `interleaved`, as a table with their range and their ratio to one of them within each round, and as bars.
 *
 * @param {import('./report.mjs').Report} report
 * @param {string} title
 * @param {Record<string, number[]>} samples in nanoseconds
 * @param {{ base: string, ours: readonly string[], limit?: readonly string[], unit?: keyof typeof nanosecondsPer,
 *   isLog?: boolean }} options whoever is neither ours nor a limit is a peer
 */
export function showSamples(report, title, samples, { base, ours, limit, unit = 'ns', isLog = false }) {
  const per = nanosecondsPer[unit];
  const rows = Object.entries(samples).map(([name, values]) => [
    name,
    short(medianOf(values) / per),
    `${short(Math.min(...values) / per)}–${short(Math.max(...values) / per)}`,
    times(ratioOf(samples, name, base)),
  ]);
  report.table(title, ['', `${unit}, median`, 'range', `ratio to ${base}`], rows);
  report.bars({ title, unit, isLog, bars: barsOf(samples, { ours, limit, per }) });
}
