/** Options of `createSecurityHeaders`. `false` leaves a header out. */
export interface SecurityHeadersOptions {
  /** `Content-Security-Policy`. */
  readonly csp?: CspOptions | false | undefined;
  /** `Strict-Transport-Security` (RFC 6797). */
  readonly hsts?: HstsOptions | false | undefined;
  /**
   * `Referrer-Policy`. `no-referrer` makes browsers send `Origin: null` with forms, so that older ones fail the check
   * of `/csrf`.
   *
   * @default 'strict-origin-when-cross-origin'
   */
  readonly referrerPolicy?: ReferrerPolicy | false | undefined;
  /**
   * `Permissions-Policy`: who may use a feature, by its name. `[]` is nobody; `self`, `*` and origins are allowed.
   * What is given is added to the default.
   *
   * @default nobody for camera, microphone, geolocation, payment, usb and others
   */
  readonly permissions?: Readonly<Record<string, readonly string[]>> | false | undefined;
  /**
   * `Cross-Origin-Opener-Policy`. A login in a pop-up needs `same-origin-allow-popups`.
   *
   * @default 'same-origin'
   */
  readonly openerPolicy?: 'same-origin' | 'same-origin-allow-popups' | 'unsafe-none' | false | undefined;
  /** `Cross-Origin-Resource-Policy`. @default 'same-origin' */
  readonly resourcePolicy?: 'same-origin' | 'same-site' | 'cross-origin' | false | undefined;
  /**
   * `Cross-Origin-Embedder-Policy`, for `SharedArrayBuffer`: it breaks what is embedded from elsewhere.
   *
   * @default false
   */
  readonly embedderPolicy?: 'require-corp' | 'credentialless' | false | undefined;
}

/** How a page's content is restricted. The default lets nothing run but scripts with the response's nonce, and what they load. */
export interface CspOptions {
  /**
   * Directives that replace the default's, by their names, or `false` for none: `{ 'img-src': ["'self'", 'https://cdn.example.com'] }`.
   * The nonce is added to `script-src` and, unless it has `'unsafe-inline'`, to `style-src`; so it is to their `-elem`. Chromium holds redirects to
   * `form-action` too: a form that begins a login needs the identity provider's origin there.
   */
  readonly directives?: Readonly<Record<string, readonly string[] | false>> | undefined;
  /** More for `script-src`, such as `'unsafe-eval'` for the development server of Next.js. @default none */
  readonly scriptSources?: readonly string[] | undefined;
  /**
   * Lets scripts with the nonce load others, and makes browsers pay no heed to hosts in `script-src`.
   *
   * @default true
   */
  readonly strictDynamic?: boolean | undefined;
  /**
   * Origins that may frame the pages: `'self'` or origins. `X-Frame-Options` says the same to old browsers, where it can.
   *
   * @default [] (nobody)
   */
  readonly frameAncestors?: readonly string[] | undefined;
  /** Only policies may make HTML and scripts of text: `true`, or the names of the policies. @default false */
  readonly trustedTypes?: boolean | readonly string[] | undefined;
  /** Where browsers report violations: a path, or a URL. See `cspReports`. @default none */
  readonly reportTo?: string | undefined;
  /** Reports, and blocks nothing. @default false */
  readonly reportOnly?: boolean | undefined;
}

/** For how long browsers come by https alone. */
export interface HstsOptions {
  /** In seconds, as in the header. @default 63_072_000 (2 years) */
  readonly maxAgeSeconds?: number | undefined;
  /** @default true */
  readonly includeSubDomains?: boolean | undefined;
  /** Asks to be in the list that browsers ship with: hard to take back. @default false */
  readonly preload?: boolean | undefined;
  /** Also where a request is not known to have come by https. @default false */
  readonly always?: boolean | undefined;
}

/** Values of `Referrer-Policy` that keep paths and queries from other sites (W3C Referrer Policy §3). */
export type ReferrerPolicy =
  | 'no-referrer'
  | 'same-origin'
  | 'strict-origin'
  | 'strict-origin-when-cross-origin';

/** Makes the headers of each response. */
export interface SecurityHeaders {
  /** The headers of one response, with a nonce of its own. */
  create(response?: SecuredResponse): SecurityHeaderSet;
}

/** What is known about a response. */
export interface SecuredResponse {
  /** Whether the request came by https, as far as anybody knows. @default false */
  readonly isSecure?: boolean | undefined;
}

/** The headers of one response. */
export interface SecurityHeaderSet {
  /** 24 random characters of base64, for `<script nonce>`. */
  readonly nonce: string;
  /** The content policy, whether it blocks or only reports. */
  readonly policy: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}
