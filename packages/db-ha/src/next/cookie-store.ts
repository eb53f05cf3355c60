import type { ConsistencyReply, TokenCookie } from '../consistency/types';

/** The part of Next's `cookies()` that reads, which is what pages may do. */
export interface ReadonlyCookieStore {
  get(name: string): { readonly value: string } | undefined;
}

/** The part of Next's `cookies()` that is needed where cookies may be set: route handlers and server actions. */
export interface CookieStore extends ReadonlyCookieStore {
  set(cookie: TokenCookie): unknown;
}

/** Leaves the token of what was written in Next's own cookies. */
export async function keepCookie(
  reply: ConsistencyReply,
  cookies: () => Promise<CookieStore>,
): Promise<void> {
  const token = await reply.token();
  if (token?.cookie) (await cookies()).set(token.cookie);
}
