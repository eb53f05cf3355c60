import { isSpanContextValid, trace } from '@opentelemetry/api';

/**
 * Id of the trace that is active, 32 lower-case hex digits, or `undefined` outside of one. For logs, problem documents
 * and answers to a person: whoever has it finds the trace.
 *
 * @example
 * defineProblems({ types, members: () => ({ traceId: currentTraceId() }) });
 */
export function currentTraceId(): string | undefined {
  const context = trace.getActiveSpan()?.spanContext();
  return context && isSpanContextValid(context) ? context.traceId : undefined;
}
