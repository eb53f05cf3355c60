import type { LedgerSpan } from '../ledger/ledger-types';
import { maxAmount } from '../store/max-amount';
import type { LedgerTables } from './ledger-tables';
import type { PgClientLike } from './postgres-types';
import { splitPeriod } from './split-period';
import { ask } from './with-client';

/** What a rehydration is done with. */
export interface RehydrateOptions {
  readonly tables: LedgerTables;
  readonly source: string;
  readonly tenantId: string;
  readonly spans: readonly LedgerSpan[];
  readonly install: (epoch: number, sums: readonly number[]) => Promise<void>;
  readonly timeoutMs: number;
}

/** Begins a new epoch in a transaction, which the tenant's row is locked by until the counts are installed. */
export async function rehydrate(client: PgClientLike, options: RehydrateOptions): Promise<void> {
  const { tables, source, tenantId, spans, install } = options;
  // What is decided under the epoch may come to be written before this is committed, and must find a row to wait for.
  await ask(client, `${newEpoch(tables)} DO NOTHING`, [source, tenantId]);
  await transaction(client, options.timeoutMs, async () => {
    const epoch = await beginEpoch(client, tables, source, tenantId);
    // A statement of its own: it sees what the lock had to wait for.
    const sums = await ask<{ sum: string }>(client, sumsSql(tables), [source, tenantId, spansJson(spans)]);
    await install(
      epoch,
      sums.map(({ sum }) => Math.min(maxAmount, Math.max(0, Number(sum)))),
    );
  });
}

async function beginEpoch(
  client: PgClientLike,
  tables: LedgerTables,
  source: string,
  tenantId: string,
): Promise<number> {
  // The new row's own number was drawn before the lock was had; another one may have drawn a later one since.
  const text = `${newEpoch(tables)} (source, tenant_id) DO UPDATE SET epoch = nextval('${tables.epochs}') RETURNING epoch::text`;
  const [row] = await ask<{ epoch: string }>(client, text, [source, tenantId]);
  return Number(row?.epoch);
}

function newEpoch(tables: LedgerTables): string {
  return `INSERT INTO ${tables.tenants} (source, tenant_id, epoch) VALUES ($1, $2, nextval('${tables.epochs}')) ON CONFLICT`;
}

/** In order of the spans. The sums of quarters of an hour, and single events before the first and after the last. */
function sumsSql(tables: LedgerTables): string {
  const between = (from: string, to: string) => `
    SELECT coalesce(sum((event.amounts->>span.unit)::numeric), 0) FROM ${tables.events} AS event
    WHERE source = $1 AND tenant_id = $2 AND kind <> 'refused'
      AND occurred_at_ms >= ${from} AND occurred_at_ms < ${to}`;
  return `
SELECT (
    (SELECT coalesce(sum(counted), 0) FROM ${tables.usage} AS usage
      WHERE source = $1 AND tenant_id = $2 AND usage.unit = span.unit
        AND bucket_at_ms >= span.first_at_ms AND bucket_at_ms < span.last_at_ms)
    + (${between('span.start_at_ms', 'span.first_at_ms')})
    + (${between('span.last_at_ms', 'span.end_at_ms')})
  )::text AS sum
FROM json_to_recordset($3::json) AS span (
  position int, unit text COLLATE "C", start_at_ms bigint, first_at_ms bigint, last_at_ms bigint, end_at_ms bigint
)
ORDER BY span.position`;
}

function spansJson(spans: readonly LedgerSpan[]): string {
  const rows = spans.map((span, position) => {
    const { startAtMs, endAtMs } = splitPeriod(span).buckets;
    return {
      position,
      unit: span.unit,
      start_at_ms: span.startAtMs,
      first_at_ms: startAtMs,
      last_at_ms: endAtMs,
      end_at_ms: span.endAtMs,
    };
  });
  return JSON.stringify(rows);
}

/** Ends by itself where this process does not: a tenant must not stay locked. */
async function transaction(
  client: PgClientLike,
  timeoutMs: number,
  work: () => Promise<void>,
): Promise<void> {
  await ask(client, 'BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE');
  try {
    const limits = ['lock_timeout', 'statement_timeout', 'idle_in_transaction_session_timeout'];
    const set = limits.map((name) => `set_config('${name}', $1, true)`).join(', ');
    await ask(client, `SELECT ${set}`, [String(Math.ceil(timeoutMs))]);
    await work();
    await ask(client, 'COMMIT');
  } catch (error) {
    await ask(client, 'ROLLBACK');
    throw error;
  }
}
