/** What a cluster knows, for health checks, dashboards and people. */
export interface ClusterStatus {
  readonly name: string;
  /** `system_identifier` that every node has; `undefined` before the first answer. */
  readonly systemId: string | undefined;
  /** Highest timeline ever seen. Nothing below it is written to. */
  readonly timeline: number | undefined;
  /** Name of the node that takes writes. */
  readonly primary: string | undefined;
  /** Why there is no primary. */
  readonly refusal: string | undefined;
  /** Writes that wait for a primary. */
  readonly waitingWrites: number;
  readonly nodes: readonly NodeStatus[];
  readonly counts: ClusterCounts;
}

/** One node. */
export interface NodeStatus {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly role: 'primary' | 'replica' | 'unknown';
  /**
   * - `up`: answers and may be used.
   * - `fenced`: a primary of an older timeline; gets nothing.
   * - `foreign`: belongs to another cluster; gets nothing.
   * - `behind`: a replica that lags too far, or receives nothing; gets no reads.
   * - `down`: does not answer.
   * - `unknown`: not asked yet.
   */
  readonly state: 'up' | 'fenced' | 'foreign' | 'behind' | 'down' | 'unknown';
  /** Why it is not `up`. */
  readonly reason: string | undefined;
  readonly timeline: number | undefined;
  /** Position written (primary) or replayed (replica), such as `0/3000148`. */
  readonly lsn: string | undefined;
  /** Upper bound of how old a replica's data can be, in milliseconds. */
  readonly lagMs: number | undefined;
  /** Bytes of log between the primary and the replica, at the last look. */
  readonly lagBytes: number | undefined;
  /** Circuit breaker of reads. */
  readonly breaker: 'closed' | 'open' | 'half-open';
  /** Moving average of a query's time, in milliseconds. */
  readonly latencyMs: number | undefined;
  readonly inFlight: number;
  readonly serverVersion: number | undefined;
  /** When it last answered, in milliseconds since the epoch. */
  readonly seenAtMs: number | undefined;
  readonly pools: readonly PoolStatus[];
}

/** One pool of a node. */
export interface PoolStatus {
  readonly purpose: 'write' | 'read';
  readonly max: number;
  readonly total: number;
  readonly idle: number;
  readonly waiting: number;
}

/** How often what happened since the start. */
export interface ClusterCounts {
  /** Primaries that followed another one. */
  readonly failovers: number;
  /** Reads served by replicas. */
  readonly replicaReads: number;
  /** Read-only queries that the primary served. */
  readonly primaryReads: number;
  /** Reads that were tried again on another node. */
  readonly retriedReads: number;
  /** Writes that were tried again because nothing had been sent. */
  readonly retriedWrites: number;
  /** Transactions that were run again. */
  readonly retriedTransactions: number;
  /** Writes whose outcome is unknown. */
  readonly unknownCommits: number;
  /** Callers refused because a queue was full. */
  readonly refused: number;
}
