import type { Closable, CloseOptions } from '@unite/core';
import type { Apm } from '../types';

/** A cluster with pools of connections; `createCluster` of `@unite/db-ha` makes one. */
export interface PooledCluster {
  readonly name?: string | undefined;
  status(): PooledClusterStatus;
}

/** The parts of a cluster's status that are read. */
export interface PooledClusterStatus {
  readonly name?: string | undefined;
  readonly nodes: readonly {
    readonly name: string;
    readonly pools: readonly {
      readonly purpose: string;
      readonly max: number;
      readonly total: number;
      readonly idle: number;
      readonly waiting: number;
    }[];
  }[];
}

/** What sends spans; `startTracing` of `@unite/tracing` gives one. */
export interface TracedProcess {
  stats(): {
    readonly exporters: readonly {
      readonly exporter: string;
      readonly exported: number;
      readonly failed: number;
      readonly dropped: number;
      readonly queued: number;
    }[];
  };
}

/** What metrics of the process are recorded with. */
export type ProcessRecorder = Pick<Apm, 'count' | 'gauge' | 'record'>;

/** Options of `processMetrics`. */
export interface ProcessMetricsOptions {
  /** How often the process is looked at, in milliseconds. @default 10_000 */
  readonly everyMs?: number | undefined;
  /** Clusters whose connections are told. @default none */
  readonly pools?: readonly PooledCluster[] | undefined;
  /** Whose spans are told: sent, lost, waiting. @default nobody's */
  readonly tracing?: TracedProcess | undefined;
  /** How finely the delay of the event loop is sampled, in milliseconds. @default 10 */
  readonly eventLoopResolutionMs?: number | undefined;
}

/** Metrics of the process that are being recorded. */
export interface ProcessMetrics extends Closable {
  /** Ends them. Idempotent, never rejects. */
  close(options?: CloseOptions): Promise<void>;
}
