import type { Middleware } from './express-types';
import { type ProblemRenderer, sendProblem } from './send-problem';

/**
 * Answers 404 where no route matched. Register it after every route.
 *
 * @example
 * app.use(notFoundMiddleware(problems));
 */
export function notFoundMiddleware(problems: ProblemRenderer): Middleware {
  return (request, response) => sendProblem(problems, problems.error(404), request, response);
}
