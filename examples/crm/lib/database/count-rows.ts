import type { Kysely } from 'kysely';
import type { Schema } from './schema';

/** How many there are in the workspace that the transaction names. */
export async function countRows(
  transaction: Kysely<Schema>,
  table: 'contacts' | 'campaigns' | 'custom_fields',
): Promise<number> {
  const { count } = await transaction
    .selectFrom(table)
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}
