import { context, isSpanContextValid, trace } from '@opentelemetry/api';
import { revealOwnSpan } from '../propagation/own-spans';
import { formatTraceParent } from '../propagation/trace-parent';
import { serverSpanOf } from '../request/server-span-of';

/** The trace of a page that is being rendered. */
export interface PageTrace {
  /** To show where people ask for help: 32 lower-case hex digits. */
  readonly traceId: string;
  /** For `<meta name="traceparent">`, from which the browser part learns the trace of the page. */
  readonly traceparent: string;
}

/**
 * The trace of the page that is being rendered, or `undefined` where none is. Pages have the span of Next.js itself.
 *
 * @example
 * // app/layout.tsx
 * const page = pageTrace();
 * return <html><head>{page && <meta name="traceparent" content={page.traceparent} />}</head>…
 */
export function pageTrace(): PageTrace | undefined {
  const active = trace.getSpan(context.active());
  const span = (serverSpanOf(active) ?? active)?.spanContext();
  if (!span || !isSpanContextValid(span)) return undefined;
  revealOwnSpan(span);
  return { traceId: span.traceId, traceparent: formatTraceParent(span) };
}
