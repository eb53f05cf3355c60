import { cached } from '../cache/cached';
import { requireSession } from '../current-session';
import { customFieldsOf } from '../custom-fields/custom-field-tags';
import { read } from '../database/unit-of-work';
import { problems } from '../unite';
import type { Contact } from './contact-types';
import { contactFromRow, type Readable, readableBy } from './rows';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** @throws ProblemError `contact-not-found`, also for a contact of another workspace */
export async function getContact(id: string): Promise<Contact> {
  const { tenantId, role } = requireSession();
  return profiles.get({ tenantId, id: contactId(id), ...readableBy(role) });
}

/**
 * The id as the database spells it.
 *
 * @throws ProblemError `contact-not-found` for what cannot be one
 */
export function contactId(text: string): string {
  if (!uuid.test(text)) throw contactNotFound();
  return text.toLowerCase();
}

export function contactNotFound(): Error {
  return problems.error('contact-not-found', { detail: 'This workspace has no contact with that id.' });
}

interface ProfileQuery extends Readable {
  readonly tenantId: string;
  readonly id: string;
}

const profiles = cached('contact', {
  scope: 'tenant',
  key: ({ id, mayReadEmail, mayReadPhone }: ProfileQuery) => [id, mayReadEmail, mayReadPhone],
  tags: ({ id, tenantId }) => [`contact:${id}`, customFieldsOf(tenantId)],
  memoryTtlMs: 60_000,
  remoteTtlMs: 5 * 60_000,
  load: async ({ id, ...readable }) => {
    const row = await read((transaction) =>
      transaction.selectFrom('contacts').selectAll().where('id', '=', id).executeTakeFirst(),
    );
    // What is not there is not kept: it may come at any moment.
    if (!row) throw contactNotFound();
    return contactFromRow(row, readable);
  },
});
