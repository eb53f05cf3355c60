import { createHash, randomUUID } from 'node:crypto';
import type { Updateable } from 'kysely';
import { requirePermission, requireSession } from '../current-session';
import type { Schema } from '../database/schema';
import { uniqueViolation } from '../database/unique-violation';
import { read, write } from '../database/unit-of-work';
import { problems } from '../unite';
import type { ContactChanges, NewContact } from './contact';
import type { Contact } from './contact-types';
import { contactFromRow } from './rows';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** @throws ProblemError `contact-not-found`, also for a contact of another workspace */
export async function getContact(id: string): Promise<Contact> {
  const session = requireSession();
  if (!uuid.test(id)) throw notFound();
  const row = await read((transaction) =>
    transaction.selectFrom('contacts').selectAll().where('id', '=', id).executeTakeFirst(),
  );
  if (!row) throw notFound();
  return contactFromRow(row, session);
}

/**
 * @param idempotencyKey repeated with the same contact, it gives the one that was made the first time
 * @throws ProblemError `contact-exists` when the address is taken; `idempotency-key-reused` when the key came
 *   with another contact
 */
export async function createContact(contact: NewContact, idempotencyKey?: string): Promise<Contact> {
  const session = requirePermission('contacts.write');
  const { jobTitle, ...fields } = contact;
  const fingerprint = createHash('sha256').update(JSON.stringify(contact)).digest('base64url');
  let created: Contact | undefined;
  const made = await namingConflicts(
    write(
      async (transaction) => {
        const row = await transaction
          .insertInto('contacts')
          .values({ id: randomUUID(), tenant_id: session.tenantId, job_title: jobTitle, ...fields })
          .returningAll()
          .executeTakeFirstOrThrow();
        created = contactFromRow(row, session);
        // Kept with the key, where no row-level security reaches: nothing about the person.
        return { id: row.id, fingerprint };
      },
      { idempotencyKey: idempotencyKey && `contact:${idempotencyKey}` },
    ),
  );
  if (made.fingerprint !== fingerprint) {
    throw problems.error('idempotency-key-reused', {
      detail: 'This Idempotency-Key has made another contact before. Nothing was saved now.',
    });
  }
  return created?.id === made.id ? created : getContact(made.id);
}

/**
 * Saves what is given and leaves the rest.
 *
 * @throws ProblemError `contact-changed` when `version` is given and somebody has saved since
 */
export async function updateContact(
  id: string,
  { version, jobTitle, ...fields }: ContactChanges,
): Promise<Contact> {
  const session = requirePermission('contacts.write');
  if (!uuid.test(id)) throw notFound();
  const row = await namingConflicts(
    write(async (transaction) => {
      const current = await transaction
        .selectFrom('contacts')
        .select('version')
        .where('id', '=', id)
        .forUpdate()
        .executeTakeFirst();
      if (!current) throw notFound();
      if (version !== undefined && version !== current.version) {
        throw problems.error('contact-changed', {
          detail: 'Somebody else saved this contact after you opened it. Nothing of theirs was overwritten.',
          extensions: { currentVersion: current.version },
        });
      }
      const changes: Updateable<Schema['contacts']> = {
        ...fields,
        ...(jobTitle !== undefined && { job_title: jobTitle }),
      };
      return transaction
        .updateTable('contacts')
        .set({ ...changes, version: current.version + 1, updated_at: new Date() })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirstOrThrow();
    }),
  );
  return contactFromRow(row, session);
}

/** @throws ProblemError `contact-not-found` */
export async function deleteContact(id: string): Promise<void> {
  requirePermission('contacts.write');
  if (!uuid.test(id)) throw notFound();
  const { numDeletedRows } = await write((transaction) =>
    transaction.deleteFrom('contacts').where('id', '=', id).executeTakeFirstOrThrow(),
  );
  if (numDeletedRows === 0n) throw notFound();
}

function notFound(): Error {
  return problems.error('contact-not-found', { detail: 'This workspace has no contact with that id.' });
}

async function namingConflicts<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (uniqueViolation(error) !== 'contacts_email_once') throw error;
    throw problems.error('contact-exists', {
      detail: 'Another contact of this workspace has this e-mail address.',
      errors: [{ field: 'email', message: 'Already used by another contact' }],
      cause: error,
    });
  }
}
