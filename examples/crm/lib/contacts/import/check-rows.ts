import type { CustomField } from '../../custom-fields/custom-field-types';
import { type NewContact, newContact } from '../contact';
import { encryptedColumns } from '../encrypted-columns.mjs';
import type { RowError } from './import-types';
import type { Columns } from './map-columns';
import type { CsvFile, CsvRow } from './read-csv';

/** A row with what it says, or with why that cannot be. */
export interface CheckedRow extends CsvRow {
  readonly contact?: NewContact;
  readonly errors: readonly RowError[];
  /** The row above it that has the same address. */
  readonly sameAsLine?: number;
}

const maxSaid = 80;
const plainEmail = encryptedColumns.columns.email.search.normalizer;

/** Holds every row against what a contact may be, as the form does. Of the same address twice, the first one counts. */
export function checkRows(
  { headings, rows }: CsvFile,
  columns: Columns,
  fields: readonly CustomField[],
): CheckedRow[] {
  const schema = newContact(fields);
  const lineOf = new Map<string, number>();
  return rows.map((row) => {
    const { cells, line } = row;
    if (cells.slice(headings.length).some((cell) => cell.trim() !== '')) {
      const message = `Has ${cells.length} cells, and there are ${headings.length} headings`;
      return { ...row, errors: [{ column: '', message, said: shortened(cells.join(' | ')) }] };
    }
    const undecoded = headings.findIndex((_, at) => cells[at]?.includes('\ufffd'));
    if (undecoded >= 0)
      return { ...row, errors: [errorAt(undecoded, 'Is not UTF-8: save the file as such')] };
    const result = schema.safeParse(givenBy(cells, columns));
    if (!result.success) {
      const errors = result.error.issues.map(({ path, message }) =>
        errorAt(columns.at.get(path.join('.')) ?? -1, message),
      );
      return { ...row, errors };
    }
    const email = plainEmail(result.data.email);
    const sameAsLine = lineOf.get(email);
    if (sameAsLine !== undefined) return { ...row, errors: [], sameAsLine };
    lineOf.set(email, line);
    return { ...row, contact: result.data, errors: [] };

    function errorAt(at: number, message: string): RowError {
      return { column: headings[at] ?? '', message, said: shortened(cells[at] ?? '') };
    }
  });
}

/** The row as the body of a request would say it. An empty cell says nothing. */
function givenBy(cells: readonly string[], { at }: Columns): object {
  const given: Record<string, unknown> = {};
  const custom: Record<string, string> = {};
  for (const [field, index] of at) {
    const cell = plainCell(cells[index] ?? '');
    if (cell === '' && field !== 'email') continue;
    if (field.startsWith('custom.')) custom[field.slice('custom.'.length)] = cell;
    else if (field === 'score') given[field] = /^\d+$/.test(cell) ? Number(cell) : cell;
    else if (field === 'stage') given[field] = cell.toLowerCase();
    else given[field] = cell;
  }
  return { ...given, custom };
}

/** Without the apostrophe that keeps a spreadsheet from taking it for a formula. */
function plainCell(cell: string): string {
  return cell.trim().replace(/^'(?=[=+\-@])/, '');
}

function shortened(text: string): string {
  return text.length > maxSaid ? `${text.slice(0, maxSaid)}…` : text;
}
