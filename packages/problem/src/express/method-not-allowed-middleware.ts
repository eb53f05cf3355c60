import { allowedMethods } from '../allowed-methods';
import { checkProblems } from '../check-problems';
import type { Middleware } from './express-types';
import { type ProblemRenderer, sendProblem } from './send-problem';

/**
 * Answers 405 with `Allow` where a path exists and its method does not.
 *
 * @throws TypeError for what is no registry and no list of methods
 * @example
 * app.route('/contacts').get(list).post(create).all(methodNotAllowedMiddleware(problems, ['GET', 'POST']));
 */
export function methodNotAllowedMiddleware(
  problems: ProblemRenderer,
  methods: readonly string[],
): Middleware {
  checkProblems('methodNotAllowedMiddleware', problems, 'render');
  const headers = { Allow: allowedMethods('methodNotAllowedMiddleware', methods) };
  return (request, response) => sendProblem(problems, problems.error(405, { headers }), request, response);
}
