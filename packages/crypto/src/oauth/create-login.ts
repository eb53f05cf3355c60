import { checkOptions, endsWithin, expects, optionChecks, systemClock } from '@unite/shared';
import { CryptoError } from '../errors';
import { checkSecrets } from './check-secrets';
import { clockCheck } from './clock-check';
import { IdentityProvider } from './identity-provider';
import { LoginAttempts } from './login-attempts';
import { unavailable, withSetCookie } from './login-error';
import type { Login, LoginOptions, LoginParameters } from './login-types';
import { safeReturnPath } from './safe-return-path';
import { isSameRoute } from './same-route';

/** The login decides about these itself. */
const ownParameters = [
  'client_id',
  'code_challenge',
  'code_challenge_method',
  'nonce',
  'redirect_uri',
  'request',
  'request_uri',
  'response_mode',
  'response_type',
  'scope',
  'state',
];

const address = expects('an address without query and fragment', (value) => urlOf(value) !== undefined);
const path = expects(
  'a path of this site, such as /contacts',
  (value) => typeof value === 'string' && safeReturnPath(value) === value,
);

/** Their values must not be printed. */
const checkedElsewhere = (): undefined => undefined;

const parametersDemand = `an object of texts, without ${ownParameters.join(', ')}`;
const isParameters = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries(value).every(([name, text]) => typeof text === 'string' && !ownParameters.includes(name));

const checks = {
  // With the address of its discovery document nobody would compare the issuer.
  issuer: expects(
    'an address without query, fragment and /.well-known/',
    (value) => !urlOf(value)?.pathname.includes('/.well-known/') && urlOf(value) !== undefined,
  ),
  clientId: optionChecks.string,
  clientSecret: checkedElsewhere,
  clientAuthentication: expects('"basic" or "post"', (value) => value === 'basic' || value === 'post'),
  redirectUri: address,
  scope: expects(
    'scopes with "openid" among them',
    (value) => typeof value === 'string' && value.split(' ').includes('openid'),
  ),
  parameters: expects(
    `${parametersDemand}, or a function that gives one`,
    (value) => typeof value === 'function' || isParameters(value),
  ),
  userInfo: optionChecks.boolean,
  sessions: optionChecks.object,
  secrets: checkedElsewhere,
  toSession: optionChecks.function,
  postLoginPath: path,
  postLogoutRedirectUri: address,
  timeoutMs: optionChecks.positive,
  allowInsecureHttp: optionChecks.boolean,
  fetch: optionChecks.function,
  clock: clockCheck,
};

const required = ['issuer', 'clientId', 'redirectUri', 'sessions', 'secrets', 'toSession'];

/**
 * Sign-in by an OpenID Connect provider: authorization code with PKCE (S256 only), state and nonce.
 * Nothing is asked of the provider before somebody signs in.
 *
 * @throws TypeError for an option that is unknown or malformed
 * @see RFC 9700, the current best practice
 * @example
 * const login = createLogin({
 *   issuer: 'https://id.example.com', clientId: 'crm', redirectUri: 'https://crm.example.com/login/callback',
 *   sessions, secrets: [env.sessionSecret], toSession: ({ sub }) => findPerson(sub),
 * });
 * // app/login/route.ts, app/login/callback/route.ts
 * export const GET = route((request) => login.begin(request));
 */
export function createLogin<Session>(options: LoginOptions<Session>): Login {
  checkOptions('createLogin', options, checks, required);
  checkSecrets('createLogin', options.secrets);
  checkClientSecret(options.clientSecret);
  const { sessions, toSession, postLoginPath = '/', parameters, scope = 'openid profile email' } = options;
  const { allowInsecureHttp = false, timeoutMs = 5_000, clock = systemClock } = options;
  const issuer = checkedUrl('issuer', options.issuer, allowInsecureHttp);
  const redirectUri = checkedUrl('redirectUri', options.redirectUri, allowInsecureHttp);
  const postLogoutRedirectUri = urlOf(options.postLogoutRedirectUri);
  const attempts = new LoginAttempts(options.secrets, redirectUri.protocol === 'https:', clock);
  const provider = new IdentityProvider({
    issuer,
    clientId: options.clientId,
    clientSecret: options.clientSecret,
    clientAuthentication: options.clientAuthentication ?? 'basic',
    redirectUri,
    userInfo: options.userInfo ?? false,
    allowInsecureHttp,
    timeoutMs,
    fetch: options.fetch,
    clock,
  });
  return { begin, finish, end };

  async function begin(request: Request): Promise<Response> {
    const more = parametersFor(request);
    const { attempt, cookies } = attempts.begin(request.headers, returnPathOf(new URL(request.url)));
    return redirect(302, await inTime(provider.authorizationUrl(attempt, { ...more, scope })), cookies);
  }

  /** What a function gives is checked as what is given once: a request must not choose a state or a scope. */
  function parametersFor(request: Request): LoginParameters | undefined {
    if (typeof parameters !== 'function') return parameters;
    const given: unknown = parameters(request);
    if (isParameters(given)) return given as LoginParameters;
    throw new TypeError(`createLogin: option "parameters" must give ${parametersDemand}`);
  }

  /** Not to a login's own paths: with `begin` it would begin again without end, and with `finish` end in an error. */
  function returnPathOf({ pathname, searchParams }: URL): string {
    const wanted = safeReturnPath(searchParams.get('returnTo'), postLoginPath);
    const isOwn = [pathname, redirectUri.pathname].some((own) => isSameRoute(wanted, own));
    return isOwn ? postLoginPath : wanted;
  }

  async function finish(request: Request): Promise<Response> {
    demandMethod(request, 'GET');
    const callback = new URL(request.url).searchParams;
    const attempt = attempts.find(request.headers, callback.getAll('state'));
    const over = attempts.end(attempt);
    try {
      const { claims, tokens } = await inTime(provider.exchange(callback, attempt));
      const session = await toSession(claims, tokens);
      if (session === undefined || session === null) {
        throw new CryptoError('UNITE_CRYPTO_LOGIN_REFUSED', 'Nobody of this application signed in');
      }
      // See Other: the address with the code is not asked for again, and leaves the history.
      return redirect(303, attempt.returnTo, [sessions.start(session), over]);
    } catch (error) {
      throw CryptoError.isInstance(error) ? withSetCookie(error, over) : error;
    }
  }

  async function end(request: Request): Promise<Response> {
    demandMethod(request, 'POST');
    const elsewhere = postLogoutRedirectUri && (await logoutUrl(postLogoutRedirectUri));
    return redirect(303, elsewhere ?? '/', [sessions.end()]);
  }

  /** Whoever wants to leave does, whatever the provider does. */
  async function logoutUrl(target: URL): Promise<string | undefined> {
    try {
      return await inTime(provider.logoutUrl(target));
    } catch {
      return undefined;
    }
  }

  async function inTime<Value>(work: Promise<Value>): Promise<Value> {
    if (await endsWithin(work, timeoutMs, clock)) return work;
    throw unavailable(`nothing came within ${timeoutMs} ms`);
  }
}

function checkClientSecret(secret: unknown): void {
  if (secret === undefined || (typeof secret === 'string' && secret !== '')) return;
  throw new TypeError(
    `createLogin: option "clientSecret" must be a non-empty string, got ${secret === '' ? 'an empty one' : typeof secret}`,
  );
}

function redirect(status: 302 | 303, location: string, cookies: readonly string[]): Response {
  const headers = new Headers({ location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
  for (const cookie of cookies) headers.append('set-cookie', cookie);
  return new Response(null, { status, headers });
}

function demandMethod(request: Request, method: 'GET' | 'POST'): void {
  if (request.method === method) return;
  throw new CryptoError('UNITE_CRYPTO_LOGIN_INVALID', `This is done by ${method} only`, {
    problem: { type: 'about:blank', status: 405, title: 'Method Not Allowed', headers: { Allow: method } },
  });
}

function urlOf(value: unknown): URL | undefined {
  const text = value instanceof URL ? value.href : value;
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url && !url.search && !url.hash && !url.username && !url.password;
  return isPlain && /^https?:$/.test(url.protocol) ? url : undefined;
}

/** @throws TypeError for plain HTTP where it is not allowed */
function checkedUrl(option: string, value: string | URL, allowInsecureHttp: boolean): URL {
  const url = urlOf(value) as URL;
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url.protocol === 'https:' || (allowInsecureHttp && isLocal)) return url;
  throw new TypeError(
    `createLogin: option "${option}" must be an https address (or http on localhost with "allowInsecureHttp"), got "${url.href}"`,
  );
}
