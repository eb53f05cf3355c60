import { parseCacheControl, secondsToMs } from './cache-control';
import type { IncomingRequest } from './response-types';

/** What a request allows. */
export interface RequestPolicy {
  /** Oldest response that the client takes, in milliseconds; 0 for `no-cache`. `Infinity` where it does not say. */
  readonly maxAgeMs: number;
  /** The request comes with credentials in `Authorization`. */
  readonly isAuthorized: boolean;
}

/** Why a request passes the cache by. */
export interface Refusal {
  readonly fwd: 'method' | 'bypass';
  readonly detail?: string;
}

/** Headers that ask for a part of a response, or for another answer than a copy of it (RFC 9110 §13.1, §14.2). */
const passedThrough = ['range', 'if-range', 'if-match', 'if-unmodified-since'];

/** What a request allows, or why the cache has nothing to do with it. */
export function requestPolicy(request: IncomingRequest): RequestPolicy | Refusal {
  // RFC 9111 §4: an answer to one method is none to another; HEAD is answered from GET (RFC 9110 §9.3.2).
  if (request.method !== 'GET' && request.method !== 'HEAD') return { fwd: 'method' };
  const preventing = passedThrough.find((name) => request.header(name) !== undefined);
  if (preventing !== undefined) return { fwd: 'bypass', detail: preventing };
  const directives = parseCacheControl(request.header('cache-control'));
  // RFC 9111 §5.2.1.5
  if (directives.has('no-store')) return { fwd: 'bypass', detail: 'no-store' };
  const maxAge = directives.get('max-age');
  return {
    // RFC 9111 §5.2.1.4, §5.2.1.1
    maxAgeMs: directives.has('no-cache') ? 0 : maxAge === undefined ? Infinity : secondsToMs(maxAge),
    isAuthorized: request.header('authorization') !== undefined,
  };
}

/** Whether a request passes the cache by. */
export function isRefusal(policy: RequestPolicy | Refusal): policy is Refusal {
  return 'fwd' in policy;
}
