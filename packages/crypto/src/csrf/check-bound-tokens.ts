import type { Csrf, CsrfOptions } from './csrf-types';

/**
 * Demands that tokens are asked for where there are `secrets`: without a session none is. What `createCsrf` made may have
 * secrets for other routes.
 *
 * @throws TypeError
 */
export function checkBoundTokens(owner: string, csrf: Csrf | CsrfOptions, sessionId: unknown): void {
  if (!('secrets' in csrf) || csrf.secrets === undefined || sessionId !== undefined) return;
  throw new TypeError(
    `${owner}: option "secrets" needs a "sessionId" that tokens are bound to; without one no token is asked for`,
  );
}
