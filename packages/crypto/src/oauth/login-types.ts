import type { Clock } from '@unite/core';
import type { CookieSecret } from './check-secrets';
import type { CookieSessions } from './session-types';

/** Options of `createLogin`. */
export interface LoginOptions<Session> {
  /**
   * The identity provider: HTTPS, exactly as its discovery document names itself. One that stands for many tenants, such
   * as `common` of Entra ID, lets in people of all of them: compare `tid` in `toSession`.
   */
  readonly issuer: string | URL;
  readonly clientId: string;
  /** Of a confidential client. @default none: a public client, which PKCE protects */
  readonly clientSecret?: string | undefined;
  /** How the secret is sent: in the `Authorization` header, or in the body. @default 'basic' */
  readonly clientAuthentication?: 'basic' | 'post' | undefined;
  /** Where `finish` is mounted, as it is registered with the provider. Cookies are secure where it is HTTPS. */
  readonly redirectUri: string | URL;
  /** @default 'openid profile email' */
  readonly scope?: string | undefined;
  /**
   * More for the authorization request, such as `{ prompt: 'login' }`; or what gives them for the request that begins,
   * such as a `login_hint`. What the login decides about itself (`state`, `scope`, …) is refused in either.
   */
  readonly parameters?: LoginParameters | ((request: Request) => LoginParameters) | undefined;
  /** Asks the provider for claims that the ID token does not hold. Those of the ID token come first. @default false */
  readonly userInfo?: boolean | undefined;
  readonly sessions: CookieSessions<Session>;
  /** Encrypt what is known about a login under way, as those of the sessions do. May be the same. */
  readonly secrets: readonly CookieSecret[];
  /**
   * Who signed in, for this application: what is returned is all that is kept, of the tokens too. `undefined` or `null`
   * for somebody who may not: the login is refused. It is waited for without limit, `timeoutMs` is not about it: give
   * what it asks a deadline of its own.
   */
  readonly toSession: (
    claims: LoginClaims,
    tokens: LoginTokens,
  ) => NoInfer<Session> | null | undefined | Promise<NoInfer<Session> | null | undefined>;
  /** Where to go after a login that says nothing else. @default '/' */
  readonly postLoginPath?: string | undefined;
  /**
   * Signs out at the provider, too, where it offers that, which then sends back to this address. It has to be
   * registered. @default none: signs out here, and goes to `/`
   */
  readonly postLogoutRedirectUri?: string | URL | undefined;
  /**
   * Longest time that `begin`, `finish` or `end` wait for the provider, in milliseconds, for all requests together.
   * `toSession` is not covered: it may be in the middle of a change of your own, which only you can end.
   *
   * @default 5_000
   */
  readonly timeoutMs?: number | undefined;
  /** Allows plain HTTP, for development and on `localhost` only. @default false */
  readonly allowInsecureHttp?: boolean | undefined;
  /** @default the global one */
  readonly fetch?: typeof globalThis.fetch | undefined;
  readonly clock?: Clock | undefined;
}

/** Parameters of an authorization request. OpenID Connect Core §3.1.2.1 */
export type LoginParameters = Readonly<Record<string, string>>;

/** What the provider says about somebody, checked. */
export interface LoginClaims {
  readonly iss: string;
  /** The provider's id of the person, which never changes. E-mail addresses do. */
  readonly sub: string;
  readonly [claim: string]: unknown;
}

/** What the provider gave out. None of it is kept unless `toSession` keeps it. */
export interface LoginTokens {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  readonly idToken: string;
  readonly scope: string | undefined;
  readonly expiresAtMs: number | undefined;
}

/** Signs people in and out by an identity provider: three handlers of Web requests. */
export interface Login {
  /**
   * Sends to the provider. `?returnTo=/contacts` says where to go afterwards: a path of this site, or it is ignored, as
   * are the paths of `begin` and `finish` themselves.
   * Link to it by `<a>`: what fetches ahead, as `Link` of Next.js does, begins logins that nobody wants.
   *
   * @throws CryptoError `UNITE_CRYPTO_LOGIN_UNAVAILABLE`
   * @throws TypeError when the function in `parameters` gives something else; what it throws, as it is
   */
  begin(request: Request): Promise<Response>;
  /**
   * Where the provider sends back to: signs in.
   *
   * @throws CryptoError `…_LOGIN_INVALID`, `…_LOGIN_REFUSED`, `…_LOGIN_UNAVAILABLE`; what `toSession` throws, as it is
   */
  finish(request: Request): Promise<Response>;
  /** Signs out, for a `POST` that was checked for CSRF. Succeeds without the provider, too. @throws CryptoError `…_LOGIN_INVALID` for another method */
  end(request: Request): Promise<Response>;
}
