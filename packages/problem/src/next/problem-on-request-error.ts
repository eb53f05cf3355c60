import { checkProblems } from '../check-problems';
import type { ProblemDocument, Problems } from '../types';
import { isControlFlow } from './is-control-flow';

/** One failure outside of route handlers: in a page, a layout, a server action. */
export interface ErrorReport {
  /** What was thrown, unchanged. */
  readonly error: unknown;
  /** What a client may know of it. */
  readonly document: ProblemDocument;
  readonly method: string;
  /** Template of the route file, such as `/contacts/[id]`. */
  readonly route: string;
  /** `render`, `route`, `action` or `proxy`. */
  readonly routeType: string;
}

/**
 * `onRequestError` of `instrumentation.ts`: hands over what failed as a problem, without control flow.
 *
 * @param report gets each failure; what it throws is for Next.js to log
 * @throws TypeError for what is no registry
 * @example
 * export const onRequestError = problemOnRequestError(problems, ({ document, route }) => logger.error({ document, route }));
 */
export function problemOnRequestError(
  problems: Pick<Problems, 'toJSON'>,
  report: (failure: ErrorReport) => void | Promise<void>,
): (
  error: unknown,
  request: { readonly path: string; readonly method: string },
  context: { readonly routePath: string; readonly routeType: string },
) => Promise<void> {
  checkProblems('problemOnRequestError', problems, 'toJSON');
  return async (error, request, context) => {
    if (isControlFlow(error)) return;
    const document = problems.toJSON(error, { url: request.path, headers: { get: () => null } });
    await report({
      error,
      document,
      method: request.method,
      route: context.routePath,
      routeType: context.routeType,
    });
  };
}
