import { QuotaError } from '../errors';
import type { ResourceTransaction } from '../types';

interface Place {
  readonly isolation: string;
  /** The same in all of a transaction. */
  readonly began: string;
  readonly backend: string;
}

const place = `current_setting('transaction_isolation') AS isolation, now()::text AS began, pg_backend_pid()::text AS backend`;

/**
 * Has this transaction alone count and add what `key` names, until it ends. Waits for those before it as long as the
 * transaction's `lock_timeout` lets it.
 *
 * @throws QuotaError `UNITE_QUOTA_ISOLATION_UNSUITABLE` for another isolation than read committed, whose counts would
 * be those from before the lock, and outside a transaction, where the lock ends at once
 */
export async function lockResource(transaction: ResourceTransaction, key: string): Promise<void> {
  const before = await ask(transaction, `SELECT ${place}`, []);
  if (before.isolation !== 'read committed')
    throw unsuitable(
      `The transaction must be read committed to count a resource, and is ${before.isolation}`,
    );
  const lock = `SELECT ${place}, pg_advisory_xact_lock(hashtextextended($1, 0)) IS NULL AS locked`;
  const after = await ask(transaction, lock, [`unite.quota.resource:${key}`]);
  if (after.began !== before.began || after.backend !== before.backend)
    throw unsuitable(
      'A resource must be claimed in a transaction: its lock would end before anything is added',
    );
}

async function ask(
  transaction: ResourceTransaction,
  text: string,
  values: readonly unknown[],
): Promise<Place> {
  const { rows } = await transaction.query(text, values);
  return rows[0] as Place;
}

function unsuitable(message: string): QuotaError {
  return new QuotaError('UNITE_QUOTA_ISOLATION_UNSUITABLE', message);
}
