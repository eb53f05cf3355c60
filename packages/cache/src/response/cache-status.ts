/** Why a request was forwarded (RFC 9211 §2.2). */
export type ForwardReason = 'bypass' | 'method' | 'uri-miss' | 'vary-miss' | 'miss' | 'request' | 'stale';

/** Parameters of our member of `Cache-Status`. */
export type CacheStatus =
  | { readonly hit: true; readonly ttlMs: number; readonly detail: string }
  | {
      readonly hit: false;
      readonly fwd: ForwardReason;
      /** Status of the handler where the client gets another one (§2.3). */
      readonly fwdStatus?: number | undefined;
      readonly stored?: boolean | undefined;
      readonly collapsed?: boolean | undefined;
      /** Why it was not stored, or not looked for: a token. */
      readonly detail?: string | undefined;
    };

/**
 * Adds our member to what caches nearer to the origin have said: the list goes from the origin to the client
 * (RFC 9211 §2).
 *
 * @param earlier what the response says so far
 */
export function withCacheStatus(earlier: string | undefined, status: CacheStatus): string {
  const member = ['unite', ...parametersOf(status)].join('; ');
  // An empty list is not sent at all (RFC 8941 §3.1), so an empty header is none.
  return earlier?.trim() ? `${earlier}, ${member}` : member;
}

/** In the syntax of structured fields (RFC 8941 §3.1.2): a true value is the name alone. */
function* parametersOf(status: CacheStatus): Generator<string> {
  if (status.hit) {
    yield 'hit';
    // §2.5: a whole number of seconds, which may be negative.
    yield `ttl=${Math.floor(status.ttlMs / 1000)}`;
  } else {
    yield `fwd=${status.fwd}`;
    if (status.fwdStatus !== undefined) yield `fwd-status=${status.fwdStatus}`;
    if (status.stored) yield 'stored';
    if (status.collapsed) yield 'collapsed';
  }
  if (status.detail !== undefined) yield `detail=${status.detail}`;
}
