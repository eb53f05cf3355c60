import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { contactsOf } from '../contacts/contact-tags';
import { requirePermission } from '../current-session';
import { claimPlace } from '../database/claim-place';
import { uniqueViolation } from '../database/unique-violation';
import { write } from '../database/unit-of-work';
import { requestFacts } from '../request-facts';
import { cache, problems } from '../unite';
import type { NewCustomField } from './custom-field';
import { customFieldsOf } from './custom-field-tags';
import type { CustomField } from './custom-field-types';

/**
 * @throws QuotaError when the plan allows no more fields
 * @throws ProblemError `custom-field-exists` when the label is taken
 */
export async function createField(field: NewCustomField): Promise<CustomField> {
  const { tenantId } = requirePermission('write custom-fields');
  const id = `f_${randomBytes(6).toString('hex')}`;
  return changing(tenantId, () =>
    write(async (transaction) => {
      await claimPlace(transaction, 'customFields');
      return transaction
        .insertInto('custom_fields')
        .values({ id, tenant_id: tenantId, ...field })
        .returning(['id', 'label', 'kind', 'options'])
        .executeTakeFirstOrThrow();
    }).catch((error: unknown) => {
      throw uniqueViolation(error) === 'custom_fields_label_once' ? fieldExists(error) : error;
    }),
  );
}

/**
 * Deletes the field with every contact's value, which is a change of those contacts.
 *
 * @throws ProblemError `custom-field-not-found`
 */
export async function deleteField(id: string): Promise<void> {
  const { tenantId } = requirePermission('write custom-fields');
  if (!/^f_[0-9a-f]{12}$/.test(id)) throw fieldNotFound();
  await changing(tenantId, () =>
    write(async (transaction) => {
      // First, so that nobody saves another value: who does holds the field.
      const deleted = await transaction
        .deleteFrom('custom_fields')
        .where('id', '=', id)
        .returning('id')
        .executeTakeFirst();
      if (!deleted) throw fieldNotFound();
      await transaction
        .updateTable('contacts')
        .set({ custom: sql`custom - ${id}::text`, version: sql`version + 1` })
        .where(sql<boolean>`jsonb_exists(custom, ${id})`)
        .execute();
    }),
  );
}

/** Contacts show the values, so they are read anew too. */
function changing<Result>(tenantId: string, change: () => Promise<Result>): Promise<Result> {
  const facts = requestFacts();
  if (facts) facts.changes = true;
  return cache.write(change, { invalidates: [customFieldsOf(tenantId), contactsOf(tenantId)] });
}

function fieldExists(cause: unknown): Error {
  return problems.error('custom-field-exists', {
    detail: 'This workspace has a field with that label.',
    errors: [{ field: 'label', message: 'Already used by another field' }],
    cause,
  });
}

function fieldNotFound(): Error {
  return problems.error('custom-field-not-found', { detail: 'This workspace has no field with that id.' });
}
