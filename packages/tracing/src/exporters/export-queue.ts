import { AsyncLocalStorage } from 'node:async_hooks';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { Clock } from '@unite/core';
import { endsWithin } from '@unite/shared';
import type { FlushReport } from '../types';
import { exportBatch } from './export-batch';
import { exporterName } from './exporter-name';
import type { ExportOptions, ExportStats } from './exporter-types';
import { SpanBatches } from './span-batches';

/** Options of a queue, all given. */
export type QueueSettings = { readonly [Name in keyof ExportOptions]-?: number } & { readonly clock: Clock };

const notSent = 'closed before it was sent';

interface Flush {
  /** Over when so many spans are settled. */
  readonly until: number;
  readonly end: () => void;
}

/** One exporter and the spans that wait for it. One batch is under way at a time. */
export class ExportQueue {
  readonly #exporter: SpanExporter;
  readonly #settings: QueueSettings;
  readonly #waiting: SpanBatches;
  /** Neither the timers nor the requests to the receiver belong to the request whose span was the last of a batch. */
  readonly #outsideOfRequests = AsyncLocalStorage.snapshot();
  readonly #ending = new AbortController();
  readonly #flushes = new Set<Flush>();
  /** Ends the wait for the batch that is under way. */
  #underWay: AbortController | undefined;
  #sending: Promise<void> | undefined;
  #isTimed = false;
  /** Whether the batch that is not full has waited long enough. */
  #isDue = false;
  #isClosed = false;

  #accepted = 0;
  #exported = 0;
  #failed = 0;
  #dropped = 0;
  #lastError: string | undefined;

  constructor(exporter: SpanExporter, settings: QueueSettings) {
    this.#exporter = exporter;
    this.#settings = settings;
    this.#waiting = new SpanBatches(settings.maxQueuedSpans, settings.maxBatchSpans);
  }

  push(spans: readonly ReadableSpan[]): void {
    for (const span of spans) {
      if (!this.#isClosed && this.#waiting.add(span)) this.#accepted += 1;
      else this.#dropped += 1;
    }
    if (this.#waiting.hasFullBatch) this.#start();
    if (this.#waiting.size > 0) this.#startTimer();
  }

  /** Sends what waits now. Never rejects. */
  async flush(timeoutMs: number): Promise<FlushReport> {
    const { clock } = this.#settings;
    const endsAtMs = clock.monotonicMs() + timeoutMs;
    const [exported, failed, until] = [this.#exported, this.#failed, this.#accepted];
    this.#isDue = true;
    this.#start();
    const isSettled = await this.#settled(until, timeoutMs);
    const isForced = await endsWithin(
      Promise.resolve().then(() => this.#exporter.forceFlush?.()),
      endsAtMs - clock.monotonicMs(),
      clock,
    );
    return {
      exported: this.#exported - exported,
      lost: this.#failed - failed + Math.max(0, until - this.#exported - this.#failed),
      timedOut: !(isSettled && isForced),
    };
  }

  /** Flushes and shuts the exporter down; what is left then has failed. Never rejects. */
  async close(timeoutMs: number): Promise<FlushReport> {
    const { clock } = this.#settings;
    const endsAtMs = clock.monotonicMs() + timeoutMs;
    this.#isClosed = true;
    const report = await this.flush(timeoutMs);
    const shutDown = Promise.resolve().then(() => this.#exporter.shutdown());
    // It may fail while the batch under way is given up, before anybody waits for it.
    shutDown.catch(() => {});
    await this.#giveUp();
    const isShutDown = await endsWithin(shutDown, endsAtMs - clock.monotonicMs(), clock);
    return { ...report, timedOut: report.timedOut || !isShutDown };
  }

  stats(): ExportStats {
    return {
      exporter: exporterName(this.#exporter),
      exported: this.#exported,
      failed: this.#failed,
      dropped: this.#dropped,
      queued: this.#accepted - this.#exported - this.#failed,
      lastError: this.#lastError,
    };
  }

  #start(): void {
    this.#sending ??= this.#outsideOfRequests(() => this.#sendAll());
  }

  #startTimer(): void {
    if (this.#isTimed || this.#isDue || this.#isClosed) return;
    this.#isTimed = true;
    const { clock, maxDelayMs } = this.#settings;
    this.#outsideOfRequests(() => clock.sleep(maxDelayMs, this.#ending.signal)).then(
      () => {
        this.#isTimed = false;
        this.#isDue = true;
        this.#start();
      },
      () => {},
    );
  }

  async #sendAll(): Promise<void> {
    // Not in the midst of what a request does: a batch is put into bytes at one go.
    await new Promise((resolve) => setImmediate(resolve));
    let batch = this.#takeBatch();
    while (batch) {
      await this.#send(batch);
      batch = this.#takeBatch();
    }
    this.#sending = undefined;
  }

  #takeBatch(): ReadableSpan[] | undefined {
    const full = this.#waiting.takeFull();
    if (full || !this.#isDue) return full;
    this.#isDue = false;
    return this.#waiting.takeRest();
  }

  async #send(batch: ReadableSpan[]): Promise<void> {
    const { timeoutMs, clock } = this.#settings;
    const count = batch.length;
    this.#underWay = new AbortController();
    const { failed, error } = await exportBatch(this.#exporter, batch, timeoutMs, clock, this.#underWay);
    this.#underWay = undefined;
    this.#settle(count, failed, error);
  }

  #settle(count: number, failed: number, error: string | undefined): void {
    this.#exported += count - failed;
    this.#failed += failed;
    this.#lastError = error ?? this.#lastError;
    for (const flush of this.#flushes) if (this.#isSettled(flush.until)) flush.end();
  }

  #isSettled(until: number): boolean {
    return this.#exported + this.#failed >= until;
  }

  async #settled(until: number, timeoutMs: number): Promise<boolean> {
    if (this.#isSettled(until)) return true;
    const { promise, resolve } = withResolvers();
    const flush = { until, end: resolve };
    this.#flushes.add(flush);
    const isInTime = await endsWithin(promise, timeoutMs, this.#settings.clock);
    this.#flushes.delete(flush);
    return isInTime;
  }

  async #giveUp(): Promise<void> {
    const unsent = this.#waiting.size;
    this.#waiting.clear();
    this.#ending.abort();
    if (this.#underWay) {
      // An exporter that is shut down may say what went wrong, which says more than that it was given up.
      await new Promise((resolve) => setImmediate(resolve));
      this.#underWay?.abort(new Error(this.#lastError ?? notSent));
    }
    await this.#sending;
    if (unsent > 0) this.#settle(unsent, unsent, this.#lastError ?? notSent);
  }
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((resolvePromise) => {
    resolve = resolvePromise;
  });
  return { promise, resolve };
}
