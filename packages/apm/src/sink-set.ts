import type { Clock, CloseOptions } from '@unite/core';
import { endsWithin, warnOnce } from '@unite/shared';
import type { ErrorEvent } from './capture/capture-types';
import type { MetricPoint } from './metrics/metric-types';
import type { Deployment, FeedbackEvent, Service, Sink, SinkHost, SinkStats } from './sink-types';
import type { ApmFlushReport } from './types';

const defaultTimeoutMs = 5_000;

/**
 * The sinks of a set-up. One that breaks its word and throws is told of once, and breaks nothing: what it was given then
 * counts as refused.
 */
export class SinkSet {
  readonly #sinks: readonly Sink[];
  readonly #onMetric: readonly Sink[];
  readonly #clock: Clock;
  readonly #thrown = new Map<Sink, number>();

  constructor(sinks: readonly Sink[], clock: Clock) {
    this.#sinks = sinks;
    this.#onMetric = sinks.filter(({ metric }) => metric);
    this.#clock = clock;
  }

  start(host: SinkHost): void {
    this.#each((sink) => sink.start?.(host));
  }

  error(event: ErrorEvent): void {
    for (const sink of this.#sinks) this.#give(sink, () => sink.error?.(event));
  }

  /** @param mayPush whether sinks that send each value may have it */
  metric(point: MetricPoint, mayPush: () => boolean): void {
    for (const sink of this.#onMetric) {
      if (!sink.sendsPoints || mayPush()) this.#give(sink, () => sink.metric?.(point));
    }
  }

  deployment(deployment: Deployment, service: Service): void {
    this.#each((sink) => sink.deployment?.(deployment, service));
  }

  /** @returns whether a sink takes such */
  feedback(feedback: FeedbackEvent): boolean {
    const takers = this.#sinks.filter((sink) => sink.feedback);
    for (const sink of takers) this.#give(sink, () => sink.feedback?.(feedback));
    return takers.length > 0;
  }

  stats(): readonly ({ readonly name: string } & SinkStats)[] {
    return this.#sinks.map((sink) => ({ name: sink.name, ...this.#statsOf(sink) }));
  }

  #statsOf(sink: Sink): SinkStats {
    const stats = guarded(sink, () => sink.stats()) ?? { accepted: 0, sent: 0, queued: 0, dropped: {} };
    const thrown = this.#thrown.get(sink);
    if (thrown === undefined) return stats;
    const { accepted, dropped } = stats;
    const refused = (dropped.refused ?? 0) + thrown;
    return { ...stats, accepted: accepted + thrown, dropped: { ...dropped, refused } };
  }

  #give(sink: Sink, work: () => void): void {
    guarded(sink, work, () => this.#thrown.set(sink, (this.#thrown.get(sink) ?? 0) + 1));
  }

  flush(options?: CloseOptions): Promise<ApmFlushReport> {
    return this.#drain((sink, timeoutMs) => sink.flush({ timeoutMs }), options);
  }

  close(options?: CloseOptions): Promise<ApmFlushReport> {
    return this.#drain((sink, timeoutMs) => sink.close({ timeoutMs }), options);
  }

  async #drain(
    drain: (sink: Sink, timeoutMs: number) => Promise<void>,
    options: CloseOptions | undefined,
  ): Promise<ApmFlushReport> {
    const timeoutMs = timeoutOf(options);
    const before = this.#totals();
    const work = Promise.allSettled(this.#sinks.map(async (sink) => drain(sink, timeoutMs)));
    const isInTime = await endsWithin(work, timeoutMs, this.#clock);
    const after = this.#totals();
    return {
      sent: after.sent - before.sent,
      lost: after.dropped - before.dropped + after.queued,
      timedOut: !isInTime || after.queued > 0 || after.closed > before.closed,
    };
  }

  #totals() {
    const totals = { sent: 0, dropped: 0, queued: 0, closed: 0 };
    for (const { sent, queued, dropped } of this.stats()) {
      totals.sent += sent;
      totals.queued += queued;
      totals.dropped += droppedOf(dropped);
      totals.closed += dropped.closed ?? 0;
    }
    return totals;
  }

  #each(work: (sink: Sink) => void): void {
    for (const sink of this.#sinks) guarded(sink, () => work(sink));
  }
}

/** All that a sink has dropped, whatever for. */
export function droppedOf(dropped: SinkStats['dropped']): number {
  return Object.values(dropped).reduce((sum, count) => sum + count, 0);
}

/** What is no time is as if it had not been said: an end may not fail for it. */
function timeoutOf(options: CloseOptions | undefined): number {
  const given = Object(options).timeoutMs as unknown;
  return typeof given === 'number' && given >= 0 ? given : defaultTimeoutMs;
}

function guarded<Result>(sink: Sink, work: () => Result, onThrow?: () => void): Result | undefined {
  try {
    return work();
  } catch (error) {
    onThrow?.();
    const message = error instanceof Error ? error.message : String(error);
    warnOnce('UNITE_APM_SINK_THREW', `The sink "${sink.name}" threw, which it must not: ${message}`);
    return undefined;
  }
}
