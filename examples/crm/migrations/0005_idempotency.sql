-- What `idempotencyKey` remembers: `idempotencyTableSql()` of @unite/db-ha. The cluster takes the key before the
-- transaction names its tenant, so no policy can bind it: the application puts the tenant into the key, and
-- keeps no personal data in the result. Rows older than a client may repeat its request can be deleted.
CREATE TABLE IF NOT EXISTS unite_idempotency (
  key text PRIMARY KEY,
  result jsonb,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS unite_idempotency_created_at ON unite_idempotency (created_at);

alter table unite_idempotency owner to crm_owner;
grant select, insert, update (result) on unite_idempotency to crm_app;
