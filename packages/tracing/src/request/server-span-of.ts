import { type Context, type Span, SpanKind, trace } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';

/** On the span itself, and the same in every copy of this module: a map would cost more than the span's own start. */
const serverSpanKey = Symbol.for('unite.tracing.server-span');

type Marked = Span & { [serverSpanKey]?: Span };

/** Notes for a span that is started which server span it belongs to. */
export function noteServerSpan(span: Span & Pick<ReadableSpan, 'kind'>, parentContext: Context): void {
  const server = span.kind === SpanKind.SERVER ? span : serverSpanOf(trace.getSpan(parentContext));
  if (server) (span as Marked)[serverSpanKey] = server;
}

/** The server span that `span` is, or is below: Next.js runs a handler in spans of its own. */
export function serverSpanOf(span: Span | undefined): Span | undefined {
  if (!span) return undefined;
  return (span as Marked)[serverSpanKey] ?? (isServerSpan(span) ? span : undefined);
}

/** Spans of the SDK tell their kind, which the API does not know of. */
function isServerSpan(span: Span): boolean {
  return (span as Span & { kind?: SpanKind }).kind === SpanKind.SERVER;
}
