import type { ErrorMiddleware } from './express-types';
import { observations } from './observations';

/**
 * Captures what handlers throw, and passes it on. Goes before the error middleware that answers.
 *
 * @example
 * app.use(apmErrorMiddleware());
 * app.use(problemMiddleware(problems));
 */
export function apmErrorMiddleware(): ErrorMiddleware {
  return (error, request, _response, next) => {
    observations.get(request)?.failed(error);
    next(error);
  };
}
