import { readCookie } from '../cookies';

const cookieName = 'crm_changed';

/**
 * Whether this client has changed something so lately that another process may not have heard of it. Everybody else
 * may be shown the state before; who made the change may not.
 */
export function hasJustChanged(headers: Headers): boolean {
  return readCookie(headers, cookieName) !== undefined;
}

/** `Set-Cookie` for the answer to a change. @param forMs how long news takes at most to reach every process */
export function justChanged({ forMs, isSecure }: { forMs: number; isSecure: boolean }): string {
  // Counted by the client, from when the answer arrives; a second more, because it counts in whole ones.
  const seconds = Math.ceil(forMs / 1_000) + 1;
  return `${cookieName}=1; Path=/; HttpOnly; SameSite=Lax; Max-Age=${seconds}${isSecure ? '; Secure' : ''}`;
}
