import type { RouteArgs, RouteWrapper } from '@unite/core';
import type { Answer } from '../response/answer';
import type { Forwarding } from '../response/forwarding';
import { ResponseCache } from '../response/response-cache';
import { type ResponseSettings, responseSettings } from '../response/response-settings';
import type { IncomingRequest, ResponseCacheOptions } from '../response/response-types';
import { captureResponse } from './capture-response';

/** How the responses of one route, or of those that do not say otherwise, are cached. */
export type CacheRouteOptions = Partial<Omit<ResponseCacheOptions, 'cache'>>;

/** What one route may say for itself: nothing, and it is not cached. */
export interface RouteCacheOptions {
  readonly cache?: CacheRouteOptions | undefined;
}

/**
 * Caches the responses of those routes that ask for it, as a shared cache in front of the application would
 * (RFC 9111). Goes last into `compose`, so that session, quota and tracing see every request, and what they add to a
 * response is not kept.
 *
 * @param defaults what a route does not say
 * @throws TypeError for an option that is unknown, missing or malformed
 * @example
 * export const route = compose(withContext({ identify }), withProblems(problems), withCache(cache, { scope: 'tenant' }));
 * // app/api/contacts/route.ts
 * export const GET = route(list, { cache: { ttlMs: 60_000, tags: () => ['contacts'] } });
 */
export function withCache(
  cache: ResponseCacheOptions['cache'],
  defaults: CacheRouteOptions = {},
): RouteWrapper<RouteCacheOptions> {
  responseSettings('withCache', { scope: 'global', ttlMs: 1, ...defaults, cache });

  return (handler, options) => {
    if (options?.cache === undefined) return handler;
    // Which options are missing is checked there.
    const given = { ...defaults, ...options.cache, cache } as ResponseCacheOptions;
    const settings = responseSettings('withCache', given);
    const responses = new ResponseCache(settings);

    return async (request, args) => {
      const opened = await responses.open(await incoming(request, args, settings));
      if (opened.kind === 'answer') return toResponse(opened);
      return await forward(opened, settings.maxBodyBytes, () => handler(request, args));
    };
  };
}

async function forward(
  forwarding: Forwarding,
  maxBytes: number,
  handle: () => Response | Promise<Response>,
): Promise<Response> {
  try {
    return await captureResponse(await handle(), forwarding, maxBytes);
  } catch (error) {
    forwarding.abandon();
    throw error;
  }
}

async function incoming(
  request: Request,
  args: RouteArgs | undefined,
  settings: ResponseSettings,
): Promise<IncomingRequest> {
  const { method, headers } = request;
  const { origin, protocol, pathname, search } = new URL(request.url);
  return {
    method,
    // The URL has the name of this process where Next.js knows it by one; `Host` is the client's, and in every key.
    // A rewrite may lead one URL to several routes.
    authority: [
      headers.has('host') ? protocol : origin,
      settings.context()?.route?.replace(/^HEAD /, 'GET '),
    ],
    url: pathname + search,
    params: (await args?.params) ?? {},
    header: (name) => headers.get(name) ?? undefined,
  };
}

/** Next.js itself leaves the body of a HEAD request out. */
function toResponse({ status, headers, body }: Answer): Response {
  const pairs = headers.flatMap(([name, value]) =>
    [value].flat().map((one) => [name, one] as [string, string]),
  );
  return new Response(body.byteLength === 0 ? null : (body as Uint8Array<ArrayBuffer>), {
    status,
    headers: pairs,
  });
}
