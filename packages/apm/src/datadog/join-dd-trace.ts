import type { ErrorEvent, StackFrame } from '../capture/capture-types';
import type { DatadogSpan, DatadogTracer } from './datadog-types';

/** Identifiers of a span, in hexadecimal. */
export interface SpanIds {
  readonly traceId: string;
  readonly spanId: string;
}

/**
 * Tells the active span of `dd-trace` of an error, the deployment and the tenant.
 *
 * @param tracer `undefined`: the one that runs in this process
 * @returns the span's identifiers; `undefined` where there is none
 */
export function tellActiveSpan(event: ErrorEvent, tracer?: DatadogTracer): SpanIds | undefined {
  try {
    const span = (tracer ?? runningTracer())?.scope().active();
    if (!span) return undefined;
    for (const [name, value] of tagsOf(event)) if (value !== undefined) span.setTag(name, value);
    return idsOf(span);
  } catch {
    // Somebody else's tracer in a version that nobody knew is no reason to lose the error.
    return undefined;
  }
}

/** `dd-trace` leaves its only instance there, for copies of itself. */
function runningTracer(): DatadogTracer | undefined {
  return (globalThis as { readonly _ddtrace?: DatadogTracer })._ddtrace;
}

function tagsOf(event: ErrorEvent): [string, string | undefined][] {
  const [{ type, message, frames }] = event.exceptions;
  const isFailure = event.level !== 'warning';
  return [
    // Any of the three marks the span as failed.
    ['error.type', isFailure ? type : undefined],
    ['error.message', isFailure ? message : undefined],
    ['error.stack', isFailure ? [`${type}: ${message}`, ...frames.map(stackLine)].join('\n') : undefined],
    ['unite.event_id', event.id],
    ['deployment', event.service.deployment?.id],
    ['git.commit.sha', event.service.deployment?.commit],
    ['tenant', event.tenantId],
  ];
}

function idsOf(span: DatadogSpan): SpanIds {
  const context = span.context();
  return { traceId: context.toTraceId(true), spanId: context.toSpanId(true) };
}

function stackLine({ function: name, file, line, column }: StackFrame): string {
  return `    at ${name ?? '<anonymous>'} (${file}:${line}:${column})`;
}
