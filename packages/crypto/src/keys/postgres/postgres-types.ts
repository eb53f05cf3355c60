/** One connection, checked out of a {@link PgPoolLike}. */
export interface PgClientLike {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  off(event: 'error', listener: (error: Error) => void): unknown;
  /** Gives the connection back; with an error it is closed instead. */
  release(error?: Error | boolean): void;
}

/** What the key store needs of a pool: `pg.Pool` is one, and so is a cluster of `@unite/db-ha`. */
export interface PgPoolLike {
  connect(): Promise<PgClientLike>;
}

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
