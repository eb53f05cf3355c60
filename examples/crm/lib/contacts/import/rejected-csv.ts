import { errorHeading } from './map-columns';
import type { CsvFile, CsvRow } from './read-csv';

/** Rows that were not taken, as they were, with why: to put right and import again. `null` where there are none. */
export function rejectedCsv(
  { headings }: CsvFile,
  rejected: readonly { readonly row: CsvRow; readonly why: string }[],
): string | null {
  if (rejected.length === 0) return null;
  // An earlier import may have put one there already.
  const kept = headings.flatMap((heading, at) => (heading.toLowerCase() === errorHeading ? [] : [at]));
  const lines = [
    [...kept.map((at) => headings[at] ?? ''), errorHeading],
    ...rejected.map(({ row: { cells }, why }) => [
      ...kept.map((at) => cells[at] ?? ''),
      // What a row has beyond the headings, too.
      ...[why, ...cells.slice(headings.length)],
    ]),
  ];
  return lines.map((cells) => `${cells.map(cellOf).join(',')}\r\n`).join('');
}

/**
 * In quotes, and nothing that a spreadsheet would run.
 *
 * @see OWASP, CSV Injection
 */
function cellOf(text: string): string {
  const harmless = /^\s*[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n;']/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
