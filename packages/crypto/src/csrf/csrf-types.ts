import type { Clock } from '@unite/core';

/** Options of `createCsrf`. */
export interface CsrfOptions {
  /**
   * Other origins that may change something here, as a browser writes them: `https://admin.example.com`, without a
   * path and without wildcards.
   *
   * @default none
   */
  readonly trustedOrigins?: readonly string[] | undefined;
  /**
   * Paths that are not looked at, because whoever calls them is known by something else than a cookie: `/webhooks/stripe`,
   * or `/webhooks/*` for all below. A path with `..`, `//`, `\` or `%` is always looked at.
   *
   * @default none
   */
  readonly ignorePaths?: readonly string[] | undefined;
  /**
   * Sign tokens for browsers that send no `Sec-Fetch-Site`: the first one signs, every one verifies, so that they can
   * be rotated. At least 32 characters each.
   *
   * @default none: there are no tokens
   */
  readonly secrets?: readonly string[] | undefined;
  /** How long a token holds, in milliseconds. @default 43_200_000 (12 hours) */
  readonly tokenTtlMs?: number | undefined;
  /**
   * Whether `X-Forwarded-Host` and `X-Forwarded-Proto` are believed: only behind a proxy that overwrites both.
   *
   * @default false
   */
  readonly trustProxy?: boolean | undefined;
  /** @default the machine's time */
  readonly clock?: Clock | undefined;
}

/** Headers as a `Request` or as Node.js has them. */
export type CsrfHeaders =
  | { get(name: string): string | null }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

/** What is decided about. */
export interface CsrfRequest {
  readonly method: string;
  readonly headers: CsrfHeaders;
  /** Without the query. Without it `ignorePaths` do not apply. */
  readonly path?: string | undefined;
  /** Where the headers have none: `:authority` of HTTP/2. @default the header `Host` */
  readonly host?: string | undefined;
  /** Whether it is known to have come by https, as on a socket with TLS. @default not known */
  readonly isSecure?: boolean | undefined;
  /** Of the session that the request's cookie names; tokens are bound to it. Another value than text has no token that is valid. */
  readonly sessionId?: string | undefined;
}

/** Why a request may pass. */
export type CsrfPass =
  /** GET, HEAD and OPTIONS change nothing. */
  | 'safe-method'
  /** The browser says: from this origin. */
  | 'same-origin'
  /** The browser says: by the person itself, from the address bar or a bookmark. */
  | 'user-initiated'
  | 'trusted-origin'
  | 'ignored-path'
  /** An older browser, whose `Origin` is this host. */
  | 'origin-is-host'
  /** An older browser with a token of its session. */
  | 'token'
  /** Neither `Sec-Fetch-Site` nor `Origin`. */
  | 'not-a-browser';

/** Why a request is refused. */
export type CsrfRefusal =
  /** The browser says: from another site. Also for what is no value of `Sec-Fetch-Site`. */
  | 'cross-site'
  /** The browser says: from another origin of this site, such as another subdomain. */
  | 'same-site'
  /** `Origin` is not this host, or not one origin. */
  | 'foreign-origin'
  /** Neither header, and a session without the token that such a browser must send. */
  | 'token-missing'
  /** As before, with a token that is of another session, forged, or has expired. */
  | 'token-invalid'
  /** The headers are none, or threw when they were read. */
  | 'unreadable';

/** What was decided. */
export type CsrfDecision =
  | { readonly allowed: true; readonly reason: CsrfPass }
  | { readonly allowed: false; readonly reason: CsrfRefusal };

/** What has been decided since it was made. */
export interface CsrfStatus {
  readonly allowed: number;
  readonly refused: Readonly<Record<CsrfRefusal, number>>;
}

/** Tells requests of this site's own pages from those that other sites make a browser send. */
export interface Csrf {
  /** Decides without side effects but a count. Never rejects, whatever the headers hold. */
  check(request: CsrfRequest): Promise<CsrfDecision>;
  /**
   * A token for a session, to be sent back in the header `x-csrf-token`. Each is new.
   *
   * @throws TypeError without `secrets`, or for a session that is none
   */
  token(sessionId: string): Promise<string>;
  /**
   * Whether a token is of this session and has not expired.
   *
   * @throws TypeError without `secrets`
   */
  verifyToken(sessionId: string, token: string): Promise<boolean>;
  status(): CsrfStatus;
}
