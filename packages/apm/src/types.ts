import type { Clock, CloseOptions, ContextSource, Redact } from '@unite/core';
import type { BudgetOptions, BudgetReport } from './budget/budget-types';
import type { CaptureOptions, CrashOptions, ErrorKind, LostRun } from './capture/capture-types';
import type { IgnoreRule } from './config/config-types';
import type { AiUsage, CostEntry, CostLedgerOptions, CostPrices, CostReport } from './cost/cost-types';
import type { Labels, MetricDeclaration, MetricLimits } from './metrics/metric-types';
import type { Observation, ObservedRequest, RouteReport } from './observation/observation-types';
import type { Deployment, FeedbackEvent, Service, Sink, SinkStats } from './sink-types';
import type { Slo, SloReport } from './slo/slo-types';
import type { SourceMaps } from './source-maps/source-map-types';

/** Options of `startApm`. */
export interface ApmOptions {
  readonly service: Service;
  /** Where errors and metrics go: `sentry(…)`, `prometheus(…)`, `datadog(…)`, or your own. @default none */
  readonly sinks?: readonly Sink[] | undefined;
  /** Objectives, made by `slo` of `@unite/apm/slo`: 50 at most. @default none */
  readonly slos?: readonly Slo[] | undefined;
  /** What models cost: what `definePrices` of `@unite/quota/cost` makes, or anything of its shape. @default none: AI usage is unpriced */
  readonly prices?: CostPrices | undefined;
  /** Metrics of the business, so that their help, unit and labels are known before the first value. */
  readonly metrics?: Readonly<Record<string, MetricDeclaration>> | undefined;
  readonly limits?: MetricLimits | undefined;
  readonly costs?: CostLedgerOptions | undefined;
  /** Stand on every error, besides its own. 50 at most. @default none */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** Errors that are not sent, but counted: 100 rules at most. A fatal one is never ignored. @default none */
  readonly ignore?: readonly IgnoreRule[] | undefined;
  /** What may be sent in a day. @default no bound */
  readonly budget?: BudgetOptions | undefined;
  /**
   * What is done about errors that nobody caught, and where a run leaves its mark so that the next one can tell that it
   * was lost. `false`: nothing is listened for. @default { } without a directory
   */
  readonly crash?: CrashOptions | false | undefined;
  /** Finds the original file and line of a stack. @default none */
  readonly sourceMaps?: SourceMaps | undefined;
  /**
   * Whether what the packages of the family tell on their channels becomes metrics: queries, cache, quota, encryption,
   * problems.
   * @default true
   */
  readonly channels?: boolean | undefined;
  /**
   * From which time on a statement of `@unite/db-ha` is an event of its own, in milliseconds: once a minute for each
   * statement. @default 500
   */
  readonly slowQueryMs?: number | undefined;
  /** Runs after the built-in redactor, on every text of an error. */
  readonly redact?: Redact | undefined;
  /** @default the shared slot of `@unite/core/context` */
  readonly context?: ContextSource | undefined;
  /** @default the machine's time */
  readonly clock?: Clock | undefined;
}

/** What `startApm` set up. No method of it throws for what it is given at run time: that is counted and told once. */
export interface Apm {
  readonly service: Service;
  /**
   * Begins to observe one request. For adapters; `withApm` and `apmMiddleware` call it.
   */
  observe(request: ObservedRequest): Observation;
  /** Adds to a counter. @param value 0 or more */
  count(name: string, value?: number, labels?: Labels): void;
  /** Sets a gauge. */
  gauge(name: string, value: number, labels?: Labels): void;
  /** Adds a value to a histogram, in the base unit of its name: `import_duration_seconds`. */
  record(name: string, value: number, labels?: Labels): void;
  /** Adds what a model used to the cost of this request, and to the metrics. */
  recordAiUsage(usage: AiUsage): void;
  /** Adds a cost that is known: of a third party's API, of storage, of time of a database. */
  recordCost(entry: CostEntry): void;
  /**
   * Hands an error to the sinks, once for each error and request.
   *
   * @returns its id; that of the first time for an error that was handed over before, `undefined` where it was refused
   */
  captureError(error: unknown, options?: CaptureOptions): string | undefined;
  /** Id of the error that was captured last in this request, for a problem document. */
  eventId(): string | undefined;
  /** Hands on what a person said about an error, or about anything. @returns whether a sink took it */
  feedback(feedback: FeedbackEvent): boolean;
  /** Tells the sinks of a deployment; at the start they are told of the service's own. */
  deployed(deployment: Deployment): void;
  /** Rate, errors and duration of each route since the start. */
  routes(): readonly RouteReport[];
  /** What was spent since the start, by route, tenant and release. */
  costs(): CostReport;
  /** How each objective stands, from the requests of this process. */
  slos(): readonly SloReport[];
  budget(): BudgetReport;
  /** What was captured, and what became of it. */
  integrity(): IntegrityReport;
  /** Sends what waits. Never rejects. */
  flush(options?: CloseOptions): Promise<ApmFlushReport>;
  /** Takes nothing any more, sends what waits, closes the sinks. Idempotent, never rejects. @default timeoutMs 5_000 */
  close(options?: CloseOptions): Promise<ApmFlushReport>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** What a flush came to. */
export interface ApmFlushReport {
  /** What sinks sent during the flush. */
  readonly sent: number;
  /** What was dropped during the flush, or was still waiting when the time was up. */
  readonly lost: number;
  readonly timedOut: boolean;
}

/**
 * The account of what was captured. For each sink `accepted` is `sent` and `queued` and all `dropped` together: nothing
 * is lost unseen.
 */
export interface IntegrityReport {
  readonly errors: {
    /** Distinct errors that were handed to the sinks, by kind. */
    readonly captured: Readonly<Record<ErrorKind, number>>;
    /** Captured before, in the same request or as the same object. */
    readonly repeated: number;
    /** Not handed on: a rule of `ignore` matches. */
    readonly ignored: number;
    /** Not handed on: the budget of the day was spent. */
    readonly overBudget: number;
  };
  readonly metrics: {
    /** Series that exist. */
    readonly series: number;
    /** Values that went to the overflow series of their metric. */
    readonly overflowed: number;
    /** Values that were refused: not a number, an invalid name or label. */
    readonly invalid: number;
  };
  readonly sinks: readonly ({ readonly name: string } & SinkStats)[];
  /** Runs of before that ended without closing, found at the start. */
  readonly lostRuns: readonly LostRun[];
  /** Whether nothing was dropped, and no run was lost. */
  readonly isComplete: boolean;
}
