import type { CustomField } from '../../custom-fields/custom-field-types';
import { invalidFile } from './invalid-file';

/** Which cell of a row is which field of a contact, such as `jobTitle` or `custom.f_3b9ac1d20e47`. */
export interface Columns {
  readonly at: ReadonlyMap<string, number>;
  readonly ignored: readonly string[];
}

const maxColumns = 1_000;

/** As this application writes them, and as others often do. */
const standard: Readonly<Record<string, string>> = {
  email: 'email',
  'e-mail': 'email',
  'email address': 'email',
  'e-mail address': 'email',
  name: 'name',
  'full name': 'name',
  company: 'company',
  organisation: 'company',
  organization: 'company',
  title: 'jobTitle',
  'job title': 'jobTitle',
  jobtitle: 'jobTitle',
  phone: 'phone',
  'phone number': 'phone',
  stage: 'stage',
  score: 'score',
  notes: 'notes',
};

/** Written by an import into the rows that it gives back. */
export const errorHeading = 'error';

/**
 * Finds the fields by their headings, whatever their case; custom fields by their label or id.
 *
 * @throws ProblemError `validation` without a column of addresses, or with two of the same field
 */
export function mapColumns(headings: readonly string[], fields: readonly CustomField[]): Columns {
  if (headings.length > maxColumns) throw invalidFile(`At most ${maxColumns.toLocaleString('en')} columns`);
  const known = new Map(Object.entries(standard));
  for (const { id, label } of fields) {
    known.set(id, `custom.${id}`);
    known.set(label.toLowerCase(), `custom.${id}`);
  }
  const at = new Map<string, number>();
  const ignored: string[] = [];
  for (const [index, heading] of headings.entries()) {
    const field = known.get(heading.toLowerCase());
    if (field === undefined) {
      if (heading !== '' && heading.toLowerCase() !== errorHeading) ignored.push(heading.slice(0, 80));
    } else if (at.has(field)) throw invalidFile(`Two columns are the same: ${heading}`);
    else at.set(field, index);
  }
  if (!at.has('email')) throw invalidFile('No column is named Email');
  return { at, ignored };
}
