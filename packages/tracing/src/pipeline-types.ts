import type { TextMapPropagator } from '@opentelemetry/api';
import type { Instrumentation } from '@opentelemetry/instrumentation';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { ExportStats } from './exporters/exporter-types';
import type { SamplingStats } from './sampling/sampling-types';
import type { FlushReport, Propagation } from './types';

// What the parts of a running set-up are to each other. Public where somebody puts the parts together himself.

/** Where the sampler puts what is kept: the spans of one trace, or one that came late. Never throws, never waits. */
export type SpanSink = (spans: readonly ReadableSpan[]) => void;

/** What became of a local root. */
export type SamplingDecision = 'kept' | 'dropped';

/** Holds the spans of open traces, and decides. */
export interface TailSampler extends SpanProcessor {
  /** Decides on every open trace by what is there: before the end. */
  decideAll(): void;
  /**
   * What became of a trace, for spans of it that were made elsewhere, such as in a browser. `kept` where any local root
   * of the trace was; `undefined` where none was decided yet, or it was so long ago that it is forgotten.
   */
  decisionOf(traceId: string): SamplingDecision | undefined;
  stats(): SamplingStats & { readonly started: number; readonly ended: number };
}

/** A queue for each exporter. */
export interface ExportPipeline {
  readonly push: SpanSink;
  /** Sends what is queued. Never rejects. */
  flush(timeoutMs: number): Promise<FlushReport>;
  /** Flushes, then shuts the exporters down. What comes later is dropped and counted. Idempotent, never rejects. */
  close(timeoutMs: number): Promise<FlushReport>;
  stats(): readonly ExportStats[];
}

/** The propagator that is registered, which the adapters use too. */
export interface UnitePropagator extends TextMapPropagator, Propagation {}

/** Instrumentations by name, and whether each found what it patches. */
export interface InstrumentationSet {
  readonly instrumentations: readonly Instrumentation[];
  /**
   * For each name: the modules that were patched, and those that were loaded before, or loaded as ES modules without a
   * hook, so that nothing of them is seen.
   */
  report(): readonly PatchReport[];
}

/** What became of one instrumentation. */
export interface PatchReport {
  readonly name: string;
  readonly patched: readonly string[];
  /** Modules that are loaded and not patched, with the reason. */
  readonly missed: readonly { readonly module: string; readonly reason: 'loaded-before' | 'no-esm-hook' }[];
  /** In words, where there is more to say, such as that a later version hides what it patches. */
  readonly note?: string | undefined;
}
