import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema';
import { encryptedContacts } from '../encrypted-contacts';

/** What an address is found by: more than one index while keys are rotated. */
export async function indexesOf(email: string, tenantId: string): Promise<readonly string[]> {
  return (await encryptedContacts.find('email', email, { tenantId })).values;
}

/** Those of the indexes that a contact of the workspace has. */
export async function takenOf(
  transaction: Kysely<Schema>,
  indexes: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await transaction
    .selectFrom('contacts')
    .select('email_index')
    .where('email_index', 'in', indexes)
    .execute();
  return new Set(rows.flatMap(({ email_index }) => email_index ?? []));
}
