import type { CloseOptions } from '@unite/core';
import { checkOptions, describeValue, expects, optionChecks } from '@unite/shared';
import type { LedgerEvent, LedgerSpan } from '../ledger/ledger-types';
import { apartFromRequests } from './apart-from-requests';
import { AppendQueue } from './append-queue';
import { BatchWriter } from './batch-writer';
import { checkEvent, checkKey, checkPeriod, isKey } from './check-event';
import { ledgerTables, tablePrefixCheck } from './ledger-tables';
import type { PgPoolLike, PostgresLedger, PostgresLedgerOptions } from './postgres-types';
import { readEvents } from './read-events';
import { readTotals } from './read-totals';
import { rehydrate } from './rehydrate';
import { withClient } from './with-client';

const count = expects('a whole number from 1', (value) => Number.isSafeInteger(value) && Number(value) >= 1);

const defaultTimeoutMs = 2_000;

/**
 * The durable record of use in PostgreSQL, whose tables `quotaLedgerSql()` makes.
 *
 * Events are written together: one statement is under way, and what is appended meanwhile goes with the next. No call
 * takes longer than `timeoutMs`. It keeps nothing in the session, so that PgBouncer may stand between.
 *
 * @param given a pool of `pg`, or a cluster of `@unite/db-ha`; it stays the caller's
 * @throws TypeError for what is no pool, and for options that are none
 * @example
 * const quota = createQuota({ plans, store: redisStore(redis), ledger: postgresLedger(pool) });
 */
export function postgresLedger(given: PgPoolLike, options: PostgresLedgerOptions = {}): PostgresLedger {
  if (typeof (given as Partial<PgPoolLike> | null)?.connect !== 'function') {
    // A URL may have a password.
    const got = typeof given === 'string' ? 'text' : describeValue(given);
    throw new TypeError(`postgresLedger: pool must be a pool of pg, got ${got}`);
  }
  checkOptions('postgresLedger', options, {
    tablePrefix: tablePrefixCheck,
    namespace: expects('text of 1 to 255 characters without NUL', isKey),
    maxQueuedEvents: count,
    maxBatch: count,
    gatherMs: expects(
      'a number from 0 that is less than timeoutMs',
      (value) => typeof value === 'number' && value >= 0 && value < (options.timeoutMs ?? defaultTimeoutMs),
    ),
    timeoutMs: optionChecks.positive,
  });
  const {
    namespace: source = 'quota',
    maxQueuedEvents = 10_000,
    maxBatch = 1_000,
    gatherMs = 0,
    timeoutMs = defaultTimeoutMs,
  } = options;
  const pool = apartFromRequests(given);
  const tables = ledgerTables('postgresLedger', options);
  const writer = new BatchWriter({ pool, tables, source, timeoutMs });
  const queue = new AppendQueue({
    write: (batch, tell) => writer.write(batch, tell),
    maxQueuedEvents,
    maxBatch,
    gatherMs,
    timeoutMs,
  });

  return {
    async append(event: LedgerEvent, epoch: number | undefined) {
      checkEvent(event, epoch);
      return queue.append({ event, epoch });
    },
    async rehydrate(tenantId: string, spans: readonly LedgerSpan[], install) {
      checkKey('tenant', tenantId);
      for (const span of spans) {
        checkKey('unit', span.unit);
        checkPeriod(tenantId, span);
      }
      await withClient(pool, timeoutMs, (client) =>
        rehydrate(client, { tables, source, tenantId, spans, install, timeoutMs }),
      );
    },
    async totals(tenantId, startAtMs, endAtMs) {
      const period = { startAtMs, endAtMs };
      checkPeriod(tenantId, period);
      return withClient(pool, timeoutMs, (client) => readTotals(client, tables, source, tenantId, period));
    },
    async *events(tenantId, startAtMs, endAtMs) {
      const period = { startAtMs, endAtMs };
      checkPeriod(tenantId, period);
      yield* readEvents({ pool, tables, source, timeoutMs }, tenantId, period);
    },
    get waiting() {
      return queue.waiting;
    },
    close: (closing: CloseOptions = {}) => queue.close(closing.timeoutMs ?? timeoutMs),
    [Symbol.asyncDispose]: () => queue.close(timeoutMs),
  };
}
