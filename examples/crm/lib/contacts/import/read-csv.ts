import { CsvError, parse } from 'csv-parse/sync';
import { problems } from '../../unite';
import { maxImportBytes, maxImportRows } from './import-types';
import { invalidFile } from './invalid-file';

export interface CsvRow {
  /** Where it begins; the first line is 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

export interface CsvFile {
  readonly headings: readonly string[];
  readonly rows: readonly CsvRow[];
}

/**
 * A file's headings and rows. Separated by whichever of comma, semicolon and tab the first line has most of; lines
 * without anything are no rows.
 *
 * @throws ProblemError 413 for what is too long; `validation` for what has no end of a quote, or nothing in it
 */
export function readCsv(csv: string): CsvFile {
  const bytes = Buffer.byteLength(csv);
  if (bytes > maxImportBytes) throw tooLong(`${maxImportBytes / 1_000_000} MB`);
  const records = recordsOf(csv.replace(/\r\n?/g, '\n'));
  const [header, ...rows] = records;
  if (!header || rows.length === 0) throw invalidFile('Needs a line of headings, and rows under it');
  if (rows.length > maxImportRows) throw tooLong(`${maxImportRows.toLocaleString('en')} rows`);
  return { headings: header.cells.map((heading) => heading.trim()), rows };
}

function recordsOf(text: string): CsvRow[] {
  const records: CsvRow[] = [];
  try {
    parse(text, {
      bom: true,
      delimiter: delimiterOf(text),
      record_delimiter: '\n',
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      // One more than may be, to know that there is one.
      to: maxImportRows + 2,
      on_record: (cells: string[], { lines }) => {
        records.push({ line: lines - newlinesIn(cells), cells });
        return cells;
      },
    });
    return records;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw invalidFile(`Cannot be read as CSV from line ${error.lines ?? 1} on: is a quote not closed?`);
  }
}

function delimiterOf(text: string): string {
  const [firstLine = ''] = text.trimStart().split('\n', 1);
  const countOf = (delimiter: string) => firstLine.split(delimiter).length;
  return [',', ';', '\t'].reduce((best, each) => (countOf(each) > countOf(best) ? each : best));
}

function newlinesIn(cells: readonly string[]): number {
  return cells.reduce((count, cell) => count + cell.split('\n').length - 1, 0);
}

function tooLong(limit: string): Error {
  return problems.error(413, { detail: `One import may have ${limit} at most. Nothing was saved.` });
}
