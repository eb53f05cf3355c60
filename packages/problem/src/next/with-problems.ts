import type { RouteWrapper } from '@unite/core';
import { checkProblems } from '../check-problems';
import { problemPage } from '../docs/problem-page';
import type { Problems } from '../types';
import { isControlFlow } from './is-control-flow';

/**
 * Whatever the handler throws becomes one problem document; what Next.js throws to steer itself goes on.
 *
 * @throws TypeError for what is no registry
 * @example
 * export const route = compose(withContext(), withTracing(tracing), withProblems(problems));
 */
export function withProblems(problems: Pick<Problems, 'respond'>): RouteWrapper {
  checkProblems('withProblems', problems, 'respond');
  return (handler) => async (request, args) => {
    try {
      return await handler(request, args);
    } catch (error) {
      if (isControlFlow(error)) throw error;
      return problems.respond(error, request, { html: problemPage });
    }
  };
}
