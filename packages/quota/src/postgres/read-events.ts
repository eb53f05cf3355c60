import type { LedgerEvent } from '../ledger/ledger-types';
import type { Period } from '../period/period-types';
import { type EventRow, eventOf } from './event-row';
import type { LedgerTables } from './ledger-tables';
import type { PgPoolLike } from './postgres-types';
import { ask, withClient } from './with-client';

/** Events that are in memory at once. */
const pageSize = 1_000;

/** What events are read with. */
export interface ReadEventsOptions {
  readonly pool: PgPoolLike;
  readonly tables: LedgerTables;
  readonly source: string;
  readonly timeoutMs: number;
}

/**
 * In order of time, a page after the other, each with its own time and without a connection between them. Of one
 * millisecond, holds come before what they were settled at.
 */
export async function* readEvents(
  { pool, tables, source, timeoutMs }: ReadEventsOptions,
  tenantId: string,
  { startAtMs, endAtMs }: Period,
): AsyncGenerator<LedgerEvent, void, undefined> {
  const text = pageSql(tables);
  let after: readonly [number, string, string] = [startAtMs, '', ''];
  let size = pageSize;
  while (size === pageSize) {
    const values = [source, tenantId, endAtMs, ...after];
    const rows = await withClient(pool, timeoutMs, (client) => ask<{ event: string }>(client, text, values));
    for (const { event } of rows) {
      const row = JSON.parse(event) as EventRow;
      after = [Number(row.occurred_at_ms), row.kind, row.event_id];
      yield eventOf(row);
    }
    size = rows.length;
  }
}

/** As text, since an application may have changed what the driver makes of `jsonb` and `bigint`. */
function pageSql(tables: LedgerTables): string {
  return `
SELECT row_to_json(event)::text AS event
FROM (
  SELECT tenant_id, event_id, kind, occurred_at_ms, route, amounts, costs, price_version, fingerprint
  FROM ${tables.events}
  WHERE source = $1 AND tenant_id = $2 AND occurred_at_ms < $3::bigint
    AND (occurred_at_ms, kind, event_id) > ($4::bigint, $5, $6)
  ORDER BY occurred_at_ms, kind, event_id LIMIT ${pageSize}
) AS event
ORDER BY occurred_at_ms, kind, event_id`;
}
