/** Directives of `Cache-Control` by their names in lower case; `true` for one without a value. */
export type CacheDirectives = ReadonlyMap<string, string | true>;

/** A directive: a token, and after `=` a token or a quoted string (RFC 9111 §5.2). */
const directive = /([!#$%&'*+.^_`|~\w-]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,;"]*)))?/g;

/** Reads `Cache-Control`. Of a directive that comes twice the stricter one counts. */
export function parseCacheControl(header: string | undefined): CacheDirectives {
  const directives = new Map<string, string | true>();
  for (const [, name = '', quoted, token] of (header ?? '').matchAll(directive)) {
    const key = name.toLowerCase();
    const value = quoted?.replace(/\\(.)/g, '$1') ?? token ?? true;
    directives.set(key, stricter(directives.get(key), value));
  }
  return directives;
}

/**
 * A number of seconds, in milliseconds. What is no such number counts as none at all, 0: the response is stale
 * (RFC 9111 §4.2.1).
 */
export function secondsToMs(value: string | true): number {
  return typeof value === 'string' && /^\d+$/.test(value) ? Math.min(Number(value), 2 ** 31) * 1000 : 0;
}

/** Names of fields that a directive such as `no-cache="set-cookie"` is about; `undefined` where it is about all. */
export function fieldsOf(value: string | true): readonly string[] | undefined {
  return value === true ? undefined : namesIn(value);
}

/** Names in a list of header names, in lower case. */
export function namesIn(list: string | undefined): readonly string[] {
  const names = (list ?? '').split(',').map((name) => name.trim().toLowerCase());
  return names.filter((name) => name !== '');
}

/** Fewer seconds, or a directive about all fields instead of some. */
function stricter(earlier: string | true | undefined, value: string | true): string | true {
  if (earlier === undefined) return value;
  if (earlier === true || value === true) return true;
  if (/^\d+$/.test(earlier) && /^\d+$/.test(value)) return Number(earlier) < Number(value) ? earlier : value;
  return `${earlier},${value}`;
}
