import { setImmediate as nextTurn } from 'node:timers/promises';
import { apm } from '../../apm';
import { requirePermission } from '../../current-session';
import { listFields } from '../../custom-fields/list-fields';
import { countRows } from '../../database/count-rows';
import { read } from '../../database/unit-of-work';
import { requestFacts } from '../../request-facts';
import type { Session } from '../../session';
import { cache, problems, quota } from '../../unite';
import type { NewContact } from '../contact';
import { contactsOf } from '../contact-tags';
import { hotLeadsOf } from '../hot-leads';
import { type CheckedRow, checkRows } from './check-rows';
import type { ImportBody } from './import-body';
import type { ImportReport } from './import-types';
import { mapColumns } from './map-columns';
import { readCsv } from './read-csv';
import { type Outcomes, reportOf } from './report-of';
import { saveBatch } from './save-batch';
import { indexesOf, takenOf } from './taken-addresses';

const rowsPerBatch = 200;

type ReadyRow = CheckedRow & { readonly contact: NewContact };

/**
 * Saves the rows of a CSV file that can be saved, in transactions of 200, and says of every row what became of it.
 *
 * @param idempotencyKey repeated with the same file, it saves what is missing, and answers the same
 * @throws ProblemError where the file as a whole cannot be read, or the database not be reached; nothing is saved then
 */
export async function importContacts(
  { csv, dryRun }: ImportBody,
  idempotencyKey?: string,
): Promise<ImportReport> {
  const session = requirePermission('write contacts');
  const fields = await listFields();
  const file = readCsv(csv);
  const columns = mapColumns(file.headings, fields);
  const checked = checkRows(file, columns, fields);
  const ready = checked.filter((row): row is ReadyRow => row.contact !== undefined);
  const batches = Array.from({ length: Math.ceil(ready.length / rowsPerBatch) }, (_, at) =>
    ready.slice(at * rowsPerBatch, (at + 1) * rowsPerBatch),
  );
  const outcomes = dryRun ? await foresee(batches, session) : await save(batches, session, idempotencyKey);
  return reportOf(file, checked, outcomes, { dryRun, ignoredColumns: columns.ignored });
}

/** What saving would do, as things are now. */
async function foresee(batches: readonly ReadyRow[][], { tenantId }: Session): Promise<Outcomes> {
  const outcomes: Outcomes = new Map();
  const current = await read((transaction) => countRows(transaction, 'contacts'));
  const { remaining } = await quota.checkResource('contacts', { current, adding: 0 });
  let room = remaining ?? Number.POSITIVE_INFINITY;
  for (const batch of batches) {
    const indexes = await Promise.all(batch.map(({ contact }) => indexesOf(contact.email, tenantId)));
    const taken = await read((transaction) => takenOf(transaction, indexes.flat()));
    for (const [at, { line }] of batch.entries()) {
      const isTaken = indexes[at]?.some((index) => taken.has(index));
      outcomes.set(line, { outcome: isTaken ? 'exists' : room-- > 0 ? 'ready' : 'no-room' });
    }
    await nextTurn();
  }
  return outcomes;
}

async function save(
  batches: readonly ReadyRow[][],
  session: Session,
  idempotencyKey: string | undefined,
): Promise<Outcomes> {
  const facts = requestFacts();
  if (facts) facts.changes = true;
  const { tenantId, plan } = session;
  const outcomes = await cache.write(() => saveAll(batches, session, idempotencyKey), {
    invalidates: [contactsOf(tenantId), hotLeadsOf(tenantId)],
  });
  const created = [...outcomes.values()].filter(({ outcome }) => outcome === 'created').length;
  if (created > 0) apm.count('contacts_created', created, { plan });
  return outcomes;
}

/** One batch after the other. Where one fails, those before it are saved, and it and those after it are told apart. */
async function saveAll(
  batches: readonly ReadyRow[][],
  session: Session,
  idempotencyKey: string | undefined,
): Promise<Outcomes> {
  const outcomes: Outcomes = new Map();
  for (const [index, batch] of batches.entries()) {
    const key = idempotencyKey && `import:${index}:${idempotencyKey}`;
    try {
      const contacts = batch.map(({ contact }) => contact);
      const saved = await saveBatch(contacts, session, key);
      for (const [at, { line }] of batch.entries()) outcomes.set(line, { outcome: saved[at] ?? 'error' });
    } catch (error) {
      const { status, detail, title } = problems.toJSON(error);
      // Nothing is saved yet, or it is a mistake of ours.
      if (index === 0 || status === 500) throw error;
      const why = `Not saved: ${detail ?? title}`;
      for (const { line } of batches.slice(index).flat()) outcomes.set(line, { outcome: 'error', why });
      return outcomes;
    }
    await nextTurn();
  }
  return outcomes;
}
