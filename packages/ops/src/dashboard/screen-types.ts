import type { Finding } from '@unite/core';

// What the dashboard's pages are told: plain JSON, made by the server and drawn by the browser. No values, no secrets.
// Every time is in milliseconds since the epoch; every list says how many there were in all.

/** A screen, by the last part of its address. `now` is the first one, `trace` shows one trace by its id. */
export type ScreenName =
  | 'now'
  | 'requests'
  | 'traces'
  | 'errors'
  | 'slos'
  | 'cache'
  | 'quota'
  | 'database'
  | 'releases'
  | 'drills';

/** A status as a shape and a word. */
export type Verdict = 'ok' | 'warn' | 'down' | 'none';

/** What stands above every screen: whose figures these are. */
export interface DashboardHeader {
  readonly service: string;
  readonly release: string | undefined;
  readonly environment: string | undefined;
  readonly pid: number;
  readonly startedAtMs: number;
  readonly atMs: number;
  /** Actions and drills may be offered. */
  readonly mayAct: boolean;
  /** The viewer sees what belongs to this tenant alone. */
  readonly tenantId: string | undefined;
  /** Which screens have something to show; of the others `hints` has the line to add. */
  readonly screens: Readonly<Record<ScreenName, boolean>>;
  readonly hints: Readonly<Partial<Record<ScreenName, string>>>;
  /** The way back to what the dashboard is mounted in. */
  readonly home?: { readonly href: string; readonly label: string } | undefined;
}

/** What the page is delivered with, and what `<base>/api/<screen>` answers. */
export interface Snapshot<Name extends ScreenName = ScreenName> {
  readonly header: DashboardHeader;
  readonly screen: Name;
  readonly data: ScreenData[Name];
}

/** What each screen shows. */
export interface ScreenData {
  readonly now: NowScreen;
  readonly requests: RequestsScreen;
  readonly traces: TracesScreen;
  readonly errors: ErrorsScreen;
  readonly slos: SlosScreen;
  readonly cache: CacheScreen;
  readonly quota: QuotaScreen;
  readonly database: DatabaseScreen;
  readonly releases: ReleasesScreen;
  readonly drills: DrillsScreen;
}

/** One second of the process. Of a second without requests the latencies are `null`: a gap, not zero. */
export interface PulseSecond {
  readonly atMs: number;
  readonly requests: number;
  readonly errors: number;
  /** Refused to stay alive, or by a plan. */
  readonly refused: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly cacheReads: number;
  readonly cacheHits: number;
  readonly replicaReads: number;
  readonly primaryReads: number;
  readonly writes: number;
}

/** Is it healthy? If not, where? */
export interface NowScreen {
  readonly verdicts: readonly {
    readonly screen: ScreenName;
    readonly verdict: Verdict;
    readonly sentence: string;
  }[];
  /** The last five minutes, one a second, the oldest first. */
  readonly pulse: readonly PulseSecond[];
  /** A release that began within those five minutes, as a line in the charts. */
  readonly releases: readonly { readonly atMs: number; readonly release: string }[];
  /** What an answer may take by the objective for every route: a dashed line in the chart of times. */
  readonly latencyGoal?: { readonly name: string; readonly underMs: number } | undefined;
  readonly health: HealthPanel | undefined;
  /** What verifiers have found, at most a minute ago. */
  readonly findings: readonly (Finding & { readonly verifier: string; readonly atMs: number })[];
}

/** The process's state, and each of its checks. */
export interface HealthPanel {
  readonly state: 'starting' | 'ready' | 'draining' | 'closed';
  readonly groups: Readonly<Record<string, 'up' | 'degraded' | 'down'>>;
  readonly checks: readonly {
    readonly name: string;
    readonly status: 'up' | 'degraded' | 'down';
    readonly detail: string | undefined;
    readonly ageMs: number | undefined;
  }[];
}

/** One request that has ended. */
export interface RequestRow {
  /** Counts up from the start of the process. */
  readonly id: number;
  readonly atMs: number;
  readonly method: string;
  /** Template where it is known, else the path with its identifiers masked. */
  readonly route: string;
  readonly status: number;
  readonly isAborted: boolean;
  readonly durationMs: number;
  readonly tenantId: string | undefined;
  readonly traceId: string | undefined;
  readonly eventId: string | undefined;
}

/** What just happened, and was it slow? The newest first. */
export interface RequestsScreen {
  readonly rows: readonly RequestRow[];
  /** Since the start. */
  readonly total: number;
  /** How many the ring holds at most. */
  readonly kept: number;
  readonly routes: readonly {
    readonly route: string;
    readonly requests: number;
    readonly errors: number;
    readonly p50Ms: number;
    readonly p95Ms: number;
    readonly p99Ms: number;
  }[];
}

/** Where did time go? The newest first. */
export interface TracesScreen {
  readonly rows: readonly TraceRow[];
  readonly total: number;
}

/** One trace in the list. */
export interface TraceRow {
  readonly traceId: string;
  readonly name: string;
  readonly atMs: number;
  readonly durationMs: number;
  readonly spans: number;
  readonly hasError: boolean;
}

/** One trace, by `<base>/api/traces/<id>`. Spans in the order of a waterfall, each with its depth. */
export interface TracePage {
  readonly header: DashboardHeader;
  readonly trace:
    | (TraceRow & {
        readonly rows: readonly SpanRow[];
        /** Spans that the store had no room for. */
        readonly dropped: number;
      })
    | undefined;
  /** Why there is none: evicted or sampled out, with the store's limit. */
  readonly reason: string | undefined;
}

/** One bar of the waterfall. */
export interface SpanRow {
  readonly spanId: string;
  readonly depth: number;
  readonly name: string;
  readonly service: string;
  readonly kind: string;
  /** From the start of the trace. */
  readonly offsetMs: number;
  readonly durationMs: number;
  readonly status: 'unset' | 'ok' | 'error';
  readonly message: string | undefined;
  /** Names and texts as the trace store keeps them, after its redaction; at most 40, 200 characters each. */
  readonly attributes: readonly (readonly [string, string])[];
  readonly events: readonly { readonly name: string; readonly offsetMs: number }[];
  readonly links: readonly string[];
}

/** What broke, since which release? The newest first. */
export interface ErrorsScreen {
  readonly rows: readonly ErrorRow[];
  readonly total: number;
  /** Requests since the start, for the empty state. */
  readonly requests: number;
}

/** Errors of one kind in one release. */
export interface ErrorRow {
  /** Of the newest. */
  readonly id: string;
  readonly type: string;
  readonly message: string;
  readonly route: string | undefined;
  readonly release: string | undefined;
  readonly count: number;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  readonly isHandled: boolean;
  readonly traceId: string | undefined;
  /** Lines of the stack, those of the application first to be seen; at most 30. */
  readonly stack: readonly { readonly text: string; readonly isOwn: boolean }[];
}

/** How long until the budget is gone? */
export interface SlosScreen {
  readonly rows: readonly {
    readonly name: string;
    readonly route: string;
    readonly target: number;
    readonly underMs: number | undefined;
    readonly windowDays: number;
    readonly good: number;
    readonly total: number;
    readonly burn: Readonly<Record<'5m' | '30m' | '1h' | '6h', number | null>>;
    readonly state: 'ok' | 'warning' | 'page' | 'no-data';
    /** At the burn of the last hour; `null` where it does not run out within the window. */
    readonly goneInMs: number | null;
  }[];
}

/** Is it saving loads, and is it fresh? */
export interface CacheScreen {
  readonly state: 'up' | 'down' | 'none';
  readonly reads: number;
  readonly byLayer: { readonly memory: number; readonly remote: number; readonly load: number };
  readonly memory:
    | {
        readonly entries: number;
        readonly bytes: number;
        readonly maxBytes: number;
        readonly evictions: number;
      }
    | undefined;
  readonly definitions: readonly {
    readonly name: string;
    readonly reads: number;
    readonly hits: number;
    readonly loads: number;
    readonly failures: number;
  }[];
  readonly invalidations: readonly {
    readonly atMs: number;
    readonly names: number;
    readonly acknowledged: boolean;
  }[];
  /** A tag may be made invalid. */
  readonly mayInvalidate: boolean;
}

/** Who is refused next, what costs most? */
export interface QuotaScreen {
  readonly store: 'up' | 'down';
  readonly ledger: 'up' | 'down' | 'none';
  readonly allowed: number;
  readonly denied: number;
  readonly unavailable: number;
  readonly lost: number;
  /** Those seen in this process that are the nearest to a limit; at most 50. */
  readonly tenants: readonly {
    readonly tenantId: string;
    readonly plan: string;
    readonly state: 'ok' | 'warn' | 'grace' | 'overage' | 'blocked';
    readonly limit: string;
    readonly used: number;
    readonly of: number | null;
    readonly exhaustedAtMs: number | null;
  }[];
  /** Billionths of a dollar, as text: a bigint is no JSON. */
  readonly costs: readonly {
    readonly route: string;
    readonly amount: number;
    readonly costNanoUsd: string;
  }[];
}

/** Who is primary, how far behind are replicas? */
export interface DatabaseScreen {
  readonly name: string;
  readonly primary: string | undefined;
  readonly refusal: string | undefined;
  readonly timeline: number | undefined;
  readonly waitingWrites: number;
  readonly failovers: number;
  readonly replicaReads: number;
  readonly primaryReads: number;
  readonly nodes: readonly {
    readonly name: string;
    readonly role: 'primary' | 'replica' | 'unknown';
    readonly state: 'up' | 'fenced' | 'foreign' | 'behind' | 'down' | 'unknown';
    readonly reason: string | undefined;
    readonly lagMs: number | undefined;
    readonly lagBytes: number | undefined;
    readonly latencyMs: number | undefined;
    readonly breaker: 'closed' | 'open' | 'half-open';
    readonly inFlight: number;
    readonly pools: readonly {
      readonly purpose: string;
      readonly max: number;
      readonly total: number;
      readonly idle: number;
      readonly waiting: number;
    }[];
  }[];
  readonly changes: readonly {
    readonly atMs: number;
    readonly node: string;
    readonly from: string;
    readonly to: string;
    readonly reason: string | undefined;
  }[];
}

/** Is the new release worse? */
export interface ReleasesScreen {
  readonly rows: readonly {
    readonly release: string;
    readonly deployment: string | undefined;
    readonly atMs: number;
    readonly requests: number;
    readonly errors: number;
    readonly p95Ms: number | null;
    readonly isCurrent: boolean;
  }[];
}

/** What survives a failure? */
export interface DrillsScreen {
  /** Why none may be started: the target is not local. */
  readonly refusal: string | undefined;
  readonly drills: readonly DrillState[];
}

/** One drill, and how it stands while it runs. */
export interface DrillState {
  /** One word: `kill-replica`. */
  readonly name: string;
  /** What is broken: `Kill a replica`. */
  readonly title: string;
  /** What should hold, as a sentence to the person: `Reads move to the other replica. Keep working.` */
  readonly holds: string;
  readonly startedAtMs: number | undefined;
  /** It is undone by itself then. */
  readonly endsAtMs: number | undefined;
  /** Since it started. */
  readonly requests: number;
  readonly failed: number;
}

/** One event of `<base>/stream`, once a second: 8 kB at most. */
export interface StreamFrame {
  readonly atMs: number;
  readonly pulse: PulseSecond;
  /** Ended in the last second, the newest first; at most 20. */
  readonly requests: readonly RequestRow[];
  /** Those that are not in `requests`. */
  readonly skipped: number;
  /** Since the start. */
  readonly total: number;
  /** Counts up whenever a screen has something new: fetch it again, if it is the one that is looked at. */
  readonly versions: Readonly<Partial<Record<ScreenName, number>>>;
  readonly verdicts: NowScreen['verdicts'];
}
