import { withoutBlanks } from '@unite/shared';

/** What browsers keep of one cookie, with its name and attributes, in bytes. RFC 6265 §6.1 */
export const maxCookieBytes = 4096;

/** RFC 6265 §4.1.1: a token of RFC 9110 §5.6.2. */
const cookieName = /^[!#$%&'*+.^_`|~\w-]+$/;
/** Cookies of one name that are tried, so that garbage in front signs nobody out, and much of it costs nothing. */
const maxSameName = 5;

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

/**
 * All that was sent, by name and in order. Of several with one name the first is that with the longest path; more than a
 * few of them are not looked at.
 */
export function readCookies(headers: Pick<Headers, 'get'>): Map<string, readonly string[]> {
  const cookies = new Map<string, readonly string[]>();
  for (const pair of headers.get('cookie')?.split(';') ?? []) {
    const equals = pair.indexOf('=');
    const name = withoutBlanks(pair.slice(0, Math.max(0, equals)));
    const values = cookies.get(name) ?? [];
    if (!cookieName.test(name) || values.length === maxSameName) continue;
    cookies.set(name, [...values, withoutBlanks(pair.slice(equals + 1))]);
  }
  return cookies;
}

/** A name with the prefix that keeps other hosts and plain HTTP from setting it. RFC 6265bis §4.1.3.2 */
export function hostCookieName(name: string, secure: boolean): string {
  return secure ? `__Host-${name}` : name;
}
