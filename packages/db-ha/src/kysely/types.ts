import type { Dialect, PostgresDialectConfig, PostgresPool } from 'kysely';
import type { PgQueryConfig } from '../driver-types';
import type { ReadOptions } from '../types';

/** Kysely's `PostgresDialect`, given as a constructor, so that the application's own Kysely is the one used. */
export type PostgresDialectConstructor = new (config: PostgresDialectConfig) => Dialect;

/** The parts of a cluster that a dialect uses. Every `Cluster` is one. */
export interface DialectCluster extends PostgresPool {
  readOnly(options?: ReadOptions): DialectReader;
}

/** Where reads go. */
export interface DialectReader extends PostgresPool {
  // biome-ignore lint/suspicious/noExplicitAny: the driver's own signature is overloaded; this is what all of them take.
  query(text: string, values: any[]): Promise<{ readonly rows: unknown[] }>;
}

/** The part of a cluster's transaction that a dialect uses. */
export interface DialectTransaction {
  query(
    text: string | PgQueryConfig,
    values?: readonly unknown[],
  ): Promise<{ readonly rows: unknown[]; readonly rowCount: number | null; readonly command: string }>;
}

/** Options of `clusterDialect`. */
export interface ClusterDialectOptions {
  /** `pg-cursor`, which `.stream()` needs. */
  readonly cursor?: PostgresDialectConfig['cursor'] | undefined;
}
