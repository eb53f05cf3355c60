import { CryptoError } from '../errors';
import type { PgPoolLike, PgQueryable } from '../pg/pg-types';
import { stateOf, withClient } from '../pg/with-client';

/** Asks the tables of secrets. @throws CryptoError `UNITE_CRYPTO_SECRETS_UNAVAILABLE` */
export async function withSecrets<Result>(
  pool: PgPoolLike,
  timeoutMs: number,
  work: (client: PgQueryable) => Promise<Result>,
): Promise<Result> {
  try {
    return await withClient(pool, timeoutMs, work);
  } catch (cause) {
    const state = stateOf(cause);
    if (state === undefined) {
      throw new CryptoError('UNITE_CRYPTO_SECRETS_UNAVAILABLE', 'The tables of secrets cannot be asked', {
        cause,
      });
    }
    // What the server says of a statement may quote its row.
    throw new CryptoError(
      'UNITE_CRYPTO_SECRETS_UNAVAILABLE',
      state === '42P01' || state === '42703'
        ? 'The tables of secrets are missing or of another version: run the SQL of secretsSql()'
        : `PostgreSQL refuses: ${state}`,
    );
  }
}
