import type { ResourceTransaction } from '@unite/quota';
import { CompiledQuery, type Kysely } from 'kysely';
import { quota } from '../unite';
import { countRows } from './count-rows';
import type { Schema } from './schema';

const tables = { contacts: 'contacts', campaigns: 'campaigns', customFields: 'custom_fields' } as const;

/**
 * Takes a place for one more, in the transaction that adds it: who comes at the same time waits until this one has
 * ended, and counts it.
 *
 * @throws QuotaError `UNITE_QUOTA_EXCEEDED`, which is answered as `quota-exceeded`
 */
export async function claimPlace(transaction: Kysely<Schema>, of: keyof typeof tables): Promise<void> {
  const queries: ResourceTransaction = {
    query: (text, values) => transaction.executeQuery(CompiledQuery.raw(text, [...values])),
  };
  await quota.claimResource(queries, of, { count: () => countRows(transaction, tables[of]) });
}
