import type { SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { AttributeValue } from '../types';

/** Options of `createTraceStore`. */
export interface TraceStoreOptions {
  /** Most traces that are kept; the oldest go first. @default 200 */
  readonly maxTraces?: number | undefined;
  /** Most spans of one trace that are kept. @default 500 */
  readonly maxSpansPerTrace?: number | undefined;
}

/** One span in words and numbers, ready for JSON. */
export interface StoredSpan {
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  readonly service: string;
  /** The instrumentation that made it. */
  readonly scope: string;
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly status: 'unset' | 'ok' | 'error';
  readonly statusMessage: string | undefined;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly events: readonly {
    readonly name: string;
    readonly atMs: number;
    readonly attributes: Readonly<Record<string, AttributeValue>>;
  }[];
  /** Other traces that it is about. */
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
}

/** A span and what happened inside it, by start. */
export interface SpanNode extends StoredSpan {
  readonly children: readonly SpanNode[];
}

/** One trace, as far as this process knows it. */
export interface StoredTrace {
  readonly traceId: string;
  /** Name of the first server span that knows its route, else of the first root. */
  readonly name: string;
  /** Spans whose parent is unknown here; one in a whole trace. */
  readonly roots: readonly SpanNode[];
  readonly spans: number;
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly hasError: boolean;
  /** Spans that found the trace full. */
  readonly dropped: number;
}

/** A line of a list of traces. */
export type TraceSummary = Omit<StoredTrace, 'roots'>;

/** The last traces of this process, for dashboards and development. Goes among the `exporters`. */
export interface TraceStore extends SpanExporter {
  /** The trace, or `undefined` where it is unknown or forgotten. */
  trace(traceId: string): StoredTrace | undefined;
  /** The newest first. @param limit @default 50 */
  traces(limit?: number): readonly TraceSummary[];
  /** Resolves when the trace has a root that ended, or with `undefined` when the signal aborts. */
  waitFor(traceId: string, signal: AbortSignal): Promise<StoredTrace | undefined>;
}
