import { type Attributes, type Span, SpanStatusCode, trace } from '@opentelemetry/api';

/** Work inside a span. What it returns, the span's caller gets. */
export type SpanWork<Result> = (span: Span) => Result;

/**
 * Runs `work` inside a span of its own, the child of what is active. A failure is noted on the span and thrown on.
 * Without a running set-up it just runs `work`.
 *
 * @param name low-cardinality: `score-lead`, never `score-lead 42`
 * @param attributes texts, numbers, booleans and lists of them; others are dropped
 * @returns what `work` returns; the span ends when a returned promise has settled
 * @example
 * const score = await span('score-lead', { 'crm.lead.id': lead.id }, async (s) => {
 *   const result = await model.score(lead);
 *   s.setAttribute('crm.lead.score', result.score);
 *   return result;
 * });
 */
export function span<Result>(name: string, work: SpanWork<Result>): Result;
export function span<Result>(name: string, attributes: Attributes, work: SpanWork<Result>): Result;
export function span<Result>(
  name: string,
  ...rest: [SpanWork<Result>] | [Attributes, SpanWork<Result>]
): Result {
  const [attributes, work] = rest.length === 1 ? [{}, rest[0]] : rest;
  return trace.getTracer('@unite/tracing').startActiveSpan(name, { attributes }, (active) => {
    let result: Result;
    try {
      result = work(active);
    } catch (error) {
      throw failed(active, error);
    }
    if (result instanceof Promise) {
      return result.then(
        (value) => {
          active.end();
          return value;
        },
        (error: unknown) => {
          throw failed(active, error);
        },
      ) as Result;
    }
    active.end();
    return result;
  });
}

/** Notes the failure and ends the span. */
function failed(active: Span, error: unknown): unknown {
  const exception = error instanceof Error ? error : String(error);
  active.recordException(exception);
  active.setStatus({
    code: SpanStatusCode.ERROR,
    message: typeof exception === 'string' ? exception : exception.message,
  });
  active.end();
  return error;
}
