import type { TokenCookie } from '../../src/consistency';
import type { CookieStore } from '../../src/next';

/** Next's `cookies()` of one request, where it may be written. */
export function cookieStore(
  sent: Readonly<Record<string, string>> = {},
): CookieStore & { readonly written: TokenCookie[] } {
  const values = new Map(Object.entries(sent));
  const written: TokenCookie[] = [];
  return {
    written,
    get(name) {
      const value = values.get(name);
      return value === undefined ? undefined : { value };
    },
    set(cookie) {
      written.push(cookie);
      values.set(cookie.name, cookie.value);
    },
  };
}
