import { type Attributes, type AttributeValue, type Span, SpanStatusCode, trace } from '@opentelemetry/api';
import { recordThrown } from './attributes/record-thrown';

/** Work inside a span. What it returns, the span's caller gets. */
export type SpanWork<Result> = (span: Span) => Result;

/**
 * Runs `work` inside a span of its own, the child of what is active. A failure is noted on the span and thrown on.
 * Without a running set-up it just runs `work`.
 *
 * @param name low-cardinality: `score-lead`, never `score-lead 42`; what is no text is `unnamed`
 * @returns what `work` returns; the span ends when a returned promise has settled
 * @example
 * const score = await span('score-lead', { 'crm.lead.id': lead.id }, async (s) => {
 *   const result = await model.score(lead);
 *   s.setAttribute('crm.lead.score', result.score);
 *   return result;
 * });
 */
export function span<Result>(name: string, work: SpanWork<Result>): Result;
/**
 * The same, with attributes from the start.
 *
 * @param attributes texts, numbers, booleans and lists of them; others, and what throws when read, are dropped
 */
export function span<Result>(name: string, attributes: Attributes, work: SpanWork<Result>): Result;
export function span<Result>(
  name: string,
  ...rest: [SpanWork<Result>] | [Attributes, SpanWork<Result>]
): Result {
  const [attributes, work] = rest.length === 1 ? [{}, rest[0]] : rest;
  const options = { attributes: readable(attributes) };
  return trace.getTracer('@unite/tracing').startActiveSpan(nameOf(name), options, (active) => {
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

/** Types are no promise at run time, and a span that cannot be named well is no reason to leave the work undone. */
function nameOf(name: unknown): string {
  return typeof name === 'string' && name !== '' ? name : 'unnamed';
}

/** A copy without what throws when it is read: a getter of an application's object, a proxy that was revoked. */
function readable(attributes: Attributes): Attributes {
  const copy: Attributes = {};
  for (const key of attempt(() => Object.keys(attributes)) ?? []) {
    const value = attempt(() => copyOf(attributes[key]));
    if (value !== undefined) copy[key] = value;
  }
  return copy;
}

function copyOf(value: AttributeValue | undefined): AttributeValue | undefined {
  return Array.isArray(value) ? (Array.from<unknown>(value) as AttributeValue) : value;
}

function attempt<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Notes the failure and ends the span. */
function failed(active: Span, error: unknown): unknown {
  const { message } = recordThrown(active, error);
  active.setStatus({ code: SpanStatusCode.ERROR, message });
  active.end();
  return error;
}
