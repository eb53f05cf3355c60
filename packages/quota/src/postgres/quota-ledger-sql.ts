import { checkOptions } from '@unite/shared';
import { ledgerTables, tablePrefixCheck } from './ledger-tables';
import type { LedgerTablesOptions } from './postgres-types';

/**
 * The ledger's tables, as a migration. It may be run again, and by several at once.
 *
 * - `…_tenants`: the epoch under which each tenant's counters were installed.
 * - `…_events`: what happened, once for each id; rows are only ever added.
 * - `…_usage`: its sums for each quarter of an hour: `counted` is what the limits counted, `amount` the same by model.
 *
 * @throws TypeError
 * @example
 * await pool.query(quotaLedgerSql());
 */
export function quotaLedgerSql(options: LedgerTablesOptions = {}): string {
  checkOptions('quotaLedgerSql', options, { tablePrefix: tablePrefixCheck });
  const tables = ledgerTables('quotaLedgerSql', options);
  // Two that make the same table at once would fail, IF NOT EXISTS or not.
  return `
SELECT pg_advisory_xact_lock(hashtextextended('unite.quota.ledger', 0));

CREATE SEQUENCE IF NOT EXISTS ${tables.epochs};

CREATE TABLE IF NOT EXISTS ${tables.tenants} (
  source text COLLATE "C" NOT NULL,
  tenant_id text COLLATE "C" NOT NULL,
  epoch bigint NOT NULL,
  PRIMARY KEY (source, tenant_id)
);

CREATE TABLE IF NOT EXISTS ${tables.events} (
  source text COLLATE "C" NOT NULL,
  tenant_id text COLLATE "C" NOT NULL,
  event_id text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  occurred_at_ms bigint NOT NULL,
  ingested_at timestamptz NOT NULL DEFAULT now(),
  route text COLLATE "C" NOT NULL,
  amounts jsonb NOT NULL,
  costs jsonb NOT NULL,
  price_version text,
  fingerprint text NOT NULL,
  PRIMARY KEY (source, tenant_id, event_id)
);

CREATE INDEX IF NOT EXISTS ${tables.eventsByTime}
  ON ${tables.events} (source, tenant_id, occurred_at_ms, kind, event_id);

CREATE TABLE IF NOT EXISTS ${tables.usage} (
  source text COLLATE "C" NOT NULL,
  tenant_id text COLLATE "C" NOT NULL,
  bucket_at_ms bigint NOT NULL,
  unit text COLLATE "C" NOT NULL,
  route text COLLATE "C" NOT NULL,
  model text COLLATE "C" NOT NULL,
  counted numeric NOT NULL,
  amount numeric NOT NULL,
  cost_nano_usd numeric NOT NULL,
  unpriced bigint NOT NULL,
  PRIMARY KEY (source, tenant_id, bucket_at_ms, unit, route, model)
) WITH (fillfactor = 50);
`;
}
