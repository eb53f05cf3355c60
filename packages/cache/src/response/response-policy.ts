import { type CacheDirectives, fieldsOf, namesIn, parseCacheControl, secondsToMs } from './cache-control';
import { headerOf } from './conditional';
import type { ResponseHead, ResponseScope } from './response-types';

/** What a response may be kept as. */
export interface Storable {
  readonly lifetimeMs: number;
  readonly initialAgeMs: number;
  readonly isPublic: boolean;
  /** Names of the request headers that it depends on, in order. */
  readonly varyNames: readonly string[];
  /** Headers that may be kept. */
  readonly headers: ResponseHead['headers'];
}

/** What the decision depends on, besides the response. */
export interface StoreRules {
  readonly scope: ResponseScope;
  readonly ttlMs: number;
  readonly statuses: ReadonlySet<number>;
  /** The request came with `Authorization`. */
  readonly isAuthorized: boolean;
  readonly nowMs: number;
}

/**
 * Headers of one connection (RFC 9111 §3.1, RFC 9110 §7.6.1), of one answer, or of what Node and the cache make anew
 * for each.
 */
const neverKept = new Set([
  'age',
  'cache-status',
  'connection',
  'content-length',
  'date',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-connection',
  'server-timing',
  'te',
  'traceresponse',
  'transfer-encoding',
  'upgrade',
  'x-request-id',
]);

/** Whether a response may be kept, and as what; else why not, as a token. */
export function responsePolicy(head: ResponseHead, rules: StoreRules): Storable | string {
  const { status, headers } = head;
  const value = (name: string) => headerOf(headers, name);
  const directives = parseCacheControl(value('cache-control'));
  const privateFields = directives.get('private');
  const vary = namesIn(value('vary'));
  // RFC 9111 §5.2.2.6: it may be `public` and the like, but the owner is told by credentials.
  const isPublic = ['public', 's-maxage', 'must-revalidate'].some((name) => directives.has(name));

  if (!rules.statuses.has(status)) return 'status';
  if (value('set-cookie') !== undefined) return 'set-cookie';
  if (directives.has('no-store')) return 'no-store'; // RFC 9111 §5.2.2.5
  // RFC 9111 §5.2.2.7: not in a shared cache. What is kept for one user alone is none.
  if (privateFields === true && rules.scope !== 'user') return 'private';
  // RFC 9111 §5.2.2.4: not to be used without asking, and here is nobody to ask.
  if (directives.get('no-cache') === true) return 'no-cache';
  if (vary.includes('*')) return 'vary'; // RFC 9111 §4.1
  if (rules.isAuthorized && rules.scope === 'global' && !isPublic) return 'authorization'; // RFC 9111 §3.5
  // A part of a body, a body with fields after it, and one that never ends.
  if (value('content-range') !== undefined) return 'content-range';
  if (value('trailer') !== undefined) return 'trailer';
  if (/^text\/event-stream\b/i.test(value('content-type') ?? '')) return 'event-stream';

  const initialAgeMs = secondsToMs(value('age') ?? '0');
  const explicitMs = explicitLifetimeMs(directives, value('expires'), rules);
  const lifetimeMs = Math.min(rules.ttlMs, (explicitMs ?? Infinity) - initialAgeMs);
  if (lifetimeMs <= 0) return 'expired';

  // RFC 9111 §3.1: nor what `Connection` names, nor the fields that a qualified directive forbids.
  const forbidden = new Set([
    ...(head.foreign ?? []),
    ...namesIn(value('connection')),
    ...(fieldsOf(directives.get('no-cache') ?? '') ?? []),
    ...(rules.scope === 'user' ? [] : (fieldsOf(privateFields ?? '') ?? [])),
  ]);
  return {
    lifetimeMs,
    initialAgeMs,
    isPublic,
    varyNames: [...new Set(vary)].sort(),
    headers: headers.filter(([name]) => !neverKept.has(name) && !forbidden.has(name)),
  };
}

/** What the response itself says of its lifetime (RFC 9111 §4.2.1), or `undefined`. */
function explicitLifetimeMs(
  directives: CacheDirectives,
  expires: string | undefined,
  { scope, nowMs }: StoreRules,
): number | undefined {
  // `s-maxage` is for shared caches alone.
  const seconds = (scope === 'user' ? undefined : directives.get('s-maxage')) ?? directives.get('max-age');
  if (seconds !== undefined) return secondsToMs(seconds);
  if (expires === undefined) return undefined;
  // RFC 9111 §5.3: what is no date, `0` above all, lies in the past.
  const expiresAtMs = Date.parse(expires);
  return Number.isNaN(expiresAtMs) ? 0 : expiresAtMs - nowMs;
}
