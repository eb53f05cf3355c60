import type { PgClientConstructor } from '../../verify/database/database-types';

/** What a database holds, so that two can be compared without either of them showing its content. */
export interface DatabaseFingerprint {
  /** By `schema.table`: the number of rows, and a sum over all of them in which their order does not matter. */
  readonly tables: Readonly<Record<string, { readonly rows: number; readonly checksum: string }>>;
  /** By kind and name: columns, constraints, indexes, grants, policies, triggers, functions, … */
  readonly definitions: Readonly<Record<string, string>>;
  /** By `schema.sequence`: the last number that was given out, as text; `null` before the first. */
  readonly sequences: Readonly<Record<string, string | null>>;
}

/** Options of `fingerprintDatabase`. */
export interface FingerprintOptions {
  /**
   * Called when the snapshot is taken, with its name for `pg_dump --snapshot`: what is backed up in it is what the
   * fingerprint tells of, whatever is written meanwhile.
   */
  readonly onSnapshot?: ((snapshot: string) => Promise<unknown>) | undefined;
}

/** Options of `restoreDrill`. */
export interface RestoreDrillOptions {
  /** The database that is backed up: `postgres://user:password@host:port/database`, with a role that may read all. */
  readonly source: string;
  /**
   * A server, by the URL of any database in it and a role that may create databases. The backup is restored into a new
   * one there, which is dropped at the end. It needs the roles of the source.
   */
  readonly target: string;
  /** The driver: `pg.Client`. */
  readonly Client: PgClientConstructor;
  /** Not older than the source's server. @default ['pg_dump'] */
  readonly dumpCommand?: readonly string[] | undefined;
  /** @default ['pg_restore'] */
  readonly restoreCommand?: readonly string[] | undefined;
  /** How long restoring may take, in milliseconds: a promise of its own. @default no such promise */
  readonly maxRestoreMs?: number | undefined;
  /** @default 'restore' */
  readonly name?: string | undefined;
  /** Longest time for all of it, in milliseconds. @default 600_000 */
  readonly timeoutMs?: number | undefined;
}
