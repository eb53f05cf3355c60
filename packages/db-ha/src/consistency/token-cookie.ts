import { checkOptions, expects, type OptionCheck, optionChecks } from '@unite/shared';
import type { TokenCookie, TokenCookieOptions } from './types';

/** A name as RFC 9110 §5.6.2 allows it for headers, and RFC 6265 §4.1.1 for cookies. */
export const httpName: OptionCheck = expects(
  'a name of letters, digits and hyphens or underscores',
  (value) => typeof value === 'string' && /^[\w-]{1,64}$/.test(value),
);

const checks = {
  name: httpName,
  path: expects('a path such as /app', (value) => typeof value === 'string' && /^\/[\w\-.~%/]*$/.test(value)),
  domain: expects(
    'a host such as example.com',
    (value) => typeof value === 'string' && /^[a-z\d-]+(\.[a-z\d-]+)*$/i.test(value),
  ),
  secure: optionChecks.boolean,
};

/**
 * Makes the cookie of a sealed token.
 *
 * @throws TypeError for an option that is unknown or malformed
 */
export function tokenCookie(options: TokenCookieOptions, maxAgeMs: number): (value: string) => TokenCookie {
  checkOptions('createConsistency cookie', options, checks);
  const { name = 'unite_consistency', path = '/', domain, secure = true } = options;
  const attributes = {
    maxAge: Math.ceil(maxAgeMs / 1000),
    path,
    ...(domain !== undefined && { domain }),
    secure,
    httpOnly: true,
    sameSite: 'lax',
  } as const;
  return (value) => ({ name, value, ...attributes });
}

/** @see RFC 6265 §4.1 */
export function setCookieText({ name, value, maxAge, path, domain, secure }: TokenCookie): string {
  const parts = [`${name}=${value}`, `Max-Age=${maxAge}`, `Path=${path}`];
  if (domain !== undefined) parts.push(`Domain=${domain}`);
  parts.push('HttpOnly', 'SameSite=Lax');
  if (secure) parts.push('Secure');
  return parts.join('; ');
}
