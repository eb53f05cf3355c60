import { cached } from '../cache/cached';
import { requireSession } from '../current-session';
import { read } from '../database/unit-of-work';
import { roleAllows } from '../roles';
import { problems } from '../unite';
import type { Contact } from './contact-types';
import { contactFromRow } from './rows';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** @throws ProblemError `contact-not-found`, also for a contact of another workspace */
export async function getContact(id: string): Promise<Contact> {
  const { role } = requireSession();
  return profiles.get({ id: contactId(id), mayReadEmail: roleAllows(role, 'contacts.readEmail') });
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

const profiles = cached('contact', {
  scope: 'tenant',
  key: ({ id, mayReadEmail }: { readonly id: string; readonly mayReadEmail: boolean }) => [id, mayReadEmail],
  tags: ({ id }) => [`contact:${id}`],
  memoryTtlMs: 60_000,
  remoteTtlMs: 5 * 60_000,
  load: async ({ id, mayReadEmail }) => {
    const row = await read((transaction) =>
      transaction.selectFrom('contacts').selectAll().where('id', '=', id).executeTakeFirst(),
    );
    // What is not there is not kept: it may come at any moment.
    if (!row) throw contactNotFound();
    return contactFromRow(row, mayReadEmail);
  },
});
