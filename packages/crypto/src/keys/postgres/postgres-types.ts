export type { PgClientLike, PgPoolLike } from '../../pg/pg-types';

/** Where the tables are. */
export interface KeyStoreTablesOptions {
  /**
   * What the names of the tables begin with, with a schema before it where they are in one: `vault.unite`.
   * Lower case letters, digits and `_`.
   *
   * @default 'unite'
   */
  readonly tablePrefix?: string | undefined;
}

/** Options of `postgresKeyStore`. */
export interface PostgresKeyStoreOptions extends KeyStoreTablesOptions {
  /** Longest time for one call, in milliseconds, where the caller's own is not shorter. @default 2_000 */
  readonly timeoutMs?: number | undefined;
}
