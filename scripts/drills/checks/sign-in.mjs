import { createHash, randomBytes } from 'node:crypto';
import { verdict } from '../scene/verdict.mjs';

const person = 'harbour-imani';
const mostRedirects = 10;

/** @type {import('../scene/start-scene.mjs').SceneDrill} */
export const signInWithPkce = {
  name: 'sign-in',
  about:
    'Somebody signs in through the identity provider with PKCE; a stolen code without its verifier is refused.',
  async run({ stack, url }, { score }) {
    const begun = await follow(
      new URL(`/api/session/begin?person=${person}`, url),
      (at) => at.origin === url && at.pathname === '/contacts',
    );
    const authorization = begun.visited.find(({ searchParams }) => searchParams.has('code_challenge'));
    const method = authorization?.searchParams.get('code_challenge_method');
    const isSignedIn = begun.cookies.some((cookie) => cookie.startsWith('crm_session='));
    score(
      verdict(
        'PKCE: people sign in with a challenge of S256',
        method === 'S256' && isSignedIn,
        `code_challenge_method ${method ?? 'missing'}, ${isSignedIn ? 'signed in' : 'not signed in'}`,
      ),
    );

    const verifier = randomBytes(32).toString('base64url');
    const callback = new URL('/api/session/callback', stack.env.PUBLIC_URL);
    const code = await codeFor(String(stack.env.OIDC_ISSUER), callback, verifier);
    const stolen = await redeem(
      String(stack.env.OIDC_ISSUER),
      callback,
      code,
      randomBytes(32).toString('base64url'),
    );
    const withoutPkce = await follow(
      authorizationUrl(String(stack.env.OIDC_ISSUER), callback),
      (at) => at.searchParams.has('error') || at.searchParams.has('code'),
    );
    const refusal = withoutPkce.at.searchParams.get('error');
    score(
      verdict(
        'PKCE: a code is worth nothing without its verifier',
        stolen.status === 400 && stolen.error === 'invalid_grant' && refusal !== null,
        `wrong verifier: ${stolen.status} ${stolen.error}; no challenge: ${refusal ?? 'accepted'}`,
      ),
    );
  },
};

/**
 * @param {string} issuer
 * @param {URL} callback
 * @param {string} verifier
 */
async function codeFor(issuer, callback, verifier) {
  const start = authorizationUrl(issuer, callback);
  start.searchParams.set('code_challenge', createHash('sha256').update(verifier).digest('base64url'));
  start.searchParams.set('code_challenge_method', 'S256');
  const { at } = await follow(
    start,
    (each) => each.searchParams.has('code') || each.searchParams.has('error'),
  );
  const code = at.searchParams.get('code');
  if (!code) throw new Error(`The identity provider gives no code: ${at.searchParams.get('error')}`);
  return code;
}

/**
 * @param {string} issuer
 * @param {URL} callback
 */
function authorizationUrl(issuer, callback) {
  const url = new URL('/auth', issuer);
  url.search = String(
    new URLSearchParams({
      client_id: 'crm',
      response_type: 'code',
      scope: 'openid',
      redirect_uri: callback.href,
      state: randomBytes(16).toString('hex'),
      login_hint: person,
    }),
  );
  return url;
}

/**
 * @param {string} issuer
 * @param {URL} callback
 * @param {string} code
 * @param {string} verifier
 */
async function redeem(issuer, callback, code, verifier) {
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: 'crm',
    code,
    redirect_uri: callback.href,
    code_verifier: verifier,
  });
  const response = await fetch(new URL('/token', issuer), { method: 'POST', body });
  const { error } = /** @type {{ error?: string }} */ (await response.json());
  return { status: response.status, error };
}

/**
 * Goes from redirect to redirect, with the cookies of each site, as a browser does, until one leads where it should end.
 *
 * @param {URL} from
 * @param {(at: URL) => boolean} isEnd
 */
async function follow(from, isEnd) {
  /** @type {Map<string, Map<string, string>>} */
  const jars = new Map();
  const visited = [from];
  for (let at = from; visited.length <= mostRedirects; ) {
    const jar = jars.get(at.host) ?? new Map();
    jars.set(at.host, jar);
    const response = await fetch(at, {
      redirect: 'manual',
      headers: { cookie: [...jar].map((pair) => pair.join('=')).join('; ') },
    });
    await response.arrayBuffer();
    for (const line of response.headers.getSetCookie()) {
      const [name = '', ...value] = (line.split(';')[0] ?? '').split('=');
      jar.set(name, value.join('='));
    }
    const location = response.headers.get('location');
    if (!location) throw new Error(`${at.host}${at.pathname} leads nowhere: ${response.status}`);
    at = new URL(location, at);
    visited.push(at);
    if (isEnd(at)) {
      const cookies = [...jars.values()].flatMap((each) => [...each].map((pair) => pair.join('=')));
      return { at, visited, cookies };
    }
  }
  throw new Error(`More than ${mostRedirects} redirects from ${from.host}${from.pathname}`);
}
