import type { CheckOptions } from './check-types';

/** What a pool of `pg` has of use here. Counts are for the words alone. */
export interface PgPoolLike {
  query(text: string): Promise<{ readonly rows: readonly unknown[] }>;
  readonly idleCount?: number | undefined;
  readonly waitingCount?: number | undefined;
}

/** What a cluster of `@unite/db-ha` says of itself, as far as it matters here. */
export interface ClusterStatusLike {
  /** Name of the node that takes writes. */
  readonly primary: string | undefined;
  /** Why there is no primary. */
  readonly refusal: string | undefined;
  readonly nodes: readonly {
    readonly name: string;
    readonly host: string;
    readonly port: number;
    readonly role: string;
    readonly state: string;
    readonly pools: readonly { readonly purpose: string; readonly waiting: number }[];
  }[];
}

/** A cluster of `@unite/db-ha`, or what looks like one. */
export interface ClusterLike {
  /** What is known now, without asking. */
  status(): ClusterStatusLike;
  /** Asks every node once, within a time of its own. Called while nothing is known. */
  ready?(): Promise<unknown>;
  /** Gives the way to the primary that is tried, without a trace in anybody's session. */
  readOnly?(options: { readonly consistency: 'strong' }): { query(text: string): Promise<unknown> };
}

/** Options of `postgresCheck`. */
export interface PostgresCheckOptions extends CheckOptions {
  /** Group that is down while nothing can be written. @default 'write' */
  readonly writeGroup?: string | undefined;
  /**
   * Writes count as `degraded`, not yet as down, for this long, in milliseconds: as long as they wait for a new primary
   * (`failover.timeoutMs` of a cluster).
   *
   * @default 0
   */
  readonly writeGraceMs?: number | undefined;
}
