import { controlFlowStatus } from '@unite/shared';
import { problemStatus } from '../observation/problem-status';
import type { Apm } from '../types';

/** What Next.js tells of the request; only the method is read: paths hold values. */
export interface FailedRequest {
  readonly method: string;
}

/** What Next.js tells of the place. @see https://nextjs.org/docs/app/api-reference/file-conventions/instrumentation */
export interface FailedRoute {
  /** `App Router` or `Pages Router`. */
  readonly routerKind?: string;
  /** Template: `/contacts/[id]`. */
  readonly routePath?: string;
  /** `render`, `route`, `action` or `proxy`. */
  readonly routeType?: string;
}

/** Of the type that `instrumentation.ts` exports. */
export type RequestErrorHook = (error: unknown, request: FailedRequest, context: FailedRoute) => void;

/**
 * Captures what pages, server components and actions throw, which no wrapper sees. What a route threw through `withApm`
 * is known already, and counted once. An answer that was meant, such as a problem with a status below 500, is no error.
 *
 * The tag `next.digest` is what the error screen of the page is told.
 *
 * @example
 * // instrumentation.ts
 * export async function onRequestError(...failure: Parameters<RequestErrorHook>) {
 *   const { apm } = await import('./lib/apm');
 *   captureRequestError(apm)(...failure);
 * }
 */
export function captureRequestError(apm: Pick<Apm, 'captureError'>): RequestErrorHook {
  return (error, request, context) => {
    // Whoever calls it by hand may know neither.
    const { method = 'GET' } = Object(request) as FailedRequest;
    const { routePath, routeType, routerKind } = Object(context) as FailedRoute;
    const status = controlFlowStatus(error) ?? problemStatus(error);
    if (status !== undefined && status < 500) return;
    const { digest } = Object(error) as { readonly digest?: unknown };
    apm.captureError(error, {
      kind: 'request',
      ...(routePath !== undefined && { route: `${method} ${routePath}` }),
      tags: {
        ...(routeType && { 'next.route_type': routeType }),
        ...(routerKind && { 'next.router': routerKind }),
        ...(typeof digest === 'string' && { 'next.digest': digest }),
      },
    });
  };
}
