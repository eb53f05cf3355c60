import { createHash, randomUUID } from 'node:crypto';
import { type Kysely, type Selectable, sql } from 'kysely';
import { apm } from '../apm';
import { requirePermission } from '../current-session';
import { presentValues } from '../custom-fields/custom-values';
import { holdFields } from '../custom-fields/hold-fields';
import { claimPlace } from '../database/claim-place';
import type { Schema } from '../database/schema';
import { uniqueViolation } from '../database/unique-violation';
import { write } from '../database/unit-of-work';
import { requestFacts } from '../request-facts';
import { cache, problems } from '../unite';
import type { ContactChanges, NewContact } from './contact';
import { contactTags } from './contact-tags';
import type { Contact } from './contact-types';
import { encryptedContacts } from './encrypted-contacts';
import { contactId, contactNotFound, getContact } from './get-contact';
import { hotLeadsOf, refreshHotLeads } from './hot-leads';
import { contactFromRow, readableBy } from './rows';

type ContactRow = Selectable<Schema['contacts']>;

/**
 * @param idempotencyKey repeated with the same contact, it gives the one that was made the first time
 * @throws QuotaError when the plan allows no more contacts
 * @throws ProblemError `contact-exists` when the address is taken; `idempotency-key-reused` when the key came
 *   with another contact
 */
export async function createContact(contact: NewContact, idempotencyKey?: string): Promise<Contact> {
  const { tenantId, role, plan } = requirePermission('write contacts');
  const { jobTitle, phone, custom, ...fields } = contact;
  const fingerprint = createHash('sha256').update(JSON.stringify(contact)).digest('base64url');
  const id = randomUUID();
  // Before the transaction: it would wait for keys while others wait for its connection.
  const values = await encryptedContacts.encrypt({
    id,
    tenant_id: tenantId,
    job_title: jobTitle,
    phone: phone || null,
    custom: presentValues(custom),
    ...fields,
  });
  const taken = await encryptedContacts.find('email', contact.email, { tenantId });
  let created: ContactRow | undefined;
  // A repeated request makes nothing, and still tells the cache: the first one may have ended before it could.
  const made = await changing({ id, tenantId }, async () => {
    const result = await namingConflicts(
      write(
        async (transaction) => {
          await claimPlace(transaction, 'contacts');
          await refuseTaken(transaction, taken.values, id);
          await holdFields(transaction, custom);
          created = await transaction
            .insertInto('contacts')
            .values(values)
            .returningAll()
            .executeTakeFirstOrThrow();
          // Kept with the key, where no row-level security reaches: nothing about the person.
          return { id, fingerprint };
        },
        { idempotencyKey: idempotencyKey && `contact:${idempotencyKey}` },
      ),
    );
    return { result, scores: [contact.score] };
  });
  if (made.fingerprint !== fingerprint) {
    throw problems.error('idempotency-key-reused', {
      detail: 'This Idempotency-Key has made another contact before. Nothing was saved now.',
    });
  }
  if (!created || made.id !== id) return getContact(made.id);
  apm.count('contacts_created', 1, { plan });
  return contactFromRow(created, readableBy(role));
}

/**
 * Saves what is given and leaves the rest.
 *
 * @throws ProblemError `contact-changed` when `version` is given and somebody has saved since
 */
export async function updateContact(
  givenId: string,
  { version, jobTitle, phone, custom = {}, ...fields }: ContactChanges,
): Promise<Contact> {
  const { tenantId, role } = requirePermission('write contacts');
  const id = contactId(givenId);
  const {
    id: _,
    tenant_id,
    ...changes
  } = await encryptedContacts.encrypt({
    id,
    tenant_id: tenantId,
    ...fields,
    ...(jobTitle !== undefined && { job_title: jobTitle }),
    ...(phone !== undefined && { phone: phone || null }),
  });
  const taken =
    fields.email === undefined
      ? []
      : (await encryptedContacts.find('email', fields.email, { tenantId })).values;
  return changing({ id, tenantId }, async () => {
    const { row, scoreBefore } = await namingConflicts(
      write(async (transaction) => {
        // Before the contact: who deletes a field takes them in this order too.
        await holdFields(transaction, custom);
        const current = await transaction
          .selectFrom('contacts')
          .select(['version', 'score'])
          .where('id', '=', id)
          .forUpdate()
          .executeTakeFirst();
        if (!current) throw contactNotFound();
        if (version !== undefined && version !== current.version) {
          throw problems.error('contact-changed', {
            detail:
              'Somebody else saved this contact after you opened it. Nothing of theirs was overwritten.',
            extensions: { currentVersion: current.version },
          });
        }
        await refuseTaken(transaction, taken, id);
        const row = await transaction
          .updateTable('contacts')
          .set({
            ...changes,
            custom: sql`jsonb_strip_nulls(custom || ${JSON.stringify(custom)}::jsonb)`,
            version: current.version + 1,
            updated_at: new Date(),
          })
          .where('id', '=', id)
          .returningAll()
          .executeTakeFirstOrThrow();
        return { row, scoreBefore: current.score };
      }),
    );
    return {
      result: await contactFromRow(row, readableBy(role)),
      scores: [scoreBefore, row.score],
    };
  });
}

/** @throws ProblemError `contact-not-found` */
export async function deleteContact(givenId: string): Promise<void> {
  const { tenantId } = requirePermission('write contacts');
  const id = contactId(givenId);
  await changing({ id, tenantId }, async () => {
    const row = await write((transaction) =>
      transaction.deleteFrom('contacts').where('id', '=', id).returning('score').executeTakeFirst(),
    );
    if (!row) throw contactNotFound();
    return { result: undefined, scores: [row.score] };
  });
}

interface Changed<Result> {
  readonly result: Result;
  /** The contact's score before and after. */
  readonly scores: readonly (number | null)[];
}

/** Changes a contact and tells the cache, also where that fails: it may have taken effect all the same. */
async function changing<Result>(
  contact: { readonly id: string; readonly tenantId: string },
  change: () => Promise<Changed<Result>>,
): Promise<Result> {
  const facts = requestFacts();
  if (facts) facts.changes = true;
  const { tenantId } = contact;
  let scores: Changed<Result>['scores'] | undefined;
  const result = await cache.write(
    async () => {
      const changed = await change();
      scores = changed.scores;
      return changed.result;
    },
    { invalidates: () => [...contactTags(contact), ...(scores ? [] : [hotLeadsOf(tenantId)])] },
  );
  // The change is saved; that its effect could not be read back must not make it look refused.
  await refreshHotLeads(tenantId, scores ?? []).catch(() => cache.invalidateTags([hotLeadsOf(tenantId)]));
  return result;
}

async function namingConflicts<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (uniqueViolation(error) !== 'contacts_email_once') throw error;
    throw contactExists(error);
  }
}

/** The unique index sees who has the same index; while keys are rotated, the same address has two. */
async function refuseTaken(
  transaction: Kysely<Schema>,
  indexes: readonly string[],
  ownId: string,
): Promise<void> {
  if (indexes.length < 2) return;
  const other = await transaction
    .selectFrom('contacts')
    .select('id')
    .where('email_index', 'in', indexes)
    .where('id', '<>', ownId)
    .executeTakeFirst();
  if (other) throw contactExists();
}

function contactExists(cause?: unknown): Error {
  return problems.error('contact-exists', {
    detail: 'Another contact of this workspace has this e-mail address.',
    errors: [{ field: 'email', message: 'Already used by another contact' }],
    ...(cause !== undefined && { cause }),
  });
}
