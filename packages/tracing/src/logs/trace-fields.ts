import { isSpanContextValid, TraceFlags, trace } from '@opentelemetry/api';
import { currentContext } from '@unite/core/context';

/**
 * What joins a line of a log to its trace and its request, as far as there is one: `trace_id`, `span_id` and
 * `trace_flags` of the active span, `request_id` and `tenant_id` of the context. A new object each time, empty outside
 * of both. Costs about 100 ns, and never throws.
 *
 * @see https://opentelemetry.io/docs/specs/otel/compatibility/logging_trace_context/
 * @example
 * winston.format((line) => Object.assign(line, traceFields()));
 */
export function traceFields(): Record<string, string> {
  const fields: Record<string, string> = {};
  const span = trace.getActiveSpan()?.spanContext();
  if (span && isSpanContextValid(span)) {
    fields.trace_id = span.traceId;
    fields.span_id = span.spanId;
    fields.trace_flags = span.traceFlags & TraceFlags.SAMPLED ? '01' : '00';
  }
  const request = currentContext();
  if (request) {
    fields.request_id = request.requestId;
    if (request.tenantId !== undefined) fields.tenant_id = request.tenantId;
  }
  return fields;
}
