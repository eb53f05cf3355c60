import { context, trace } from '@opentelemetry/api';
import { currentContext, deriveContext, runWithContext } from '@unite/core/context';
import { checkOptions, optionChecks } from '@unite/shared';
import { contextAttributes } from '../request/request-attributes';
import { serverSpanOf } from '../request/server-span-of';

/** Runs `work` with the context of the page being rendered. */
export type PageRunner = <Result>(work: () => Result | Promise<Result>) => Promise<Result>;

/** Options of `pageTracing`. */
export interface PageTracingOptions {
  /** What `pageContext` of `@unite/core/next` returned. */
  readonly page: PageRunner;
}

/**
 * What `withTracing` is to routes, for pages: the span that Next.js makes of a page says whose request it was, and the
 * context which trace it belongs to.
 *
 * @throws TypeError for an option that is unknown, missing or malformed
 * @example
 * export const page = pageTracing({ page: pageContext({ headers, identify }) });
 */
export function pageTracing(options: PageTracingOptions): PageRunner {
  checkOptions('pageTracing', options, { page: optionChecks.function }, ['page']);
  const { page } = options;
  return (work) =>
    page(() => {
      const span = serverSpanOf(trace.getSpan(context.active()));
      const unite = currentContext();
      if (!span?.isRecording() || !unite) return work();
      span.setAttributes(contextAttributes(unite));
      return runWithContext(deriveContext(unite, { traceId: span.spanContext().traceId }), work);
    });
}
