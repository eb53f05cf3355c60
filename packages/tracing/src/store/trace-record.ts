import { spanTree } from './span-tree';
import type { StoredSpan, StoredTrace, TraceSummary } from './store-types';

/** The spans of one trace, in any order and from several batches. */
export class TraceRecord {
  readonly #traceId: string;
  readonly #maxSpans: number;
  readonly #spans = new Map<string, StoredSpan>();
  #dropped = 0;
  /** Whether a span ended that is the first of the trace in its process. */
  hasRoot = false;

  constructor(traceId: string, maxSpans: number) {
    this.#traceId = traceId;
    this.#maxSpans = maxSpans;
  }

  /** A span that comes twice is one span. */
  add(span: StoredSpan, isRoot: boolean): void {
    this.hasRoot ||= isRoot;
    if (this.#spans.size < this.#maxSpans || this.#spans.has(span.spanId)) this.#spans.set(span.spanId, span);
    else this.#dropped += 1;
  }

  trace(): StoredTrace {
    return { ...this.summary(), roots: spanTree(this.#spans.values()) };
  }

  summary(): TraceSummary {
    let startedAtMs = Infinity;
    let endedAtMs = 0;
    let hasError = false;
    for (const span of this.#spans.values()) {
      startedAtMs = Math.min(startedAtMs, span.startedAtMs);
      endedAtMs = Math.max(endedAtMs, span.startedAtMs + span.durationMs);
      hasError ||= span.status === 'error';
    }
    return {
      traceId: this.#traceId,
      name: this.#name(),
      spans: this.#spans.size,
      startedAtMs,
      durationMs: endedAtMs - startedAtMs,
      hasError,
      dropped: this.#dropped,
    };
  }

  /** With a `proxy.ts`, the first server span of Next.js ends before anybody knows the route; the one below it does. */
  #name(): string {
    const [routed] = [...this.#spans.values()]
      .filter(({ kind, attributes }) => kind === 'server' && attributes['http.route'] !== undefined)
      .sort((one, other) => one.startedAtMs - other.startedAtMs);
    return (routed ?? spanTree(this.#spans.values())[0])?.name ?? '';
  }
}
