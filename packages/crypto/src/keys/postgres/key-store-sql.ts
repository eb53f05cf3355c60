import { checkOptions } from '@unite/shared';
import { keyStoreTables, tablePrefixCheck } from './key-store-tables';
import type { KeyStoreTablesOptions } from './postgres-types';

/**
 * The key store's tables, as a migration. It may be run again, and by several at once.
 *
 * - `…_data_key_tenants`: which key of each tenant is the primary, and the tombstone of a shredded one.
 * - `…_data_keys`: the wrapped keys; `position` says which came after which.
 *
 * @throws TypeError
 * @example
 * await pool.query(keyStoreSql());
 */
export function keyStoreSql(options: KeyStoreTablesOptions = {}): string {
  checkOptions('keyStoreSql', options, { tablePrefix: tablePrefixCheck });
  const { tenants, keys } = keyStoreTables('keyStoreSql', options);
  // Two that make the same table at once would fail, IF NOT EXISTS or not.
  return `
SELECT pg_advisory_xact_lock(hashtextextended('unite.crypto.keys', 0));

CREATE TABLE IF NOT EXISTS ${tenants} (
  tenant_id text COLLATE "C" PRIMARY KEY,
  position bigint NOT NULL,
  primary_key_id bigint,
  shredded_at_ms bigint
);

CREATE TABLE IF NOT EXISTS ${keys} (
  tenant_id text COLLATE "C" NOT NULL,
  key_id bigint NOT NULL,
  position bigint NOT NULL,
  root_key_id text NOT NULL,
  wrapped bytea NOT NULL,
  created_at_ms bigint NOT NULL,
  PRIMARY KEY (tenant_id, key_id),
  UNIQUE (tenant_id, position)
);
`;
}
