import type { RouteWrapper } from '@unite/core';
import type { Consistency, OutgoingToken } from '../consistency/types';
import { type CookieStore, keepCookie } from './cookie-store';

/** Options of {@link withConsistency}. */
export interface WithConsistencyOptions {
  /**
   * `cookies` of `next/headers`, for handlers that write and then throw `redirect()`: Next.js makes that
   * response itself, and only takes along what stands in its own cookies.
   */
  readonly cookies?: (() => Promise<CookieStore>) | undefined;
}

/**
 * Route handlers read what their client wrote before, and tell it what they wrote. Goes after `withContext`
 * and before `withProblems`, so that the response to a failure tells of the writes before it too.
 *
 * @example
 * export const route = compose(withContext(), withConsistency(consistency, { cookies }), withProblems(problems));
 */
export function withConsistency(
  consistency: Consistency,
  { cookies }: WithConsistencyOptions = {},
): RouteWrapper {
  return (handler) => async (request, args) => {
    const reply = consistency.receive(request);
    let response: Response;
    try {
      response = await handler(request, args);
    } catch (error) {
      // What the handler threw matters more than a cookie that cannot be set.
      if (cookies) await keepCookie(reply, cookies).catch(() => undefined);
      throw error;
    }
    const token = await reply.token();
    return token ? withToken(response, token) : response;
  };
}

/** Sets the headers, on a copy where the response's own cannot be changed (redirects, proxied fetches). */
function withToken(response: Response, token: OutgoingToken): Response {
  try {
    setHeaders(response.headers, token);
    return response;
  } catch {
    const headers = new Headers(response.headers);
    setHeaders(headers, token);
    return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
  }
}

function setHeaders(headers: Headers, { header, setCookie }: OutgoingToken): void {
  if (header) headers.set(header.name, header.value);
  if (setCookie !== undefined) headers.append('set-cookie', setCookie);
}
