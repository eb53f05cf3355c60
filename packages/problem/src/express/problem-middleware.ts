import { checkProblems } from '../check-problems';
import type { ErrorMiddleware } from './express-types';
import { type ProblemRenderer, sendProblem } from './send-problem';

/**
 * Error middleware that answers with a problem document. Register it last.
 *
 * Once the headers are sent, nothing can be answered any more: the error goes on to Express, which closes the
 * connection, so that the client notices that the body is incomplete. After a complete answer (a deadline's 504,
 * whose handler then failed because its signal aborted) nothing is left to do, and the connection is kept.
 *
 * @throws TypeError for what is no registry
 * @example
 * app.use(problemMiddleware(problems));
 */
export function problemMiddleware(problems: ProblemRenderer): ErrorMiddleware {
  checkProblems('problemMiddleware', problems, 'render');
  return (error, request, response, next) => {
    if (response.writableEnded) return;
    if (response.headersSent) next(error);
    else sendProblem(problems, error, request, response);
  };
}
