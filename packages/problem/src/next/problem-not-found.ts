import type { RouteHandler } from '@unite/core';
import { checkProblems } from '../check-problems';
import { problemPage } from '../docs/problem-page';
import type { Problems } from '../types';

/**
 * The handler of a catch-all API route, so that unknown paths answer with a problem instead of the site's page.
 *
 * @throws TypeError for what is no registry
 * @example
 * // app/api/[...path]/route.ts
 * const notFound = problemNotFound(problems);
 * export { notFound as DELETE, notFound as GET, notFound as PATCH, notFound as POST, notFound as PUT };
 */
export function problemNotFound(problems: Pick<Problems, 'respond' | 'error'>): RouteHandler {
  checkProblems('problemNotFound', problems, 'respond');
  return (request) => problems.respond(problems.error(404), request, { html: problemPage });
}
