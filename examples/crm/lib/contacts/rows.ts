import type { Selectable } from 'kysely';
import type { Schema } from '../database/schema';
import { type Role, roleAllows } from '../roles';
import type { Contact } from './contact-types';
import { encryptedContacts } from './encrypted-contacts';

type ContactRow = Selectable<Schema['contacts']>;

/** Which of the encrypted columns somebody may read; part of the key of whatever is cached for them. */
export interface Readable {
  readonly mayReadEmail: boolean;
  readonly mayReadPhone: boolean;
}

export function readableBy(role: Role): Readable {
  return {
    mayReadEmail: roleAllows(role, 'decrypt contacts.email'),
    mayReadPhone: roleAllows(role, 'decrypt contacts.phone'),
  };
}

/** Rows as somebody may see them: what a role may not read is not decrypted. */
export async function contactsFromRows(
  rows: readonly ContactRow[],
  { mayReadEmail, mayReadPhone }: Readable,
): Promise<Contact[]> {
  const readable = rows.map((row) => ({
    ...row,
    email: mayReadEmail ? row.email : null,
    phone: mayReadPhone ? row.phone : null,
  }));
  const decrypted = await encryptedContacts.decryptAll(readable);
  return decrypted.map((row) => ({
    id: row.id,
    email: row.email,
    name: row.name,
    company: row.company,
    jobTitle: row.job_title,
    phone: mayReadPhone ? (row.phone ?? '') : null,
    stage: row.stage,
    notes: row.notes,
    score: row.score,
    custom: row.custom,
    version: row.version,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }));
}

export async function contactFromRow(row: ContactRow, readable: Readable): Promise<Contact> {
  const [contact] = await contactsFromRows([row], readable);
  return contact as Contact;
}
