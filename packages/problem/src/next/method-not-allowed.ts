import type { RouteHandler } from '@unite/core';
import { allowedMethods } from '../allowed-methods';
import { checkProblems } from '../check-problems';
import { problemPage } from '../docs/problem-page';
import type { Problems } from '../types';

/** A handler for each method that a route file can export, without `HEAD` and `OPTIONS`, which Next.js adds. */
export type MethodHandlers = Readonly<Record<'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', RouteHandler>>;

/**
 * Handlers that answer 405 with `Allow`. Next.js alone answers with an empty body.
 *
 * @param methods what the route does answer
 * @throws TypeError for what is no registry and no list of methods
 * @example
 * export const GET = route(list);
 * export const { POST, PUT, PATCH, DELETE } = methodNotAllowed(problems, ['GET']);
 */
export function methodNotAllowed(
  problems: Pick<Problems, 'respond' | 'error'>,
  methods: readonly string[],
): MethodHandlers {
  checkProblems('methodNotAllowed', problems, 'respond');
  const headers = { Allow: allowedMethods('methodNotAllowed', methods) };
  const refuse: RouteHandler = (request) =>
    problems.respond(problems.error(405, { headers }), request, { html: problemPage });
  return { GET: refuse, POST: refuse, PUT: refuse, PATCH: refuse, DELETE: refuse };
}
