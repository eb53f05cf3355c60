import { safeReturnPath } from '@unite/crypto/oauth';

/** The start page, from where a sign-in leads back to `returnTo`. Where that is no path of this site, or `/`, nothing is said of it. */
export function startAddress(returnTo: string | null | undefined): string {
  const path = safeReturnPath(returnTo);
  return path === '/' ? '/' : `/?${new URLSearchParams({ returnTo: path })}`;
}
