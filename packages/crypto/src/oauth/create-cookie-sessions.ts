import { randomBytes } from 'node:crypto';
import { checkOptions, expects, optionChecks, systemClock } from '@unite/shared';
import { CryptoError } from '../errors';
import { refuseSecretText } from '../refuse-secret-text';
import { checkSecrets } from './check-secrets';
import { clockCheck } from './clock-check';
import { CookieSealer } from './cookie-sealer';
import { endCookieText, hostCookieName, maxCookieBytes, readCookies, setCookieText } from './cookie-text';
import type { CookieSessions, CookieSessionsOptions, OpenSession } from './session-types';

const hourMs = 3_600_000;
const sessionIdBytes = 16;

/** Its value must not be printed. */
const checkedElsewhere = (): undefined => undefined;

const checks = {
  secrets: checkedElsewhere,
  parse: optionChecks.function,
  secure: optionChecks.boolean,
  // RFC 6265 §4.1.1, without what some proxies trip over.
  cookieName: expects(
    'a name of letters, digits, hyphens and underscores',
    (value) => typeof value === 'string' && /^[\w-]{1,64}$/.test(value),
  ),
  idleMs: optionChecks.positive,
  absoluteMs: optionChecks.positive,
  clock: clockCheck,
};

/** What is sealed. Short names: it is sent with every request. */
interface Sealed {
  readonly id: string;
  readonly at: number;
  readonly seen: number;
  readonly data: unknown;
}

/**
 * Sessions in an encrypted cookie.
 *
 * @throws TypeError for an option that is unknown or malformed
 * @example
 * const sessions = createCookieSessions({ secrets: [env.sessionSecret], parse: (value) => schema.safeParse(value).data });
 * const session = sessions.read(request.headers);
 */
export function createCookieSessions<Session>(
  options: CookieSessionsOptions<Session>,
): CookieSessions<Session> {
  refuseSecretText('createCookieSessions', options);
  checkOptions('createCookieSessions', options, checks, ['secrets', 'parse']);
  checkSecrets('createCookieSessions', options.secrets);
  const { secrets, parse, secure = true, clock = systemClock } = options;
  const { idleMs = 24 * hourMs, absoluteMs = 7 * 24 * hourMs } = options;
  const { cookieName = hostCookieName('session', secure) } = options;
  if (!secure && /^__(?:host|secure)-/i.test(cookieName)) {
    throw new TypeError(
      `createCookieSessions: option "cookieName" must be without a prefix where it is not secure, got "${cookieName}"`,
    );
  }
  const sealer = new CookieSealer('session', secrets);
  return {
    cookieName,
    start(session) {
      const nowMs = clock.wallMs();
      return cookieOf({
        id: randomBytes(sessionIdBytes).toString('base64url'),
        at: nowMs,
        seen: nowMs,
        data: checked(session),
      });
    },
    read: (headers) => open(headers)?.opened.session,
    open: (headers) => open(headers)?.opened,
    renew(headers) {
      const found = open(headers);
      const nowMs = clock.wallMs();
      if (!found || nowMs - found.sealed.seen < idleMs / 2) return undefined;
      return cookieOf({ ...found.sealed, seen: nowMs });
    },
    end: () => endCookieText(cookieName, secure),
  };

  function open(
    headers: Pick<Headers, 'get'>,
  ): { readonly opened: OpenSession<Session>; readonly sealed: Sealed } | undefined {
    for (const value of readCookies(headers).get(cookieName) ?? []) {
      // Whatever opens was sealed here, in this shape.
      const sealed = sealer.open(cookieName, value) as Sealed | undefined;
      if (!sealed || clock.wallMs() >= endOf(sealed)) continue;
      const session = parsed(sealed.data);
      if (session === undefined) continue;
      return {
        sealed,
        opened: { session, sessionId: sealed.id, issuedAtMs: sealed.at, expiresAtMs: endOf(sealed) },
      };
    }
    return undefined;
  }

  function endOf({ at, seen }: Sealed): number {
    return Math.min(seen + idleMs, at + absoluteMs);
  }

  function cookieOf(sealed: Sealed): string {
    const maxAgeMs = endOf(sealed) - clock.wallMs();
    const cookie = setCookieText({
      name: cookieName,
      value: sealer.seal(cookieName, sealed),
      maxAgeMs,
      secure,
    });
    if (cookie.length > maxCookieBytes) {
      throw invalid(
        `is ${cookie.length} bytes as a cookie; the longest that browsers keep is ${maxCookieBytes}`,
      );
    }
    return cookie;
  }

  /** What would be no session at the next request is an error now, not somebody who is never signed in. */
  function checked(session: Session): unknown {
    const text = JSON.stringify(session);
    const data: unknown = text === undefined ? undefined : JSON.parse(text);
    if (parsed(data) === undefined) throw invalid('does not pass its own `parse` once it was JSON');
    return data;
  }

  function parsed(data: unknown): Session | undefined {
    try {
      return parse(data) ?? undefined;
    } catch {
      return undefined;
    }
  }
}

function invalid(what: string): CryptoError {
  return new CryptoError('UNITE_CRYPTO_VALUE_INVALID', `The session ${what}`);
}
