import { type SpanContext, SpanKind } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { globalSlot } from '@unite/shared';

/** Many more than requests that are between two passes. */
const maxSpans = 4_096;

const slotKey = Symbol.for('unite.tracing.own-spans.1');

/**
 * Remembers the server spans of this process that nobody outside knows. Next.js passes a request to itself, from the
 * proxy to the render, with a `traceparent` in the headers that has to be believed at an edge that believes nobody.
 */
export function noteOwnSpan(span: Pick<ReadableSpan, 'kind' | 'spanContext'>): void {
  if (span.kind !== SpanKind.SERVER) return;
  const { traceId, spanId } = span.spanContext();
  const traces = ownSpans();
  traces.set(spanId, traceId);
  if (traces.size <= maxSpans) return;
  const [oldest] = traces.keys();
  traces.delete(oldest as string);
}

/** Once a client has been told of a span, a claim of it proves nothing. */
export function revealOwnSpan({ spanId }: SpanContext): void {
  ownSpans().delete(spanId);
}

/** Whether only this process can have written this parent. */
export function isOwnSpan({ traceId, spanId }: SpanContext): boolean {
  return ownSpans().get(spanId) === traceId;
}

/** The trace of each span, by its id. */
function ownSpans(): Map<string, string> {
  return globalSlot(slotKey, () => new Map());
}
