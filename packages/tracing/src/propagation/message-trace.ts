import { type Context, context, isSpanContextValid, trace } from '@opentelemetry/api';
import { withClaim } from './claimed-parent';
import { readParent } from './read-parent';
import { headerReader, TraceHeaders } from './trace-headers';
import { formatTraceParent } from './trace-parent';

/** How the work on a message belongs to what sent it. */
export interface ContinueOptions {
  /**
   * `child`: a part of the sender's trace, as for work that somebody waits for. `link`: a trace of its own that points
   * back, as for work on batches or much later.
   *
   * @default 'child'
   */
  readonly as?: 'child' | 'link' | undefined;
}

/**
 * Writes the active trace into the fields of a message, for whoever works on it: `traceparent` and, where there is
 * one, `tracestate`. Without an active span nothing is written.
 *
 * @returns the same fields
 * @example
 * await redis.xAdd('jobs', '*', injectTrace({ leadId }));
 */
export function injectTrace<Carrier extends Record<string, string>>(carrier: Carrier): Carrier {
  const span = trace.getSpanContext(context.active());
  if (!span || !isSpanContextValid(span)) return carrier;
  const fields: Record<string, string> = carrier;
  fields.traceparent = formatTraceParent(span);
  const state = span.traceState?.serialize();
  if (state) fields.tracestate = state;
  return carrier;
}

/**
 * Runs `work` in the trace that a message carries. The message is trusted: the queue is the application's own. One that
 * carries no trace, or a malformed one, starts a trace of its own.
 *
 * @returns what `work` returns
 * @example
 * await continueTrace(message, () => span('score-lead', () => score(message.leadId)));
 */
export function continueTrace<Result>(
  carrier: Readonly<Record<string, string | undefined>>,
  work: () => Result,
  { as = 'child' }: ContinueOptions = {},
): Result {
  const parent = readParent(['w3c'], new TraceHeaders(headerReader(carrier), {}));
  const own: Context = trace.deleteSpan(context.active());
  if (!parent) return context.with(own, work);
  return context.with(as === 'child' ? trace.setSpanContext(own, parent) : withClaim(own, parent), work);
}
