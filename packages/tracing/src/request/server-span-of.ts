import { type Context, type Span, SpanKind, trace } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';

/** On the span itself, and the same in every copy of this module: a map would cost more than the span's own start. */
const serverSpanKey = Symbol.for('unite.tracing.server-span');

type Marked = Span & { [serverSpanKey]?: Span };

/**
 * Notes for a span that is started which server span it belongs to. Of several in one process the outermost is the
 * request's: with a `proxy.ts`, Next.js starts a second one for the route.
 */
export function noteServerSpan(span: Span & Pick<ReadableSpan, 'kind'>, parentContext: Context): void {
  const server = serverSpanOf(trace.getSpan(parentContext)) ?? (isServerSpan(span) ? span : undefined);
  if (server) (span as Marked)[serverSpanKey] = server;
}

/** Names the request's server span by the route that one below it has found, where it has none itself. */
export function nameByRoute(ended: ReadableSpan): void {
  const server = (ended as unknown as Marked)[serverSpanKey] as (Span & Partial<ReadableSpan>) | undefined;
  const route = ended.attributes['http.route'];
  if (!server?.isRecording() || ended.kind !== SpanKind.SERVER || route === undefined) return;
  if ((server as unknown) === ended || server.attributes?.['http.route'] !== undefined) return;
  server.updateName(ended.name).setAttribute('http.route', route);
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
