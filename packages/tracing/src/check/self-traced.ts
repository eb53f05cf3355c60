import { SpanKind } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';

/** Where OTLP is sent to: `/v1/traces`, or the service of gRPC. */
const otlpPath = /\/v1\/traces\b|opentelemetry\.proto\.collector\.trace/;

/** Whether a span is about a request to a receiver of spans, which nobody's request caused: an exporter's own. */
export function isSelfTraced({ kind, parentSpanContext, attributes }: ReadableSpan): boolean {
  if (kind !== SpanKind.CLIENT || parentSpanContext) return false;
  return otlpPath.test(
    String(attributes['url.full'] ?? attributes['http.url'] ?? attributes['rpc.service'] ?? ''),
  );
}
