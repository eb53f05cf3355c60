import { printableLine } from '../cli/printable';
import { formatTable } from '../format-table';
import type { ScoreRow } from './drill-types';
import type { DrillReport, Scorecard } from './scorecard-types';

/** A shape and a word each, so that it reads without colour. */
export const outcomeWords = {
  kept: '✓ kept',
  missed: '✗ MISSED',
  'not-measurable': '- not measurable here',
} as const;

/** A longer cell follows on a line of its own, instead of pushing all others to the right. */
const widestCell = 70;

/** A scorecard as text, for a terminal: one row a promise below its drill, what was not begun, and the counts last. */
export function formatScorecard(card: Scorecard): string {
  const table = formatTable([['promise', 'measured', 'outcome'], ...card.drills.flatMap(rowsOf)], 3);
  const [head = '', ...lines] = table;
  const rest = card.drills.flatMap(longCellsOf);
  return [
    head,
    ...lines.flatMap((line, at) => [line, ...(rest[at] ?? [])]),
    '',
    ...card.notBegun.map((name) => `not begun: ${name}`),
    ...(card.stopped === undefined ? [] : [`STOPPED, for a fault is left: ${printableLine(card.stopped)}`]),
    summaryOf(card),
  ].join('\n');
}

/** The last line of a card: `kept 21, missed 0, not measurable here 2`. */
export function summaryOf({ counts, interrupted }: Scorecard): string {
  const { kept, missed, notMeasurable } = counts;
  const end = interrupted ? ' (interrupted)' : '';
  return `kept ${kept}, missed ${missed}, not measurable here ${notMeasurable}${end}`;
}

/** Long times in the unit that people think in. */
export function formatMs(ms: DrillReport['durationMs']): string {
  return ms < 10_000 ? `${ms.toLocaleString('en')} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

function rowsOf({ name, durationMs, rows }: DrillReport): string[][] {
  const cells = rows.map((row) => [
    `  ${printableLine(row.promise, widestCell)}`,
    printableLine(row.measured, widestCell),
    outcomeWords[row.outcome],
  ]);
  return [[`${name}  ${formatMs(durationMs)}`, '', ''], ...cells];
}

/** In the order of `rowsOf`. */
function longCellsOf({ rows }: DrillReport): string[][] {
  return [[], ...rows.map(longCells)];
}

function longCells({ promise, measured }: ScoreRow): string[] {
  return [promise, measured]
    .map((cell) => printableLine(cell))
    .filter((cell) => cell.length > widestCell)
    .map((cell) => `    → ${cell}`);
}
