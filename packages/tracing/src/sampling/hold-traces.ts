import { AsyncLocalStorage } from 'node:async_hooks';
import { type Context, SpanStatusCode, trace } from '@opentelemetry/api';
import { hrTimeToMilliseconds } from '@opentelemetry/core';
import type { ReadableSpan, Span } from '@opentelemetry/sdk-trace-base';
import { backgroundClock, OldestFirst } from '@unite/shared';
import type { SamplingDecision, SpanSink, TailSampler } from '../pipeline-types';
import { PastDecisions } from './past-decisions';
import type { KeepReason } from './sampling-types';
import { stampReason } from './stamp-reason';
import type { TailSamplerOptions } from './tail-sampler';
import { withinRatio } from './within-ratio';

/** A local root and the spans below it. Every one of its spans carries it, however long that span lives. */
interface HeldTrace {
  readonly traceId: string;
  readonly openedAtMs: number;
  /** Gone when it is decided, as are the spans: a span that never ends must not keep them. */
  root: Span | undefined;
  spans: ReadableSpan[];
  hasError: boolean;
  decision: SamplingDecision | undefined;
}

type Marked = { [trace: symbol]: HeldTrace | undefined };

const none: ReadableSpan[] = [];

/** The sampler for ratios below 1: holds the spans that ended until their local root has. */
export class HoldTraces implements TailSampler {
  /** On the span itself: a property costs a fifth of what an entry in a WeakMap does. One for each sampler. */
  readonly #trace = Symbol('unite.tracing.trace');
  readonly #open = new OldestFirst<HeldTrace, undefined>();
  readonly #past: PastDecisions;
  readonly #options;
  readonly #isWithinRatio: (traceId: string) => boolean;
  readonly #sink: SpanSink;
  /** The timer belongs to no request. */
  readonly #outsideOfRequests = AsyncLocalStorage.snapshot();
  #watch: AbortController | undefined;

  #started = 0;
  #ended = 0;
  #openSpans = 0;
  #dropped = 0;
  #overLimit = 0;
  readonly #kept = { all: 0, ratio: 0, error: 0, slow: 0, early: 0 };
  readonly #early = { tooMany: 0, tooLong: 0 };
  readonly #late = { kept: 0, dropped: 0, forgotten: 0 };

  constructor(options: TailSamplerOptions, sink: SpanSink) {
    this.#options = {
      keepErrors: options.keepErrors ?? true,
      keepSlowerThanMs: options.keepSlowerThanMs ?? Infinity,
      maxOpenTraces: options.maxOpenTraces ?? 10_000,
      maxOpenSpans: options.maxOpenSpans ?? 100_000,
      maxSpansPerTrace: options.maxSpansPerTrace ?? 1_000,
      maxOpenMs: options.maxOpenMs ?? 60_000,
      clock: options.clock ?? backgroundClock,
    };
    this.#past = new PastDecisions(options.maxDecisions ?? 10_000);
    this.#isWithinRatio = withinRatio(options.ratio ?? 1);
    this.#sink = sink;
  }

  onStart(span: Span, parentContext: Context): void {
    this.#started += 1;
    // Through the parent itself, not the trace id: one trace may have several local roots in a process.
    const parent = trace.getSpan(parentContext) as Marked | undefined;
    (span as unknown as Marked)[this.#trace] = parent?.[this.#trace] ?? this.#openTrace(span);
  }

  onEnd(span: ReadableSpan): void {
    this.#ended += 1;
    const held = (span as unknown as Marked)[this.#trace];
    const decision = held ? held.decision : (this.#past.of(span.spanContext().traceId) ?? 'forgotten');
    if (decision !== undefined) this.#endLate(span, decision);
    else if (held) this.#endHeld(span, held);
  }

  decideAll(): void {
    for (const { key: held } of this.#open) this.#decide(held, this.#earlyReason(held));
    this.#watch?.abort();
    this.#watch = undefined;
  }

  decisionOf(traceId: string): SamplingDecision | undefined {
    return this.#past.of(traceId);
  }

  /** Open traces are left open: deciding on them would cut them. */
  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {
    this.decideAll();
  }

  stats(): ReturnType<TailSampler['stats']> {
    return {
      started: this.#started,
      ended: this.#ended,
      kept: { ...this.#kept },
      dropped: this.#dropped,
      early: { ...this.#early },
      late: { ...this.#late },
      overLimit: this.#overLimit,
      openTraces: this.#open.size,
      openSpans: this.#openSpans,
    };
  }

  #openTrace(root: Span): HeldTrace {
    if (this.#open.size >= this.#options.maxOpenTraces) this.#decideOldest(() => true);
    const held: HeldTrace = {
      traceId: root.spanContext().traceId,
      openedAtMs: this.#options.clock.monotonicMs(),
      root,
      spans: [],
      hasError: false,
      decision: undefined,
    };
    this.#open.set(held, undefined);
    this.#startWatch();
    return held;
  }

  #endHeld(span: ReadableSpan, held: HeldTrace): void {
    if (span.status.code === SpanStatusCode.ERROR) held.hasError = true;
    const isRoot = span === held.root;
    // There is always room for the root.
    if (!isRoot && held.spans.length >= this.#options.maxSpansPerTrace - 1) {
      this.#overLimit += 1;
      return;
    }
    held.spans.push(span);
    this.#openSpans += 1;
    if (isRoot) this.#decide(held, this.#reason(held, hrTimeToMilliseconds(span.duration)));
    else if (this.#openSpans > this.#options.maxOpenSpans)
      this.#decideOldest(({ spans }) => spans.length > 0);
  }

  /** A late failure changes nothing: the rest of its trace is gone. */
  #endLate(span: ReadableSpan, decision: SamplingDecision | 'forgotten'): void {
    this.#late[decision] += 1;
    if (decision === 'kept') this.#sink([span]);
  }

  #decideOldest(isMeant: (held: HeldTrace) => boolean): void {
    for (const { key: held } of this.#open) {
      if (!isMeant(held)) continue;
      this.#early.tooMany += 1;
      this.#decide(held, this.#earlyReason(held));
      break;
    }
  }

  #decide(held: HeldTrace, reason: KeepReason | undefined): void {
    const { traceId, root, spans } = held;
    held.decision = reason === undefined ? 'dropped' : 'kept';
    held.root = undefined;
    held.spans = none;
    this.#open.delete(held);
    this.#openSpans -= spans.length;
    this.#past.note(traceId, held.decision);
    if (reason === undefined) {
      this.#dropped += 1;
      return;
    }
    this.#kept[reason] += 1;
    if (root) stampReason(root, reason);
    if (spans.length > 0) this.#sink(spans);
  }

  /** The ratio comes last, so that only traces which stand for others are marked with it. */
  #reason({ hasError, traceId }: HeldTrace, durationMs: number): KeepReason | undefined {
    if (hasError && this.#options.keepErrors) return 'error';
    if (durationMs > this.#options.keepSlowerThanMs) return 'slow';
    return this.#isWithinRatio(traceId) ? 'ratio' : undefined;
  }

  #earlyReason(held: HeldTrace): KeepReason | undefined {
    const openMs = this.#options.clock.monotonicMs() - held.openedAtMs;
    return this.#reason(held, openMs) && 'early';
  }

  #startWatch(): void {
    if (this.#watch) return;
    const watch = new AbortController();
    this.#watch = watch;
    // It rejects when everything is decided at once.
    this.#outsideOfRequests(() => void this.#decideOverdue(watch).catch(() => {}));
  }

  /** Waits for the oldest trace, again and again, until none is open. */
  async #decideOverdue(watch: AbortController): Promise<void> {
    const { clock, maxOpenMs } = this.#options;
    try {
      for (let { oldest } = this.#open; oldest; { oldest } = this.#open) {
        const held = oldest.key;
        const leftMs = held.openedAtMs + maxOpenMs - clock.monotonicMs();
        if (leftMs > 0) await clock.sleep(leftMs, watch.signal);
        if (held.decision !== undefined) continue;
        this.#early.tooLong += 1;
        this.#decide(held, this.#earlyReason(held));
      }
    } finally {
      if (this.#watch === watch) this.#watch = undefined;
    }
  }
}
