import { checkOptions, systemClock } from '@unite/shared';
import { runWithContext } from '../context/run-with-context';
import { checkIdentity } from '../request/check-identity';
import { type ContextOptions, contextOptionChecks, routeOptionChecks } from '../request/context-options';
import { requestIdFrom, requestIdHeader } from '../request/request-id';
import { RequestLifetime } from '../request/request-lifetime';
import type { RouteWrapper } from '../route-types';
import type { Identity, UniteContext } from '../types';
import { failInside, guardRequest } from './guard-request';
import { routeTemplate } from './route-template';

/** What one route may say for itself. */
export interface RouteContextOptions {
  readonly context?:
    | {
        /** Template without the method, such as `/api/contacts/[id]`. @default Next's own */
        readonly route?: string | undefined;
        /** Replaces the application's `timeoutMs` for this route. */
        readonly timeoutMs?: number | undefined;
      }
    | undefined;
}

/** What `identify` is given: a `Request` in a route handler, the headers alone in a page. */
export interface IncomingHeaders {
  readonly headers: Headers;
}

/**
 * Gives every request its context: id, identity, route template, deadline and abort signal. Goes first
 * into {@link compose}; the response gets `x-request-id`.
 *
 * When `identify` fails, or the deadline passes, the route's innermost layer throws, so that the wrappers
 * between see it like any other failure. The handler is never called with an identity in doubt.
 *
 * @throws TypeError for an option that is unknown or malformed
 * @example
 * const route = compose(withContext({ identify: readSession, timeoutMs: 10_000 }));
 */
export function withContext(
  options: ContextOptions<IncomingHeaders> = {},
): RouteWrapper<RouteContextOptions> {
  checkOptions('withContext', options, contextOptionChecks);
  const { identify, acceptRequestId = true, release, clock = systemClock } = options;

  return (handler, routeOptions) => {
    const { route, timeoutMs = options.timeoutMs } = routeOptions?.context ?? {};
    checkOptions('route context', routeOptions?.context ?? {}, routeOptionChecks);
    const inner = guardRequest(handler);

    return async (request, args) => {
      const lifetime = new RequestLifetime(timeoutMs, request.signal, clock);
      try {
        const { identity, failure } = await identityOf(request);
        const context: UniteContext = {
          requestId: requestIdFrom(request.headers.get(requestIdHeader), acceptRequestId),
          ...identity,
          route: `${request.method} ${route ?? (await routeTemplate(request, args))}`,
          deadlineAtMs: lifetime.deadlineAtMs,
          get signal() {
            return lifetime.signal;
          },
          release,
          state: new Map(),
        };
        if (failure) failInside(context, failure.error);
        const response = await runWithContext(context, () => inner(request, args));
        return withHeader(response, requestIdHeader, context.requestId);
      } finally {
        lifetime.end();
      }
    };
  };

  async function identityOf(request: Request): Promise<{ identity: Identity; failure?: { error: unknown } }> {
    try {
      return { identity: checkIdentity('withContext', await identify?.(request)) };
    } catch (error) {
      return { identity: {}, failure: { error } };
    }
  }
}

/** Sets a header, on a copy where the response's own headers cannot be changed (redirects, proxied fetches). */
function withHeader(response: Response, name: string, value: string): Response {
  try {
    response.headers.set(name, value);
    return response;
  } catch {
    const headers = new Headers(response.headers);
    headers.set(name, value);
    return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
  }
}
