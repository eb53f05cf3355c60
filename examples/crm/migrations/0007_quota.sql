-- What the quota remembers: `quotaLedgerSql()` of @unite/quota/postgres. The engine sums and rebuilds for every tenant,
-- also where no request has named one, so no policy binds these: their rows hold amounts and routes, and nothing about
-- a person.

SELECT pg_advisory_xact_lock(hashtextextended('unite.quota.ledger', 0));

CREATE SEQUENCE IF NOT EXISTS unite_quota_epochs;

CREATE TABLE IF NOT EXISTS unite_quota_tenants (
  source text COLLATE "C" NOT NULL,
  tenant_id text COLLATE "C" NOT NULL,
  epoch bigint NOT NULL,
  PRIMARY KEY (source, tenant_id)
);

CREATE TABLE IF NOT EXISTS unite_quota_events (
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

CREATE INDEX IF NOT EXISTS unite_quota_events_by_time
  ON unite_quota_events (source, tenant_id, occurred_at_ms, kind, event_id);

CREATE TABLE IF NOT EXISTS unite_quota_usage (
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

alter sequence unite_quota_epochs owner to crm_owner;
alter table unite_quota_tenants owner to crm_owner;
alter table unite_quota_events owner to crm_owner;
alter table unite_quota_usage owner to crm_owner;
grant usage on sequence unite_quota_epochs to crm_app;
grant select, insert, update on unite_quota_tenants, unite_quota_usage to crm_app;
grant select, insert on unite_quota_events to crm_app;
