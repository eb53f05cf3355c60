-- Where the vault keeps the workspaces' data keys: `keyStoreSql()` of @unite/crypto/keys. They are wrapped: without the
-- root keys, which are in no database, they open nothing.

SELECT pg_advisory_xact_lock(hashtextextended('unite.crypto.keys', 0));

CREATE TABLE IF NOT EXISTS unite_data_key_tenants (
  tenant_id text COLLATE "C" PRIMARY KEY,
  position bigint NOT NULL,
  primary_key_id bigint,
  shredded_at_ms bigint
);

CREATE TABLE IF NOT EXISTS unite_data_keys (
  tenant_id text COLLATE "C" NOT NULL,
  key_id bigint NOT NULL,
  position bigint NOT NULL,
  root_key_id text NOT NULL,
  wrapped bytea NOT NULL,
  created_at_ms bigint NOT NULL,
  PRIMARY KEY (tenant_id, key_id),
  UNIQUE (tenant_id, position)
);

alter table unite_data_key_tenants owner to crm_owner;
alter table unite_data_keys owner to crm_owner;
grant select, insert, update, delete on unite_data_key_tenants, unite_data_keys to crm_app;

-- How far a re-encryption is: `sweepSql()` of @unite/crypto/rotate.

SELECT pg_advisory_xact_lock(hashtextextended('unite.crypto.sweeps', 0));

CREATE TABLE IF NOT EXISTS "unite_crypto_sweeps" (
  table_name text COLLATE "C" NOT NULL,
  tenant_id text COLLATE "C" NOT NULL,
  target text NOT NULL,
  last_row_id jsonb,
  is_done boolean NOT NULL,
  scanned bigint NOT NULL,
  rewritten bigint NOT NULL,
  skipped bigint NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (table_name, tenant_id)
);

alter table unite_crypto_sweeps owner to crm_owner;
