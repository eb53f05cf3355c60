import { describeValue } from '@unite/shared';

/**
 * The origins as a set. Each must be written as browsers write it (RFC 6454 §6.2), since it is compared as text.
 *
 * @throws TypeError
 */
export function checkOrigins(origins: readonly string[]): ReadonlySet<string> {
  for (const origin of origins) {
    const written = originOf(origin);
    // A host with an asterisk is one for the URL parser, but no wildcard for anybody.
    if (written !== origin || origin.includes('*')) {
      const hint = written && written !== origin && !origin.includes('*') ? `, as "${written}" is` : '';
      throw new TypeError(
        `createCsrf: option "trustedOrigins" must be a list of origins without path or wildcard${hint}, got ${describeValue(origin)}`,
      );
    }
  }
  return new Set(origins);
}

/**
 * Whether an `Origin` header is of the host that was asked, and of its scheme where that is known. `null` (sandboxed
 * frames, files, redirects) is of none.
 */
export function isHostOf(origin: string, host: string | undefined, isSecure: boolean | undefined): boolean {
  if (host === undefined || originOf(origin) !== origin) return false;
  const { protocol, host: originHost } = new URL(origin);
  if (isSecure !== undefined && isSecure !== (protocol === 'https:')) return false;
  const defaultPort = protocol === 'https:' ? /:443$/ : /:80$/;
  return originHost === host.toLowerCase().replace(defaultPort, '');
}

/** The origin of a URL; `undefined` for what is none, or has none of http or https. */
function originOf(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url && /^https?:$/.test(url.protocol) ? url.origin : undefined;
}
