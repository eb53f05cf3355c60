import { type CacheStatus, withCacheStatus } from './cache-status';
import { isKeptIn304, isNotModified } from './conditional';
import type { HeaderValue, IncomingRequest, StoredResponse } from './response-types';

/** What is sent instead of calling the handler. */
export interface Answer {
  readonly kind: 'answer';
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: HeaderValue])[];
  /** Of a HEAD request too: who sends it leaves it out. */
  readonly body: Uint8Array;
}

const nothing = new Uint8Array();

/**
 * The answer to a request from a stored response: whole, or as a 304 where the client has it.
 *
 * @param ageMs since the miss that the response answered; `undefined` where it has only just been made
 */
export function answerFrom(
  stored: StoredResponse,
  request: Pick<IncomingRequest, 'header'>,
  ageMs: number | undefined,
  status: CacheStatus,
): Answer {
  const isUnchanged = isNotModified(request, stored.status, stored.headers);
  const headers: (readonly [string, HeaderValue])[] = isUnchanged
    ? stored.headers.filter(([name]) => isKeptIn304(name))
    : [...stored.headers];
  // RFC 9110 §8.6: a 204 has no length, and that of a 304 is the other's.
  if (!isUnchanged && stored.status !== 204) headers.push(['content-length', String(stored.body.byteLength)]);
  if (ageMs !== undefined) {
    // RFC 9111 §5.1, §4.2.3: whole seconds since it was made at the origin.
    headers.push(['age', String(Math.floor((ageMs + stored.initialAgeMs) / 1000))]);
  }
  headers.push(['cache-status', withCacheStatus(undefined, status)]);
  return {
    kind: 'answer',
    status: isUnchanged ? 304 : stored.status,
    headers,
    body: isUnchanged ? nothing : stored.body,
  };
}
