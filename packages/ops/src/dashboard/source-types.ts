import type { HealthReport } from '../health/health-types';
import type { LifecycleState } from '../types';
import type { DatabaseScreen, SlosScreen } from './screen-types';

// Where the dashboard reads from: what it needs of each package, and no more. The real objects have these shapes.

/** The part of a trace store of `@unite/tracing/store` that is read. */
export interface TraceSource {
  trace(traceId: string): StoredTraceLike | undefined;
  /** Resolves when the trace has ended, or with `undefined` when the signal aborts. */
  waitFor?(traceId: string, signal: AbortSignal): Promise<StoredTraceLike | undefined>;
  /** The newest first. */
  traces(limit?: number): readonly TraceSummaryLike[];
}

/** A line of a list of traces. */
export interface TraceSummaryLike {
  readonly traceId: string;
  readonly name: string;
  readonly spans: number;
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly hasError: boolean;
  readonly dropped: number;
}

/** A trace with its spans. */
export interface StoredTraceLike extends TraceSummaryLike {
  readonly roots: readonly SpanLike[];
}

/** A span and what happened inside it. */
export interface SpanLike {
  readonly spanId: string;
  readonly name: string;
  readonly kind: string;
  readonly service: string;
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly status: 'unset' | 'ok' | 'error';
  readonly statusMessage: string | undefined;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly { readonly name: string; readonly atMs: number }[];
  readonly links: readonly { readonly traceId: string }[];
  readonly children: readonly SpanLike[];
}

/** The part of what `startApm` of `@unite/apm` returns that is read. */
export interface ApmSource {
  readonly service: ServiceLike;
  slos(): readonly SloReportLike[];
  costs?(): {
    readonly rows: readonly {
      readonly route: string;
      readonly costNanoUsd: bigint;
      readonly entries: number;
    }[];
  };
}

/** What runs. */
export interface ServiceLike {
  readonly name: string;
  readonly release?: string | undefined;
  readonly environment?: string | undefined;
  readonly deployment?: DeploymentLike | undefined;
}

/** A release that was put in place. */
export interface DeploymentLike {
  readonly id: string;
  readonly atMs?: number | undefined;
  readonly release?: string | undefined;
}

/** How one objective stands. */
export interface SloReportLike {
  readonly slo: {
    readonly name: string;
    readonly route: string;
    readonly target: number;
    readonly underMs: number | undefined;
    readonly windowDays: number;
  };
  readonly counts: { readonly good: number; readonly total: number };
  readonly burnRates: Readonly<Record<'5m' | '30m' | '1h' | '6h', number | undefined>>;
  readonly state: SlosScreen['rows'][number]['state'];
}

/** The part of an event store of `@unite/apm/store` that is read. */
export interface ErrorSource {
  /** The newest first. */
  events(): readonly ErrorEventLike[];
  /** The newest first. */
  deployments(): readonly DeploymentLike[];
}

/** One error, as it was captured. */
export interface ErrorEventLike {
  readonly id: string;
  readonly atMs: number;
  readonly isHandled: boolean;
  readonly exceptions: readonly {
    readonly type: string;
    readonly message: string;
    /** Innermost call first. */
    readonly frames: readonly {
      readonly function: string | undefined;
      readonly file: string;
      readonly line: number;
      readonly column: number;
      readonly isInApp: boolean;
    }[];
  }[];
  readonly service: ServiceLike;
  readonly route: string | undefined;
  readonly tenantId: string | undefined;
  readonly traceId: string | undefined;
}

/** The part of a cache of `@unite/cache` that is used. */
export interface CacheSource {
  stats(): {
    readonly memory: {
      readonly entries: number;
      readonly bytes: number;
      readonly maxBytes: number;
      readonly evictions: number;
    };
    readonly remote?: { readonly state: 'starting' | 'up' | 'down' } | undefined;
  };
  invalidateTags(tags: readonly string[]): Promise<unknown>;
}

/** The part of a quota of `@unite/quota` that is read. */
export interface QuotaSource {
  statistics(): {
    readonly allowed: number;
    readonly denied: number;
    readonly unavailable: number;
    readonly lost: number;
    readonly store: 'up' | 'down';
    readonly ledger: 'up' | 'down' | 'none';
  };
  usage(tenantId: string): Promise<UsageLike>;
}

/** How a tenant stands with its plan. */
export interface UsageLike {
  readonly tenantId: string;
  readonly plan: string;
  readonly limits: readonly {
    readonly name: string;
    readonly limit: number | null;
    readonly used: number;
    readonly exhaustedAtMs: number | null;
    readonly state: 'ok' | 'warn' | 'grace' | 'overage' | 'blocked';
  }[];
}

/** The part of a cluster of `@unite/db-ha` that is read. */
export interface ClusterSource {
  status(): Pick<DatabaseScreen, 'name' | 'primary' | 'refusal' | 'timeline' | 'waitingWrites' | 'nodes'> & {
    readonly counts: {
      readonly failovers: number;
      readonly replicaReads: number;
      readonly primaryReads: number;
    };
  };
}

/** The part of a lifecycle that is read. */
export interface LifecycleSource {
  readonly state: LifecycleState;
  healthNow(): HealthReport;
  health(group?: string): Promise<HealthReport>;
}
