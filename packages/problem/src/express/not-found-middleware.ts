import { checkProblems } from '../check-problems';
import type { Middleware } from './express-types';
import { type ProblemRenderer, sendProblem } from './send-problem';

/**
 * Answers 404 where no route matched. Register it after every route.
 *
 * @throws TypeError for what is no registry
 * @example
 * app.use(notFoundMiddleware(problems));
 */
export function notFoundMiddleware(problems: ProblemRenderer): Middleware {
  checkProblems('notFoundMiddleware', problems, 'render');
  return (request, response) => sendProblem(problems, problems.error(404), request, response);
}
