import { systemClock } from '@unite/shared';
import { CryptoError } from '../errors';
import type { PgQueryable } from '../pg/pg-types';
import { stateOf, withClient } from '../pg/with-client';
import { checkSweepOptions } from './check-sweep-options';
import { defaultProgressTable } from './progress';
import { SweepRun } from './sweep-run';
import type { Sweep, SweepOptions } from './sweep-types';
import { watched } from './watched';

/**
 * Brings a table to the tenants' primary keys, while it is in use: what is under a previous key is encrypted again,
 * plaintext is encrypted where its column is declared with `plaintext: { until }`, and blind indexes that are missing
 * are filled in. Rows that are current are not sent, rows that somebody writes meanwhile are not written over, and
 * rows that cannot be decrypted are listed and left.
 *
 * Progress is kept in a table, which `sweepSql()` makes, in the transaction of the rows that it is of: a run that was
 * killed goes on where it was. When all rows were looked at, it looks again until a round finds none that is stale.
 *
 * **Around it:** other processes ask for keys again after `keyCache.ttlMs` (5 minutes), or later where they cannot be
 * asked for (`staleMs`). Until then they do not search under a new key, which therefore waits (`activeAfterMs`); and
 * sweep after that; and they write under the previous one, so `vault.keys.retire` it only after a run has resolved to
 * `complete` that began later.
 *
 * A table needs an index that begins with the tenant and goes on with the primary key; without one, each batch sorts
 * all rows of the tenant. PgBouncer must lend the connection for its session.
 *
 * @throws TypeError
 * @example
 * await vault.keys.rotate('acme'); // and 5 minutes later, when it encrypts
 * const report = await createSweep({ pool, vault, table: contacts, rowsPerSecond: 2_000 }).run();
 * if (!report.complete) console.error(report.failedRows);
 */
export function createSweep(options: SweepOptions): Sweep {
  checkSweepOptions(options);
  const { pool, table, timeoutMs = 30_000, clock = systemClock } = options;
  const { batchRows = 500, rowsPerSecond = Infinity, progressTable = defaultProgressTable } = options;
  const settings = {
    vault: options.vault,
    table,
    tenants: options.tenants,
    // No more at once than in a second.
    batchRows: Math.max(1, Math.min(batchRows, Math.floor(rowsPerSecond))),
    rowsPerSecond,
    progressTable,
    clock,
  };
  return {
    async run(runOptions = {}) {
      try {
        return await withClient(pool, timeoutMs, (client) =>
          locked(client, table.table, () =>
            watched(client, () => new SweepRun(client, settings, runOptions).run()),
          ),
        );
      } catch (error) {
        throw sweepError(error, progressTable);
      }
    },
  };
}

/** The lock is of the session, and ends with a process that is killed. */
async function locked<Result>(
  client: PgQueryable,
  table: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const key = [`unite.crypto.sweep:${table}`];
  const { rows } = await client.query('SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS taken', key);
  if (!(rows as { taken: boolean }[])[0]?.taken) {
    throw new CryptoError('UNITE_CRYPTO_SWEEP_RUNNING', `Another sweep of ${table} is under way`);
  }
  try {
    return await work();
  } finally {
    // Where this fails, the connection is closed, and the lock with it.
    await client
      .query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', key)
      .catch((): undefined => undefined);
  }
}

function sweepError(cause: unknown, progressTable: string): CryptoError {
  if (CryptoError.isInstance(cause)) return hinted(cause);
  const message =
    stateOf(cause) === '42P01'
      ? `The sweep cannot run: there is no table ${progressTable}; make it by the SQL of sweepSql()`
      : `The sweep ended early, and the next goes on from there: ${cause instanceof Error ? cause.message : 'no error'}`;
  return new CryptoError('UNITE_CRYPTO_SWEEP_FAILED', message, { cause });
}

/** A key store that waits for the connection that the sweep holds says no more than that it got no answer. */
function hinted(error: CryptoError): CryptoError {
  if (error.code !== 'UNITE_CRYPTO_KEYS_UNAVAILABLE') return error;
  const hint = 'The sweep holds one connection of its pool: a key store on the same pool needs another';
  return new CryptoError(error.code, `${error.message}. ${hint}`, { cause: error });
}
