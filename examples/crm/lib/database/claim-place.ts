import type { ResourceDecision, ResourceTransaction } from '@unite/quota';
import { CompiledQuery, type Kysely } from 'kysely';
import { quota } from '../unite';
import { countRows } from './count-rows';
import type { Schema } from './schema';

const tables = { contacts: 'contacts', campaigns: 'campaigns', customFields: 'custom_fields' } as const;

type Resource = keyof typeof tables;

/**
 * Takes a place for one more, in the transaction that adds it: who comes at the same time waits until this one has
 * ended, and counts it.
 *
 * @throws QuotaError `UNITE_QUOTA_EXCEEDED`, which is answered as `quota-exceeded`
 */
export async function claimPlace(transaction: Kysely<Schema>, of: Resource): Promise<void> {
  await claim(transaction, of, 1);
}

/**
 * How many more there may be, which nobody else takes before the transaction has ended.
 *
 * @returns `Infinity` where the plan has no limit
 */
export async function claimRoom(transaction: Kysely<Schema>, of: Resource): Promise<number> {
  const { remaining } = await claim(transaction, of, 0);
  return remaining ?? Number.POSITIVE_INFINITY;
}

function claim(transaction: Kysely<Schema>, of: Resource, adding: number): Promise<ResourceDecision> {
  const queries: ResourceTransaction = {
    query: (text, values) => transaction.executeQuery(CompiledQuery.raw(text, [...values])),
  };
  return quota.claimResource(queries, of, { adding, count: () => countRows(transaction, tables[of]) });
}
