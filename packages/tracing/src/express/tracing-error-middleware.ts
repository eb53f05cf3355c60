import { context, trace } from '@opentelemetry/api';
import { recordThrown } from '../attributes/record-thrown';
import { serverSpanOf } from '../request/server-span-of';
import type { ErrorMiddleware } from './express-types';

/**
 * Notes on the server span what a handler threw, and passes it on. Goes before the error middleware that answers, and
 * has to be there for the message and the stack to be seen: a middleware in front is not told of errors.
 *
 * @example
 * app.use(tracingErrorMiddleware());
 * app.use(problemMiddleware(problems));
 */
export function tracingErrorMiddleware(): ErrorMiddleware {
  return (error, _request, _response, next) => {
    const span = serverSpanOf(trace.getSpan(context.active()));
    if (span) recordThrown(span, error);
    next(error);
  };
}
