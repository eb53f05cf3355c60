import type { RouteWrapper } from '@unite/core';
import { checkOptions, expects, optionChecks } from '@unite/shared';
import { checkBoundTokens } from '../csrf/check-bound-tokens';
import { createCsrf } from '../csrf/create-csrf';
import { csrfError, csrfVary } from '../csrf/csrf-error';
import type { Csrf, CsrfOptions } from '../csrf/csrf-types';
import type { CryptoError } from '../errors';
import { withHeaders } from './with-headers';

/** How one route is protected, or those that do not say otherwise. */
export interface CsrfRouteOptions {
  /**
   * `respond` answers with a problem document, so that the package needs no other; `throw` leaves that to
   * `withProblems`, whose documents know more.
   *
   * @default 'respond'
   */
  readonly onRefused?: 'respond' | 'throw' | undefined;
  /**
   * The session of a request's cookie, where `createCsrf` was given `secrets`: `undefined` where there is none, and no
   * other value that is not text.
   *
   * @default none
   */
  readonly sessionId?: ((request: Request) => string | undefined | Promise<string | undefined>) | undefined;
}

/** What one route may say for itself. */
export interface RouteCsrfOptions {
  /**
   * `false` for a route that no browser calls with a cookie. It says nothing to {@link refuseCrossSite}: where that
   * stands in front, in `proxy.ts`, the route's path has to be one of `ignorePaths` as well.
   */
  readonly csrf?: CsrfRouteOptions | false | undefined;
}

/**
 * Refuses with 403 what other sites make a browser send. Goes inside `withProblems`. Prefetches of Next.js pass, as
 * every GET does. Server actions go through no route: {@link refuseCrossSite} protects them in `proxy.ts`, besides what
 * Next.js itself compares.
 *
 * @param csrf what `createCsrf` made, or options for one
 * @param defaults what a route does not say
 * @throws TypeError for an option that is unknown or malformed
 * @example
 * export const route = compose(withContext({ identify }), withProblems(problems), withCsrf());
 * // app/api/webhooks/route.ts: signed by its sender
 * export const POST = route(webhook, { csrf: false });
 */
export function withCsrf(
  csrf: Csrf | CsrfOptions = {},
  defaults: CsrfRouteOptions = {},
): RouteWrapper<RouteCsrfOptions> {
  const guard = isCsrf(csrf) ? csrf : createCsrf(csrf);
  checkOptions('withCsrf', defaults, checks);
  checkBoundTokens('withCsrf', csrf, defaults.sessionId);
  return (handler, options) => {
    if (options?.csrf === false) return handler;
    const { onRefused = defaults.onRefused ?? 'respond', sessionId = defaults.sessionId } =
      options?.csrf ?? {};
    checkOptions('withCsrf', options?.csrf ?? {}, checks);

    return async (request, args) => {
      const { allowed, reason, varies } = await decide(guard, request, await sessionId?.(request));
      if (!allowed) {
        const error = csrfError(reason);
        if (onRefused === 'throw') throw error;
        return problemResponse(error);
      }
      const response = await handler(request, args);
      return varies ? withHeaders(response, (headers) => headers.append('Vary', csrfVary)) : response;
    };
  };
}

/**
 * The same for `proxy.ts`, in front of pages and their server actions: a response where the request is refused.
 *
 * It asks for no tokens, and knows no routes: `csrf: false` of a route behind it ({@link withCsrf}) has no effect on what
 * it refuses. Name such paths in `ignorePaths`, or keep them out of the proxy's `matcher`.
 *
 * @throws TypeError for an option that is unknown or malformed
 * @example
 * const refused = refuseCrossSite(csrf);
 * export const proxy = async (request: NextRequest) => (await refused(request)) ?? NextResponse.next();
 */
export function refuseCrossSite(
  csrf: Csrf | CsrfOptions = {},
): (request: Request) => Promise<Response | undefined> {
  const guard = isCsrf(csrf) ? csrf : createCsrf(csrf);
  checkBoundTokens('refuseCrossSite', csrf, undefined);
  return async (request) => {
    const { allowed, reason } = await decide(guard, request);
    return allowed ? undefined : problemResponse(csrfError(reason));
  };
}

async function decide(csrf: Csrf, request: Request, sessionId?: string) {
  const { pathname, host } = new URL(request.url);
  const { method, headers } = request;
  const decision = await csrf.check({
    method,
    headers,
    path: pathname,
    host: headers.get('host') ?? host,
    sessionId,
  });
  return { ...decision, varies: decision.reason !== 'safe-method' && decision.reason !== 'ignored-path' };
}

function problemResponse({ problem }: CryptoError): Response {
  const { headers, ...members } = problem;
  return new Response(JSON.stringify(members), {
    status: members.status,
    headers: { ...headers, 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store' },
  });
}

function isCsrf(csrf: Csrf | CsrfOptions): csrf is Csrf {
  return 'check' in csrf;
}

const checks = {
  onRefused: expects("'respond' or 'throw'", (value) => value === 'respond' || value === 'throw'),
  sessionId: optionChecks.function,
};
