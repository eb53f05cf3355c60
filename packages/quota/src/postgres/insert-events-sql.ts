import type { LedgerTables } from './ledger-tables';
import { usageOf } from './usage-of';

/** Why an event was not written. */
export type NotWritten =
  /** Another one has its id. */
  | 'conflict'
  /** The tenant's epoch is another one. */
  | 'refused'
  /** The tenant is being rehydrated, or there is no such tenant. */
  | 'unlocked';

/**
 * SQL that writes a batch and adds it to the sums; it answers with those that it did not write. Its values are the
 * source, the rows as JSON, the longest wait for a lock, and the tenants whose epoch counts.
 *
 * The epoch is read with a lock by the statement that writes: who rehydrates waits for its end, or it reads what he
 * has committed. A tenant that is being rehydrated is skipped, so that the others in the batch need not wait.
 * Everything is locked in the order of its key, so that two batches never wait for each other.
 */
export function insertEventsSql(tables: LedgerTables): string {
  return `
WITH settings AS MATERIALIZED (
  SELECT set_config('lock_timeout', $3, true), CASE WHEN current_setting('synchronous_commit') = 'off'
    THEN set_config('synchronous_commit', 'on', true) END
), input AS MATERIALIZED (
  SELECT input.* FROM settings CROSS JOIN json_to_recordset($2::json) AS input (
    position int, epoch bigint, tenant_id text COLLATE "C", event_id text COLLATE "C", kind text COLLATE "C",
    occurred_at_ms bigint, route text COLLATE "C", amounts jsonb, costs jsonb, price_version text, fingerprint text
  )
), locked AS MATERIALIZED (
  SELECT tenant_id, epoch FROM ${tables.tenants}
  WHERE source = $1 AND tenant_id = ANY ($4::text[])
  ORDER BY tenant_id FOR SHARE SKIP LOCKED
), judged AS MATERIALIZED (
  SELECT input.*, CASE
    WHEN input.epoch IS NULL OR input.epoch = locked.epoch THEN 'conflict'
    WHEN locked.epoch IS NULL THEN 'unlocked'
    ELSE 'refused' END AS obstacle
  FROM input LEFT JOIN locked USING (tenant_id)
), stored AS (
  INSERT INTO ${tables.events}
    (source, tenant_id, event_id, kind, occurred_at_ms, route, amounts, costs, price_version, fingerprint)
  SELECT $1, tenant_id, event_id, kind, occurred_at_ms, route, amounts, costs, price_version, fingerprint
  FROM judged WHERE obstacle = 'conflict' ORDER BY tenant_id, event_id
  ON CONFLICT DO NOTHING
  RETURNING tenant_id, event_id, kind, occurred_at_ms, route, amounts, costs
), summed AS (
  INSERT INTO ${tables.usage} AS usage
    (source, tenant_id, bucket_at_ms, unit, route, model, counted, amount, cost_nano_usd, unpriced)
  SELECT $1, part.* FROM (${usageOf('stored')}
  ) AS part ORDER BY tenant_id, bucket_at_ms, unit, route, model
  ON CONFLICT (source, tenant_id, bucket_at_ms, unit, route, model) DO UPDATE SET
    counted = usage.counted + excluded.counted, amount = usage.amount + excluded.amount,
    cost_nano_usd = usage.cost_nano_usd + excluded.cost_nano_usd, unpriced = usage.unpriced + excluded.unpriced
)
SELECT position, obstacle FROM judged LEFT JOIN stored USING (tenant_id, event_id) WHERE stored.event_id IS NULL`;
}

/**
 * SQL for a second look at those that were not written: a statement does not see what it had to wait for. Its values
 * are the source, and the positions, tenants and ids as JSON.
 */
export function findEventsSql(tables: LedgerTables): string {
  return `
SELECT asked.position, event.fingerprint, tenant.epoch IS NOT NULL AS is_known
FROM json_to_recordset($2::json) AS asked (position int, tenant_id text COLLATE "C", event_id text COLLATE "C")
LEFT JOIN ${tables.events} AS event
  ON event.source = $1 AND event.tenant_id = asked.tenant_id AND event.event_id = asked.event_id
LEFT JOIN ${tables.tenants} AS tenant ON tenant.source = $1 AND tenant.tenant_id = asked.tenant_id`;
}
