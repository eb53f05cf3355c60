import type { Clock, CloseOptions, ContextSource } from '@unite/core';
import type { PgPool, PgPoolConstructor, PgQueryConfig, PgResult, TlsOptions } from './driver-types';
import type { ClusterStatus } from './status-types';

/** One server, or a pooler before it. Its role is found out, never configured. */
export interface NodeOptions {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string;
  /** Label in status, errors and events. @default `host:port` */
  readonly name?: string | undefined;
  /**
   * What stands between: `transaction` for PgBouncer, Supavisor and others in transaction mode, where a
   * session's settings would leak to other clients and a process id means nothing.
   *
   * @default 'none'
   */
  readonly pooler?: 'none' | 'transaction' | undefined;
}

/**
 * Names the nodes while the cluster runs, for clusters whose members change. What it says of roles is not
 * asked for: the servers themselves are.
 */
export interface NodeDiscovery {
  /** Every node there is now. A failure keeps the nodes that were known. */
  discover(signal: AbortSignal): Promise<readonly NodeOptions[]>;
}

/** The pools of a node. */
export interface PoolOptions {
  /** Connections to a node for writes, and as many for reads. @default 10 */
  readonly max?: number | undefined;
  /**
   * Connections to the primary for reads that no replica can serve. Their own, so that losing every replica
   * cannot take the connections that writes need.
   *
   * @default half of `max`, rounded up
   */
  readonly maxForReadsOnPrimary?: number | undefined;
  /** Callers that may wait for a connection of one pool; the next is refused. @default 1_000 */
  readonly maxWaiting?: number | undefined;
  /** Longest time for opening a connection, in milliseconds. @default 2_000 */
  readonly connectTimeoutMs?: number | undefined;
  /** Closes a connection that nobody used for this long, in milliseconds. @default 30_000 */
  readonly idleTimeoutMs?: number | undefined;
  /** Closes a connection of this age when it comes back, ±20 %, in milliseconds. @default 1_800_000 */
  readonly maxLifetimeMs?: number | undefined;
  /** The server ends a statement that runs this long, in milliseconds; a default of the connection. @default none */
  readonly statementTimeoutMs?: number | undefined;
  /**
   * The server ends a transaction that does nothing for this long, in milliseconds. A client that vanished
   * inside one holds its locks until then.
   *
   * @default 60_000
   */
  readonly idleInTransactionTimeoutMs?: number | undefined;
  /** Seen in `pg_stat_activity`. @default 'unite' */
  readonly applicationName?: string | undefined;
  /** TLS. Refused together with an `sslmode` in a URL, which `pg` would let win. @default what the URL says */
  readonly ssl?: TlsOptions | undefined;
}

/** What reads put up with. */
export interface ReadsOptions {
  /** A replica that is further behind takes no reads, in milliseconds. @default 30_000 */
  readonly maxLagMs?: number | undefined;
  /** How long a read waits for a replica to replay this session's writes before it goes to the primary, in milliseconds. @default 50 */
  readonly waitForReplicaMs?: number | undefined;
}

/** What writes do while there is no primary. */
export interface FailoverOptions {
  /** Writes that may wait for a new primary; the next is refused. @default 1_000 */
  readonly maxWaiting?: number | undefined;
  /** How long a write waits for one, in milliseconds. @default 15_000 */
  readonly timeoutMs?: number | undefined;
}

/** Options of `createCluster`. */
export interface ClusterOptions<DriverPool extends PgPool = PgPool> {
  /** The servers, in any order, or what names them. */
  readonly nodes: readonly NodeOptions[] | NodeDiscovery;
  /** The driver: `pg.Pool`. */
  readonly Pool: PgPoolConstructor<DriverPool>;
  /** Tells clusters of one process apart, in events and in a request's context. @default 'main' */
  readonly name?: string | undefined;
  readonly pool?: PoolOptions | undefined;
  readonly reads?: ReadsOptions | undefined;
  readonly failover?: FailoverOptions | undefined;
  /**
   * How often every node is asked what it is, ±10 %, in milliseconds. A failing or stalled query asks at
   * once, so this bounds only what nobody noticed.
   *
   * @default 10_000
   */
  readonly healthCheckEveryMs?: number | undefined;
  /** A node that does not answer within this long is down, in milliseconds. @default 1_000 */
  readonly probeTimeoutMs?: number | undefined;
  /**
   * Longest time for a query or a transaction with all its waiting, in milliseconds; the request's deadline
   * comes first when it is sooner.
   *
   * @default 30_000
   */
  readonly queryTimeoutMs?: number | undefined;
  /** Table of `idempotencyKey`, with its schema if wanted. @default 'unite_idempotency' */
  readonly idempotencyTable?: string | undefined;
  /** Where the request's context is read from. @default the shared slot of `@unite/core` */
  readonly context?: ContextSource | undefined;
  readonly clock?: Clock | undefined;
  /** Random numbers in [0, 1). @default Math.random */
  readonly random?: (() => number) | undefined;
}

/**
 * How far the log had been written when a session last wrote. A replica that has replayed as far shows
 * everything that the session did.
 */
export interface ConsistencyToken {
  /** `system_identifier` of the cluster. */
  readonly systemId: string;
  /** Timeline of the primary that took the write. */
  readonly timeline: number;
  /** Log position. `undefined` means that it is not known yet: whoever reads next finds it out. */
  readonly lsn: bigint | undefined;
}

/** Options of `readOnly`. */
export interface ReadOptions {
  /**
   * - `session`: sees what this request's session wrote (the process's own writes where there is no context).
   * - `eventual`: any replica within `maxLagMs`.
   * - `strong`: the primary.
   *
   * @default 'session'
   */
  readonly consistency?: 'session' | 'eventual' | 'strong' | undefined;
  /** Sees at least this too. */
  readonly after?: ConsistencyToken | undefined;
}

/** Options of `transaction`. */
export interface TransactionOptions {
  /**
   * Makes the transaction take effect once, however often it is tried: a row with this key is written in the
   * same transaction. A key that was committed before gives the result of that time, which is kept as JSON.
   * Give it a scope, such as `tenant:order-17`.
   *
   * @see idempotencyTableSql
   */
  readonly idempotencyKey?: string | undefined;
  /** @default the server's, which is `read committed` */
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable' | undefined;
  /** Tries in all, after serialization failures, deadlocks and connections lost before the commit. @default 5 */
  readonly maxAttempts?: number | undefined;
  /** Longest time for all of it, in milliseconds. @default `queryTimeoutMs` */
  readonly timeoutMs?: number | undefined;
}

/** A running transaction. It belongs to the function that was given it. */
export interface Transaction {
  query<Row = Record<string, unknown>>(
    text: string | PgQueryConfig,
    values?: readonly unknown[],
  ): Promise<PgResult<Row>>;
}

/** What `close` could not save. */
export interface CloseReport {
  /** Whether everything that ran came to its end in time. */
  readonly drained: boolean;
  /** Queries, transactions and borrowed connections that were cut off. */
  readonly aborted: number;
}

/** What a cluster does beyond the driver's pool. */
export interface ClusterMethods<Pool extends PgPool = PgPool> {
  /** A pool whose queries go to a replica that has seen this session's writes, and cannot write. */
  readOnly(options?: ReadOptions): Pool;
  /**
   * Runs `work` in a transaction on the primary, again from the start where that is safe.
   *
   * @throws CommitUnknownError when the connection broke during `COMMIT` and no `idempotencyKey` was given
   * @throws DatabaseError
   */
  transaction<Result>(
    work: (transaction: Transaction) => Promise<Result>,
    options?: TransactionOptions,
  ): Promise<Result>;
  /**
   * Waits until every node has been asked once and there is a primary.
   *
   * @throws DatabaseError `UNITE_DB_NO_PRIMARY`, `UNITE_DB_ACCESS_DENIED`, `UNITE_DB_MIXED_CLUSTERS`
   */
  ready(options?: { readonly timeoutMs?: number | undefined }): Promise<ClusterStatus>;
  /** What is known now, without asking. */
  status(): ClusterStatus;
  /** How far this session's writes reach; `undefined` when it wrote nothing. Never rejects. */
  sessionToken(): Promise<ConsistencyToken | undefined>;
  /** The same at once; its `lsn` may be unknown yet. */
  sessionTokenNow(): ConsistencyToken | undefined;
  /** Makes this session see what the token stands for, as when it came back in a cookie. */
  advanceSession(token: ConsistencyToken): void;
  /** Refuses new work, lets what runs finish until `timeoutMs` (default 10_000), then cuts it off. */
  close(options?: CloseOptions): Promise<CloseReport>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A driver's pool over a whole cluster. */
export type Cluster<Pool extends PgPool = PgPool> = Omit<Pool, keyof ClusterMethods> & ClusterMethods<Pool>;
