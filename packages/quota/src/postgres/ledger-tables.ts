import { checkOptions, expects } from '@unite/shared';
import type { LedgerTablesOptions } from './postgres-types';

/** Names of what the ledger has in the database. */
export interface LedgerTables {
  readonly tenants: string;
  readonly events: string;
  readonly usage: string;
  readonly epochs: string;
  /** An index is in the schema of its table, and has no schema in its name. */
  readonly eventsByTime: string;
}

/** Names are kept at 63 characters by PostgreSQL, of which the longest ending needs 15. */
const prefix = /^(?:[a-z_][a-z0-9_]{0,62}\.)?([a-z_][a-z0-9_]{0,47})$/;

/** The check of the option `tablePrefix`. */
export const tablePrefixCheck = expects(
  'a name of at most 48 lower case letters, digits and "_", with or without a schema before it',
  (value) => typeof value === 'string' && prefix.test(value),
);

/** @throws TypeError for a prefix that is none */
export function ledgerTables(
  owner: string,
  { tablePrefix = 'unite_quota' }: LedgerTablesOptions,
): LedgerTables {
  checkOptions(owner, { tablePrefix }, { tablePrefix: tablePrefixCheck });
  const [, plain] = prefix.exec(tablePrefix) ?? [];
  return {
    tenants: `${tablePrefix}_tenants`,
    events: `${tablePrefix}_events`,
    usage: `${tablePrefix}_usage`,
    epochs: `${tablePrefix}_epochs`,
    eventsByTime: `${plain}_events_by_time`,
  };
}
