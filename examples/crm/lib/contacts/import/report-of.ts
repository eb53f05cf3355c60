import type { CheckedRow } from './check-rows';
import type { ImportReport, RowError, RowOutcome, RowReport } from './import-types';
import type { CsvFile } from './read-csv';
import { rejectedCsv } from './rejected-csv';

/** What became of the rows that could be saved, by their line. */
export type Outcomes = Map<number, { readonly outcome: RowOutcome; readonly why?: string }>;

/** A report of every row that was checked. */
export function reportOf(
  file: CsvFile,
  checked: readonly CheckedRow[],
  outcomes: Outcomes,
  { dryRun, ignoredColumns }: Pick<ImportReport, 'dryRun' | 'ignoredColumns'>,
): ImportReport {
  const rows = checked.map((row) => rowReport(row, outcomes));
  const counts = { ready: 0, created: 0, exists: 0, 'no-room': 0, error: 0 };
  for (const { outcome } of rows) counts[outcome] += 1;
  const rejected = checked.flatMap((row, at) => {
    const report = rows[at];
    if (!report || (report.outcome !== 'error' && report.outcome !== 'no-room')) return [];
    return [{ row, why: report.errors.map(sentenceOf).join('; ') }];
  });
  return { dryRun, counts, rows, ignoredColumns, rejected: rejectedCsv(file, rejected) };
}

function rowReport({ line, errors, sameAsLine }: CheckedRow, outcomes: Outcomes): RowReport {
  if (errors.length > 0) return { line, outcome: 'error', errors };
  if (sameAsLine !== undefined) return said('exists', `The same address as in line ${sameAsLine}`);
  const { outcome, why } = outcomes.get(line) ?? { outcome: 'error', why: 'Not saved' };
  if (outcome === 'exists') return said(outcome, 'A contact has this address already');
  if (outcome === 'no-room') return said(outcome, 'The plan has no place left');
  return why === undefined ? { line, outcome, errors: [] } : said(outcome, why);

  function said(as: RowOutcome, message: string): RowReport {
    return { line, outcome: as, errors: [{ column: '', message, said: '' }] };
  }
}

function sentenceOf({ column, message }: RowError): string {
  return column === '' ? message : `${column}: ${message}`;
}
