import { checkOptions, expects, optionChecks, systemClock } from '@unite/shared';
import { refuseSecretText } from '../refuse-secret-text';
import { CsrfTokens } from './csrf-tokens';
import type {
  Csrf,
  CsrfDecision,
  CsrfOptions,
  CsrfPass,
  CsrfRefusal,
  CsrfRequest,
  CsrfStatus,
} from './csrf-types';
import { headerOf } from './header-of';
import { isIgnored } from './ignored-paths';
import { checkOrigins, isHostOf } from './origin';

/** Header that carries the token. */
const tokenHeader = 'x-csrf-token';

/** They change nothing (RFC 9110 §9.2.1). Methods are case-sensitive: `get` is another one. */
const safeMethods: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Refuses what other sites make a browser send, without tokens in pages: browsers have said where a request comes
 * from since 2020, Safari since 2023. The order is that of `http.CrossOriginProtection` in Go:
 *
 * 1. GET, HEAD and OPTIONS pass. They must change nothing, WebSockets included: check their `Origin` where they open.
 * 2. `Sec-Fetch-Site`: `same-origin` and `none` pass, everything else must come from a trusted origin.
 * 3. `Origin`: it must be this host, or trusted. Where nobody knows whether the request came by https, the scheme is
 *    not compared: send HSTS.
 * 4. Neither: no browser of today. It passes, unless there are `secrets` and a session, which then needs its token.
 *
 * A valid token stands for 3 and 4, never for 2. A method override must have been applied before.
 *
 * @throws TypeError for an option that is unknown or malformed
 * @example
 * const csrf = createCsrf({ trustedOrigins: ['https://admin.example.com'] });
 * const { allowed, reason } = await csrf.check({ method: request.method, headers: request.headers });
 */
export function createCsrf(options: CsrfOptions = {}): Csrf {
  refuseSecretText('createCsrf', options, { secrets: checks.secrets });
  checkOptions('createCsrf', options, checks);
  const { trustedOrigins = [], ignorePaths = [], secrets, tokenTtlMs = 12 * 3_600_000 } = options;
  const { trustProxy = false, clock = systemClock } = options;
  const trusted = checkOrigins(trustedOrigins);
  const tokens = secrets && new CsrfTokens(secrets, tokenTtlMs, clock);
  let allowed = 0;
  const refused: Record<CsrfRefusal, number> = {
    'cross-site': 0,
    'same-site': 0,
    'foreign-origin': 0,
    'token-missing': 0,
    'token-invalid': 0,
    unreadable: 0,
  };

  return {
    async check(request) {
      const decision = await decide(request).catch(() => refuse('unreadable'));
      if (decision.allowed) allowed += 1;
      else refused[decision.reason] += 1;
      return decision;
    },
    token: async (sessionId) => demandTokens().issue(sessionId),
    verifyToken: async (sessionId, token) => demandTokens().verify(sessionId, token),
    status: (): CsrfStatus => ({ allowed, refused: { ...refused } }),
  };

  async function decide(request: CsrfRequest): Promise<CsrfDecision> {
    if (safeMethods.includes(request.method)) return pass('safe-method');
    const site = headerOf(request.headers, 'sec-fetch-site');
    if (site === 'same-origin') return pass('same-origin');
    if (site === 'none') return pass('user-initiated');
    const origin = headerOf(request.headers, 'origin');
    if (origin !== undefined && trusted.has(origin)) return pass('trusted-origin');
    if (isIgnored(request.path, ignorePaths)) return pass('ignored-path');
    if (site !== undefined) return refuse(site === 'same-site' ? 'same-site' : 'cross-site');

    const token = await checkToken(request);
    if (token === 'valid') return pass('token');
    if (origin !== undefined) {
      return isHostOf(origin, reachedHost(request), isSecure(request))
        ? pass('origin-is-host')
        : refuse('foreign-origin');
    }
    // Older browsers leave `Origin` out of forms, those of other sites too.
    if (token !== undefined) return refuse(`token-${token}`);
    return pass('not-a-browser');
  }

  /** `undefined` where none is needed. */
  async function checkToken({ headers, sessionId }: CsrfRequest) {
    // Without types it may be a number or an empty text: a session that no token is of, rather than none.
    if (!tokens || sessionId === undefined || sessionId === null) return undefined;
    const token = headerOf(headers, tokenHeader);
    if (token === undefined) return 'missing';
    return (await tokens.verify(sessionId, token)) ? 'valid' : 'invalid';
  }

  function reachedHost({ headers, host }: CsrfRequest): string | undefined {
    return forwarded(headers, 'x-forwarded-host') ?? host ?? headerOf(headers, 'host');
  }

  /** A request without TLS may have had it up to a proxy: that is not known, unless the proxy says so. */
  function isSecure({ headers, isSecure }: CsrfRequest): boolean | undefined {
    const scheme = forwarded(headers, 'x-forwarded-proto');
    return scheme === undefined ? isSecure || undefined : scheme === 'https';
  }

  /** Each proxy adds what it saw at the end: the first one is what the browser asked for. */
  function forwarded(headers: CsrfRequest['headers'], name: string): string | undefined {
    return trustProxy ? headerOf(headers, name)?.split(',', 1)[0]?.trim() : undefined;
  }

  function demandTokens(): CsrfTokens {
    if (!tokens) throw new TypeError('createCsrf: tokens need option "secrets"');
    return tokens;
  }
}

function pass(reason: CsrfPass): CsrfDecision {
  return { allowed: true, reason };
}

function refuse(reason: CsrfRefusal): CsrfDecision {
  return { allowed: false, reason };
}

const checks = {
  trustedOrigins: expects('a list of origins', isTextList),
  ignorePaths: expects(
    'a list of paths such as "/webhooks/stripe" or "/webhooks/*"',
    (value) => isTextList(value) && value.every((path) => /^(\/[^/*?#%\\]+)+(\/\*)?$/.test(path)),
  ),
  secrets: (value: unknown) =>
    isTextList(value) && value.length > 0 && value.every((secret) => secret.length >= 32)
      ? undefined
      : 'a non-empty list of texts of at least 32 characters',
  tokenTtlMs: expects(
    'a positive number of at most 31_536_000_000',
    (value) => typeof value === 'number' && value > 0 && value <= 365 * 86_400_000,
  ),
  trustProxy: optionChecks.boolean,
  clock: optionChecks.object,
};

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
