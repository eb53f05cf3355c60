/** What browsers keep of one cookie, with its name and attributes, in bytes. RFC 6265 §6.1 */
export const maxCookieBytes = 4096;

/** A cookie that scripts cannot read, for the whole site and for no other. */
export interface CookieFields {
  readonly name: string;
  readonly value: string;
  readonly maxAgeMs: number;
  readonly secure: boolean;
}

/**
 * `Lax`, not `Strict`: who comes back from the identity provider comes from another site, and would be signed out there.
 *
 * @see RFC 6265 §4.1
 */
export function setCookieText({ name, value, maxAgeMs, secure }: CookieFields): string {
  const maxAge = Math.max(0, Math.ceil(maxAgeMs / 1000));
  return `${name}=${value}; Max-Age=${maxAge}; Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
}

/** Removes a cookie. */
export function endCookieText(name: string, secure: boolean): string {
  return setCookieText({ name, value: '', maxAgeMs: 0, secure });
}

/** All that was sent, by name and in order. Of several with one name the first counts, which has the longest path. */
export function readCookies(headers: Pick<Headers, 'get'>): Map<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of headers.get('cookie')?.split(';') ?? []) {
    const equals = pair.indexOf('=');
    const name = pair.slice(0, equals).trim();
    if (equals > 0 && !cookies.has(name)) cookies.set(name, pair.slice(equals + 1).trim());
  }
  return cookies;
}

/** A name with the prefix that keeps other hosts and plain HTTP from setting it. RFC 6265bis §4.1.3.2 */
export function hostCookieName(name: string, secure: boolean): string {
  return secure ? `__Host-${name}` : name;
}
