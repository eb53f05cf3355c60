import { type Attributes, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { hrTimeToMilliseconds } from '@opentelemetry/core';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { AttributeValue } from '../types';
import type { StoredSpan } from './store-types';

const kinds = {
  [SpanKind.INTERNAL]: 'internal',
  [SpanKind.SERVER]: 'server',
  [SpanKind.CLIENT]: 'client',
  [SpanKind.PRODUCER]: 'producer',
  [SpanKind.CONSUMER]: 'consumer',
} as const;

const statuses = {
  [SpanStatusCode.UNSET]: 'unset',
  [SpanStatusCode.OK]: 'ok',
  [SpanStatusCode.ERROR]: 'error',
} as const;

/** A span in words and numbers. Holds on to nothing of the span. */
export function toStoredSpan(span: ReadableSpan): StoredSpan {
  return {
    spanId: span.spanContext().spanId,
    parentSpanId: span.parentSpanContext?.spanId,
    name: span.name,
    kind: kinds[span.kind],
    service: String(span.resource.attributes['service.name'] ?? ''),
    scope: span.instrumentationScope.name,
    startedAtMs: hrTimeToMilliseconds(span.startTime),
    durationMs: hrTimeToMilliseconds(span.duration),
    status: statuses[span.status.code],
    statusMessage: span.status.message,
    attributes: copied(span.attributes),
    events: span.events.map(({ name, time, attributes = {} }) => ({
      name,
      atMs: hrTimeToMilliseconds(time),
      attributes: copied(attributes),
    })),
    links: span.links.map(({ context: { traceId, spanId } }) => ({ traceId, spanId })),
  };
}

function copied(attributes: Attributes): Readonly<Record<string, AttributeValue>> {
  const copy: Record<string, AttributeValue> = {};
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) copy[key] = value;
  return copy;
}
