import { medianOf, ratioOf } from './rounds.mjs';

/** Numbers as they are read: three digits that mean something. */
export const short = (value) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));

export const times = ({ median, least, most }) => `${short(median)}× (${short(least)}–${short(most)})`;

/**
 * A table in Markdown.
 *
 * @param {readonly string[]} head
 * @param {readonly (readonly (string | number)[])[]} rows
 */
export function table(head, rows) {
  const lines = [head, head.map((_, column) => (column === 0 ? '---' : '---:')), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Samples of `interleaved`: median, range, and the ratio to one of them within each round. */
export function samplesTable(title, samples, { base, unit = 'ns' }) {
  const scale = unit === 'µs' ? 1_000 : 1;
  const rows = Object.entries(samples).map(([name, values]) => [
    name,
    short(medianOf(values) / scale),
    `${short(Math.min(...values) / scale)}–${short(Math.max(...values) / scale)}`,
    times(ratioOf(samples, name, base)),
  ]);
  return table([title, `${unit}, median`, 'range', `ratio to ${base}`], rows);
}
