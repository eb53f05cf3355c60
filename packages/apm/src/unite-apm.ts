import type { Clock, CloseOptions, ContextSource } from '@unite/core';
import { currentContext } from '@unite/core/context';
import { backgroundClock, warnOnce } from '@unite/shared';
import { createRedactor } from '@unite/shared/redaction';
import { type Budget, createBudget } from './budget';
import type { BudgetReport } from './budget/budget-types';
import { createErrorCapture, type ErrorCapture } from './capture';
import type { CaptureOptions, ErrorEvent } from './capture/capture-types';
import { createIgnore } from './config';
import { type CostLedger, createCostLedger } from './cost';
import type { AiUsage, CostEntry, CostReport } from './cost/cost-types';
import { MetricRegistry } from './metrics';
import type { Labels } from './metrics/metric-types';
import { RouteStats, UniteObservation } from './observation';
import type {
  FinishedRequest,
  Observation,
  ObservedRequest,
  RouteReport,
} from './observation/observation-types';
import { OwnTime } from './own-time';
import { createRequestMetrics, declareErrors, errorsMetric } from './request-metrics';
import { RunWatch } from './run-watch';
import { droppedOf, SinkSet } from './sink-set';
import type { Deployment, FeedbackEvent, Service } from './sink-types';
import { bucketsFor, createSloTracker, type SloTracker } from './slo';
import type { SloReport } from './slo/slo-types';
import type { Apm, ApmFlushReport, ApmOptions, IntegrityReport } from './types';

/** What `startApm` makes: each method hands on to the part that does it. */
export class UniteApm implements Apm {
  readonly service: Service;
  readonly #clock: Clock;
  readonly #context: ContextSource;
  readonly #sinks: SinkSet;
  readonly #registry: MetricRegistry;
  readonly #budget: Budget;
  readonly #capture: ErrorCapture;
  readonly #ledger: CostLedger;
  readonly #slos: SloTracker;
  readonly #routes: RouteStats;
  readonly #recordRequest: ReturnType<typeof createRequestMetrics>;
  readonly #ownTime = new OwnTime();
  // Lost runs are captured while it is made.
  readonly #watch: RunWatch | undefined;
  #closing: Promise<ApmFlushReport> | undefined;

  constructor(options: ApmOptions) {
    const { sinks = [], slos = [], limits = {}, clock = backgroundClock } = options;
    const context = options.context ?? currentContext;
    const redact = createRedactor('UNITE_APM_REDACT_FAILED', options.redact);
    const buckets = bucketsFor(slos);

    this.service = describeService(options.service, clock);
    this.#clock = clock;
    this.#context = context;
    this.#sinks = new SinkSet(sinks, clock);
    this.#registry = new MetricRegistry(limits, (point) =>
      this.#sinks.metric(point, () => this.#budget.usePoints(1)),
    );
    this.#budget = createBudget(options.budget, { clock, recorder: this.#registry });
    this.#capture = createErrorCapture({
      service: this.service,
      redact,
      sourceMaps: options.sourceMaps,
      clock,
      context,
      tags: options.tags,
      ignores: createIgnore(options.ignore),
      mayDeliver: (event) => this.#budget.mayDeliver(event),
      deliver: (event) => this.#deliver(event),
    });
    this.#ledger = createCostLedger({
      service: this.service,
      prices: options.prices,
      options: options.costs ?? {},
      context,
      recorder: this.#registry,
    });
    this.#slos = createSloTracker(slos, { clock });
    this.#routes = new RouteStats(
      limits.maxRoutes ?? 300,
      buckets.map((bound) => bound * 1_000),
    );
    this.#recordRequest = createRequestMetrics(this.#registry, buckets);
    declareErrors(this.#registry);
    for (const [name, declaration] of Object.entries(options.metrics ?? {})) {
      this.#registry.declare(name, declaration);
    }
    this.#watch = new RunWatch(options, {
      apm: this,
      service: this.service,
      clock,
      redact,
      sinks: this.#sinks,
      registry: this.#registry,
      ledger: this.#ledger,
      capture: (error, options) => this.#capture.capture(error, options),
    });
    if (this.service.deployment) this.deployed(this.service.deployment);
  }

  observe(request: ObservedRequest): Observation {
    return this.#ownTime.measure(() => new UniteObservation(this.#host, Object(request)));
  }

  count(name: string, value = 1, labels?: Labels): void {
    this.#registry.putAs('counter', name, value, labels);
  }

  gauge(name: string, value: number, labels?: Labels): void {
    this.#registry.putAs('gauge', name, value, labels);
  }

  record(name: string, value: number, labels?: Labels): void {
    this.#registry.putAs('histogram', name, value, labels);
  }

  recordAiUsage(usage: AiUsage): void {
    this.#ledger.recordAiUsage(usage);
  }

  recordCost(entry: CostEntry): void {
    this.#ledger.recordCost(entry);
  }

  captureError(error: unknown, options?: CaptureOptions): string | undefined {
    return this.#closing ? undefined : this.#capture.capture(error, options);
  }

  eventId(): string | undefined {
    return this.#capture.eventId();
  }

  feedback(feedback: FeedbackEvent): boolean {
    return this.#closing === undefined && this.#sinks.feedback(feedback);
  }

  deployed(deployment: Deployment): void {
    try {
      this.#sinks.deployment({ atMs: this.#clock.wallMs(), ...deployment }, this.service);
    } catch {
      warnOnce('UNITE_APM_DEPLOYMENT_UNREADABLE', 'A deployment that cannot be read was told to nobody');
    }
  }

  routes(): readonly RouteReport[] {
    return this.#routes.reports();
  }

  costs(): CostReport {
    return this.#ledger.report();
  }

  slos(): readonly SloReport[] {
    return this.#slos.reports();
  }

  budget(): BudgetReport {
    return { ...this.#budget.report(), ownMicrosPerRequest: this.#ownTime.median() };
  }

  integrity(): IntegrityReport {
    const sinks = this.#sinks.stats();
    const lostRuns = this.#watch?.lostRuns ?? [];
    const errors = this.#capture.counts();
    const isComplete =
      lostRuns.length === 0 &&
      errors.overBudget === 0 &&
      this.#budget.report().budgets.every(({ dropped }) => dropped === 0) &&
      sinks.every(({ dropped }) => droppedOf(dropped) === 0);
    return { errors, metrics: this.#registry.counts(), sinks, lostRuns, isComplete };
  }

  flush(options?: CloseOptions): Promise<ApmFlushReport> {
    this.#watch?.report();
    return this.#sinks.flush(options);
  }

  close(options?: CloseOptions): Promise<ApmFlushReport> {
    this.#closing ??= this.#close(options);
    return this.#closing;
  }

  async #close(options?: CloseOptions): Promise<ApmFlushReport> {
    this.#watch?.report();
    const report = await this.#sinks.close(options);
    await this.#watch?.close();
    return report;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** One of core's holds where the host has none of its own, or cannot say. */
  #contextOfRequest() {
    try {
      return this.#context() ?? currentContext();
    } catch {
      warnOnce('UNITE_APM_CONTEXT_FAILED', 'The option "context" threw: requests are observed without it');
      return currentContext();
    }
  }

  #deliver(event: ErrorEvent): void {
    this.#registry.put(errorsMetric, 1, { kind: event.kind, type: event.exceptions[0].type });
    this.#sinks.error(event);
    this.#watch?.beat();
  }

  readonly #host = {
    nowMs: () => this.#clock.monotonicMs(),
    wallMs: () => this.#clock.wallMs(),
    context: () => this.#contextOfRequest(),
    capture: (error: unknown, options: CaptureOptions) =>
      this.#closing ? undefined : this.#capture.capture(error, options),
    finish: (request: FinishedRequest, method: string, template: string, traceId: string | undefined) =>
      this.#ownTime.measure(() => this.#finish(request, method, template, traceId)),
  };

  #finish(request: FinishedRequest, method: string, template: string, traceId: string | undefined): void {
    const route = this.#routes.admit(request.route);
    const admitted = route === request.route ? request : { ...request, route };
    this.#routes.record(admitted);
    this.#slos.record(request);
    this.#recordRequest(admitted, method, route === request.route ? template : route, traceId);
  }
}

function describeService(service: Service, clock: Clock): Service {
  const { deployment } = service;
  return {
    ...service,
    instanceId: service.instanceId ?? crypto.randomUUID(),
    ...(deployment && { deployment: { atMs: clock.wallMs(), release: service.release, ...deployment } }),
  };
}
