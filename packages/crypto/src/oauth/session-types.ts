import type { Clock } from '@unite/core';
import type { CookieSecret } from './check-secrets';

/** Options of `createCookieSessions`. */
export interface CookieSessionsOptions<Session> {
  /** The newest first: it encrypts, the others only decrypt what they encrypted before. Up to 8, random, at least 32 characters or bytes each. */
  readonly secrets: readonly CookieSecret[];
  /**
   * Checks what was sealed, perhaps by an older release: `(value) => schema.safeParse(value).data`.
   * `undefined`, `null` or an error is nobody signed in.
   */
  readonly parse: (value: unknown) => Session | null | undefined;
  /** Whether the site is reached by HTTPS alone. `false` is for development. @default true */
  readonly secure?: boolean | undefined;
  /** @default '__Host-session', and 'session' where it is not `secure` */
  readonly cookieName?: string | undefined;
  /** A session ends when it was not renewed for this long, in milliseconds. @default 86_400_000 */
  readonly idleMs?: number | undefined;
  /** A session ends this long after the sign-in, in milliseconds. @default 604_800_000 */
  readonly absoluteMs?: number | undefined;
  readonly clock?: Clock | undefined;
}

/** A session with what is known about it. */
export interface OpenSession<Session> {
  readonly session: Session;
  /** Random, and new at each sign-in: to look up whether it was revoked, and for tokens that are bound to a session. */
  readonly sessionId: string;
  /** When the person signed in. */
  readonly issuedAtMs: number;
  /** When it ends unless it is renewed. */
  readonly expiresAtMs: number;
}

/**
 * Sessions that are kept in an encrypted cookie, and nowhere else.
 *
 * Nothing can be looked up, so that a session ends early only in the browser that has it: to end one from outside, compare
 * `sessionId` or `issuedAtMs` of {@link CookieSessions.open} with a list of your own.
 */
export interface CookieSessions<Session> {
  readonly cookieName: string;
  /** `Set-Cookie` that signs in, as a session of its own whatever the browser had before. @throws CryptoError `…_VALUE_INVALID` when it is more than a cookie holds */
  start(session: Session): string;
  /** Who is signed in. Takes microseconds and no I/O. Works with `headers()` of Next.js, too. */
  read(headers: Pick<Headers, 'get'>): Session | undefined;
  /** The same, with what is known about the session. */
  open(headers: Pick<Headers, 'get'>): OpenSession<Session> | undefined;
  /** `Set-Cookie` that goes on with a session, once half of `idleMs` has passed; `undefined` before, and without one. */
  renew(headers: Pick<Headers, 'get'>): string | undefined;
  /** `Set-Cookie` that signs out. */
  end(): string;
}
