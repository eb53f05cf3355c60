import { expects, type OptionCheck } from '@unite/shared';
import type { SecretsTablesOptions } from './secrets-types';

export const tablePrefixCheck: OptionCheck = expects(
  'up to 48 lower case letters, digits and "_"',
  (value) => typeof value === 'string' && /^[a-z_][a-z0-9_]{0,47}$/.test(value),
);

/** The names of the tables. */
export function secretsTables({ tablePrefix = 'unite_crypto_secrets' }: SecretsTablesOptions) {
  return { versions: tablePrefix, names: `${tablePrefix}_names` };
}
