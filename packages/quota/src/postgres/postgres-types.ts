import type { CloseOptions } from '@unite/core';
import type { QuotaLedger } from '../ledger/ledger-types';

/** One connection, checked out of a {@link PgPoolLike}. */
export interface PgClientLike {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  off(event: 'error', listener: (error: Error) => void): unknown;
  /** Gives the connection back; with an error it is closed instead. */
  release(error?: Error | boolean): void;
}

/** What the ledger needs of a pool: `pg.Pool` is one, and so is a cluster of `@unite/db-ha`. */
export interface PgPoolLike {
  connect(): Promise<PgClientLike>;
}

/** Where the tables are. */
export interface LedgerTablesOptions {
  /**
   * What the names of the tables begin with, with a schema before it where they are in one: `billing.unite_quota`.
   * Lower case letters, digits and `_`.
   *
   * @default 'unite_quota'
   */
  readonly tablePrefix?: string | undefined;
}

/** Options of `postgresLedger`. */
export interface PostgresLedgerOptions extends LedgerTablesOptions {
  /** Whose use this is; several may share the tables and know nothing of each other. @default 'quota' */
  readonly namespace?: string | undefined;
  /** Events that may wait to be written or be under way; the next is refused. @default 10_000 */
  readonly maxQueuedEvents?: number | undefined;
  /** Events in one statement. @default 1_000 */
  readonly maxBatch?: number | undefined;
  /**
   * How long an event waits for others that go with it, in milliseconds, less than `timeoutMs`. A statement costs the
   * server as much as a dozen events and more, so that many processes with little to write each should gather. With
   * `durability: 'ledger'` every request waits as long; else nobody does, and a process that is killed loses as much more.
   *
   * @default 0
   */
  readonly gatherMs?: number | undefined;
  /** Longest time for one call, in milliseconds. @default 2_000 */
  readonly timeoutMs?: number | undefined;
}

/** A ledger in PostgreSQL. Made by `postgresLedger`. */
export interface PostgresLedger extends QuotaLedger {
  /** Events that wait to be written or are under way. */
  readonly waiting: number;
  /**
   * Refuses new events and writes those that wait, for up to `timeoutMs` (default: the ledger's); the rest is rejected.
   * The pool stays open. Idempotent; never rejects.
   */
  close(options?: CloseOptions): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
