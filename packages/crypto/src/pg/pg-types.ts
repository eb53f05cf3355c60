/** Whatever runs a statement: a pool of `pg`, one of its clients, a cluster or a transaction of `@unite/db-ha`. */
export interface PgQueryable {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
}

/** One connection, checked out of a {@link PgPoolLike}. */
export interface PgClientLike extends PgQueryable {
  on(event: 'error', listener: (error: Error) => void): unknown;
  off(event: 'error', listener: (error: Error) => void): unknown;
  /** Gives the connection back; with an error it is closed instead. */
  release(error?: Error | boolean): void;
}

/** Where connections come from: `pg.Pool` is one, and so is a cluster of `@unite/db-ha`. */
export interface PgPoolLike {
  connect(): Promise<PgClientLike>;
}
