import { checkOptions } from '@unite/shared';
import { secretsTables, tablePrefixCheck } from './secrets-tables';
import type { SecretsTablesOptions } from './secrets-types';

/**
 * The tables of secrets, as a migration. It may be run again.
 *
 * @throws TypeError
 * @example
 * await pool.query(secretsSql());
 */
export function secretsSql(options: SecretsTablesOptions = {}): string {
  checkOptions('secretsSql', options, { tablePrefix: tablePrefixCheck });
  const { names, versions } = secretsTables(options);
  // Two that make the same table at once would fail, IF NOT EXISTS or not.
  return `
SELECT pg_advisory_xact_lock(hashtextextended('unite.crypto.secrets', 0));

CREATE TABLE IF NOT EXISTS ${names} (
  tenant_id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  last_version int NOT NULL,
  PRIMARY KEY (tenant_id, name)
);

CREATE TABLE IF NOT EXISTS ${versions} (
  tenant_id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  id uuid NOT NULL,
  version int NOT NULL,
  value text NOT NULL,
  created_at_ms bigint NOT NULL,
  expires_at_ms bigint,
  usable_until_ms bigint,
  PRIMARY KEY (tenant_id, name, id),
  UNIQUE (tenant_id, name, version)
);
`;
}
