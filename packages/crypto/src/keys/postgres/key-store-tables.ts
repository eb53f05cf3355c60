import { checkOptions, expects } from '@unite/shared';
import type { KeyStoreTablesOptions } from './postgres-types';

/** Names of what the key store has in the database. */
export interface KeyStoreTables {
  /** One row for each tenant: which key is the primary, or when it was shredded. */
  readonly tenants: string;
  /** One row for each wrapped key. */
  readonly keys: string;
}

/** Names are kept at 63 characters by PostgreSQL, of which the longest ending needs 17. */
const prefix = /^(?:[a-z_][a-z0-9_]{0,62}\.)?[a-z_][a-z0-9_]{0,45}$/;

/** The check of the option `tablePrefix`. */
export const tablePrefixCheck = expects(
  'a name of at most 46 lower case letters, digits and "_", with or without a schema before it',
  (value) => typeof value === 'string' && prefix.test(value),
);

/** @throws TypeError for a prefix that is none */
export function keyStoreTables(
  owner: string,
  { tablePrefix = 'unite' }: KeyStoreTablesOptions,
): KeyStoreTables {
  checkOptions(owner, { tablePrefix }, { tablePrefix: tablePrefixCheck });
  return { tenants: `${tablePrefix}_data_key_tenants`, keys: `${tablePrefix}_data_keys` };
}
