import { generateKeyPairSync } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { compose } from '@unite/core/next';
import { defineProblems } from '@unite/problem';
import { withProblems } from '@unite/problem/next';
import { manualClock } from '@unite/shared/testing';
import { CryptoError } from '../../src/errors';
import type { LoginClaims, LoginOptions, LoginTokens } from '../../src/oauth';
import { type Crm, callbackPath, createCrm, origin, type Person } from './support/crm';
import { type FakeProvider, startFakeProvider } from './support/fake-provider';

const unavailable = { code: 'UNITE_CRYPTO_LOGIN_UNAVAILABLE', status: 503, headers: { 'Retry-After': '1' } };
const invalid = { code: 'UNITE_CRYPTO_LOGIN_INVALID', status: 400 };

let provider: FakeProvider;
beforeEach(async () => {
  provider = await startFakeProvider();
});
afterEach(() => provider.stop());

/** Begins, and comes back with a code and what else the provider says. */
async function signIn(crm: Crm, answer: Record<string, string> = { code: 'secret-code' }): Promise<Response> {
  const visitor = crm.newVisitor();
  const address = new URL(await crm.begin(visitor));
  const { state = '', nonce = '' } = Object.fromEntries(address.searchParams);
  provider.claims = { nonce, ...provider.claims };
  return visitor.visit(`${origin}${callbackPath}?${new URLSearchParams({ state, ...answer })}`);
}

async function failure(work: Promise<unknown>): Promise<CryptoError> {
  return work.then(
    () => {
      throw new Error('It did not fail');
    },
    (error: unknown) => {
      if (!CryptoError.isInstance(error)) throw error;
      return error;
    },
  );
}

describe('what the provider says is checked', () => {
  test('and kept only as far as `toSession` keeps it', async () => {
    let seen: [LoginClaims, LoginTokens] | undefined;
    provider.tokens = { refresh_token: 'secret-refresh', scope: 'openid', expires_in: 60 };
    const crm = createCrm(provider.issuer, {
      clock: manualClock(5_000),
      toSession: (...given) => {
        seen = given;
        return { id: given[0].sub };
      },
    });
    const response = await signIn(crm);
    expect(response.status).toBe(303);
    expect(seen?.[0]).toMatchObject({ iss: provider.issuer, sub: 'ada' });
    expect(seen?.[1]).toEqual({
      accessToken: 'secret-access',
      refreshToken: 'secret-refresh',
      idToken: expect.stringMatching(/^eyJ/),
      scope: 'openid',
      expiresAtMs: 65_000,
    });
    expect(provider.paths).not.toContain('/me');
  });

  test('more is asked for where that is wished, and never replaces what is signed', async () => {
    let claims: LoginClaims | undefined;
    provider.claims = { name: 'of the ID token' };
    const options: Partial<LoginOptions<Person>> = {
      userInfo: true,
      toSession: (given) => {
        claims = given;
        return { id: given.sub };
      },
    };
    await signIn(createCrm(provider.issuer, options));
    expect(claims).toMatchObject({ sub: 'ada', name: 'of the ID token', more: true });
    provider.answers.set('/me', (_, response) =>
      response.setHeader('content-type', 'application/json').end('{"sub":"eve"}'),
    );
    expect(await failure(signIn(createCrm(provider.issuer, options)))).toMatchObject(invalid);
  });

  test.each<[string, () => void]>([
    ['of another login: its nonce', () => (provider.claims = { nonce: 'of another login' })],
    ['without nonce', () => (provider.claims = { nonce: undefined })],
    ['for another application', () => (provider.claims = { aud: 'other' })],
    ['for two, and by another', () => (provider.claims = { aud: ['crm', 'other'], azp: 'other' })],
    ['of another issuer', () => (provider.claims = { iss: 'https://evil.example' })],
    ['of nobody', () => (provider.claims = { sub: undefined })],
    ['of nobody, with an empty name', () => (provider.claims = { sub: '' })],
    ['of nobody, with a blank name', () => (provider.claims = { sub: ' ' })],
    ['that is over', () => (provider.claims = { exp: 1 })],
    ['that has not begun', () => (provider.claims = { nbf: 9_999_999_999 })],
    ['without signature', () => (provider.header = { alg: 'none' })],
    ['signed with the public key', () => (provider.header = { alg: 'HS256' })],
    ['of an unknown key', () => (provider.header = { kid: 'other' })],
    ['that is none', () => (provider.tokens = { id_token: 'x' })],
    ['that is missing', () => (provider.tokens = { id_token: undefined })],
    [
      'signed by another key',
      () => (provider.signingKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey),
    ],
  ])('an ID token %s is refused', async (_, change) => {
    change();
    const crm = createCrm(provider.issuer);
    const error = await failure(signIn(crm));
    expect(error).toMatchObject({ code: expect.stringMatching(/LOGIN_(INVALID|UNAVAILABLE)/) });
    expect(error.headers).toHaveProperty('Set-Cookie', expect.stringMatching(/Max-Age=0/));
  });

  test('no error holds a code, a token, a secret or a verifier', async () => {
    for (const change of [{ aud: 'other' }, { nonce: 'x' }, { exp: 1 }]) {
      provider.claims = change;
      const error = await failure(signIn(createCrm(provider.issuer, { clientSecret: 'secret-of-client' })));
      expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/secret|eyJ/);
    }
    provider.answers.set('/token', (_, response) =>
      response
        .writeHead(400, { 'content-type': 'application/json' })
        .end('{"error":"secret token!","error_description":"secret"}'),
    );
    const error = await failure(signIn(createCrm(provider.issuer)));
    expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/secret/);
    expect(error).toMatchObject(unavailableWithCookie());
  });

  test.each([
    ['access_denied', 'REFUSED'],
    ['login_required', 'REFUSED'],
    ['server_error', 'UNAVAILABLE'],
    ['temporarily_unavailable', 'UNAVAILABLE'],
  ])('it answers the browser with %s', async (error, kind) => {
    const answer = failure(signIn(createCrm(provider.issuer), { error, error_description: 'secret' }));
    expect(await answer).toMatchObject({
      code: `UNITE_CRYPTO_LOGIN_${kind}`,
      message: expect.stringContaining(error),
    });
    expect(inspect(await answer, { depth: 9, showHidden: true })).not.toContain('secret');
  });
});

test('a refused login is a problem document, and its cookie is gone', async () => {
  const crm = createCrm(provider.issuer);
  const route = compose(withProblems(defineProblems({ baseUrl: '/errors/', types: {} })))(crm.login.finish);
  const begun = await crm.login.begin(new Request(`${origin}/login`));
  const [cookie = ''] = begun.headers.getSetCookie()[0]?.split(';') ?? [];
  const { state = '' } = Object.fromEntries(new URL(begun.headers.get('location') ?? '').searchParams);
  const callback = `${origin}${callbackPath}?${new URLSearchParams({ state, error: 'access_denied' })}`;
  const response = await route(new Request(callback, { headers: { cookie } }), {
    params: Promise.resolve({}),
  });
  expect(response.status).toBe(403);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(response.headers.getSetCookie()).toEqual([
    `${cookie.split('=')[0]}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure`,
  ]);
});

describe('mix-up and downgrade', () => {
  test('a discovery document of another issuer is refused', async () => {
    provider.metadata = { issuer: 'https://evil.example' };
    const crm = createCrm(provider.issuer);
    expect(await failure(crm.begin(crm.newVisitor()))).toMatchObject({
      ...unavailable,
      message:
        'The identity provider does not answer as it should: discovery failed, OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED',
    });
  });

  test('a callback of another issuer is refused, and one without where issuers are promised', async () => {
    const crm = createCrm(provider.issuer);
    const other = { code: 'x', iss: 'https://evil.example' };
    expect(await failure(signIn(crm, other))).toMatchObject(invalid);
    provider.claims = {};
    expect((await signIn(crm, { code: 'x' })).status).toBe(303);
    provider.metadata = { authorization_response_iss_parameter_supported: true };
    provider.claims = {};
    const careful = createCrm(provider.issuer);
    expect(await failure(signIn(careful, { code: 'x' }))).toMatchObject(invalid);
    provider.claims = {};
    expect((await signIn(careful, { code: 'x', iss: provider.issuer })).status).toBe(303);
    expect(provider.paths.filter((path) => path === '/token')).toHaveLength(2);
  });

  test('a provider with plain PKCE alone is refused', async () => {
    provider.metadata = { code_challenge_methods_supported: ['plain'] };
    const crm = createCrm(provider.issuer);
    expect(await failure(crm.begin(crm.newVisitor()))).toMatchObject({
      ...unavailable,
      message: 'The identity provider does not answer as it should: it offers PKCE without S256',
    });
    provider.metadata = { code_challenge_methods_supported: ['plain', 'S256'] };
    expect(await crm.begin(crm.newVisitor())).toContain('code_challenge_method=S256');
  });

  test('plain HTTP endpoints of a secure provider are refused', async () => {
    const fetch = async () => Response.json({ ...(await documentOf()), issuer: 'https://id.example' });
    const crm = createCrm('https://id.example', { fetch, allowInsecureHttp: false });
    await expect(crm.begin(crm.newVisitor())).rejects.toMatchObject(unavailable);
  });

  async function documentOf(): Promise<object> {
    return (await fetch(`${provider.issuer}/.well-known/openid-configuration`)).json() as Promise<object>;
  }
});

describe('outages', () => {
  const discoveryPath = '/.well-known/openid-configuration';
  const discoveries = () => provider.paths.filter((path) => path === discoveryPath).length;

  test('a provider that is down is asked again by the next login', async () => {
    const { port } = new URL(provider.issuer);
    const crm = createCrm(provider.issuer);
    await provider.stop();
    expect(await failure(crm.begin(crm.newVisitor()))).toMatchObject({
      ...unavailable,
      message: 'The identity provider does not answer as it should: discovery failed, no connection',
    });
    provider = await startFakeProvider(Number(port));
    expect(await crm.begin(crm.newVisitor())).toContain('/auth?');
  });

  test('it is asked for its endpoints once by many logins, and again after an hour', async () => {
    const clock = manualClock(Date.now());
    const crm = createCrm(provider.issuer, { clock });
    expect(discoveries()).toBe(0);
    await Promise.all(Array.from({ length: 20 }, () => crm.begin(crm.newVisitor())));
    await clock.advance(3_599_999);
    await crm.begin(crm.newVisitor());
    expect(discoveries()).toBe(1);
    await clock.advance(1);
    await crm.begin(crm.newVisitor());
    expect(discoveries()).toBe(2);
  });

  test('while it cannot be asked again, what was known is used, and it is asked every half minute', async () => {
    const clock = manualClock(Date.now());
    const crm = createCrm(provider.issuer, { clock });
    await crm.begin(crm.newVisitor());
    provider.answers.set(discoveryPath, (_, response) => response.writeHead(500).end());
    await clock.advance(3_600_000);
    for (const _ of [1, 2, 3]) expect(await crm.begin(crm.newVisitor())).toContain('/auth?');
    expect(discoveries()).toBe(2);
    await clock.advance(30_000);
    await crm.begin(crm.newVisitor());
    expect(discoveries()).toBe(3);
  });

  test.each<[string, string, (response: ServerResponse) => void]>([
    ['HTML', '/token', (response) => response.setHeader('content-type', 'text/html').end('<p>secret')],
    ['half of a document', '/token', (response) => json(response).end('{"access_token":')],
    ['a list', '/token', (response) => json(response).end('[]')],
    ['an error', '/token', (response) => response.writeHead(502).end()],
    ['a redirect', '/token', (response) => response.writeHead(307, { location: '/me' }).end()],
    ['nothing', '/token', (response) => response.destroy()],
    ['no content', '/token', (response) => response.writeHead(204).end()],
    ['no keys', '/jwks', (response) => json(response).end('{}')],
    ['an error for its keys', '/jwks', (response) => response.writeHead(500).end()],
    ['garbage', discoveryPath, (response) => json(response).end('\u0000')],
    ['no endpoints', discoveryPath, (response) => json(response).end(`{"issuer":"${provider.issuer}"}`)],
  ])('%s at %s is an outage, or no login', async (_, path, answer) => {
    provider.answers.set(path, (_, response) => answer(response));
    const crm = createCrm(provider.issuer);
    const error = await failure(signIn(crm));
    expect(error.code).toMatch(/LOGIN_(UNAVAILABLE|INVALID)$/);
    expect(inspect(error, { depth: 9 })).not.toContain('secret');
  });

  test.each(['/token', '/jwks', '/me', discoveryPath])(
    'an endless answer at %s is cut off after a megabyte',
    async (path) => {
      let sentBytes = 0;
      const ended = new Promise<unknown>((resolve) => {
        provider.answers.set(path, (_, response) => {
          pipeline(Readable.from(spaces(), { objectMode: false }), json(response), resolve);
        });
      });
      function* spaces() {
        const chunk = Buffer.alloc(65_536, ' ');
        while (sentBytes < 268_435_456) {
          sentBytes += chunk.length;
          yield chunk;
        }
      }
      const error = await failure(signIn(createCrm(provider.issuer, { userInfo: true, timeoutMs: 60_000 })));
      expect(error).toMatchObject({
        ...unavailable,
        message: 'The identity provider does not answer as it should: an answer has more than 1048576 bytes',
      });
      expect(inspect(error)).toContain('An answer of the identity provider has more than 1048576 bytes');
      await ended;
      // What was on its way in buffers comes on top.
      expect(sentBytes).toBeLessThan(33_554_432);
    },
  );

  test('an answer of just a megabyte is read, and one that was compressed counts as it was before', async () => {
    const tokens = JSON.stringify({ error: 'invalid_grant' });
    const read = async (bytes: number) => {
      const body = gzipSync(tokens.padEnd(bytes, ' '));
      provider.answers.set('/token', (_, response) =>
        json(response).writeHead(400, { 'content-encoding': 'gzip' }).end(body),
      );
      return (await failure(signIn(createCrm(provider.issuer)))).code;
    };
    expect(await read(1_048_576)).toBe('UNITE_CRYPTO_LOGIN_INVALID');
    expect(await read(1_048_577)).toBe('UNITE_CRYPTO_LOGIN_UNAVAILABLE');
  });

  test.each(['/token', discoveryPath])('silence at %s ends within the time', async (path) => {
    provider.answers.set(path, () => {});
    const crm = createCrm(provider.issuer, { timeoutMs: 50 });
    expect(await failure(signIn(crm))).toMatchObject({ code: 'UNITE_CRYPTO_LOGIN_UNAVAILABLE' });
  });

  test('also with a fetch that hears no signal', async () => {
    const clock = manualClock(Date.now());
    const crm = createCrm(provider.issuer, { clock, fetch: () => new Promise(() => {}) });
    const answer = failure(crm.begin(crm.newVisitor()));
    while (clock.sleepers() === 0) await new Promise(setImmediate);
    await clock.advance(5_000);
    expect(await answer).toMatchObject({
      ...unavailable,
      message: 'The identity provider does not answer as it should: nothing came within 5000 ms',
    });
  });

  test('signing out works without the provider, and where it offers none', async () => {
    const crm = createCrm(provider.issuer, { postLogoutRedirectUri: `${origin}/bye` });
    const leave = () => crm.newVisitor().visit(`${origin}/logout`, { method: 'POST' });
    provider.answers.set(discoveryPath, (_, response) => response.writeHead(500).end());
    expect((await leave()).headers.get('location')).toBe('/');
    provider.answers.clear();
    expect((await leave()).headers.get('location')).toBe('/');
    expect((await leave()).headers.getSetCookie()).toEqual([crm.sessions.end()]);
  });
});

test('the secret of a client can be sent in the body, and more can be asked of the provider', async () => {
  let body = '';
  provider.answers.set('/token', (request, response) => {
    request.on('data', (chunk) => (body += chunk)).on('end', () => response.writeHead(400).end());
  });
  const crm = createCrm(provider.issuer, {
    clientSecret: 's3cret',
    clientAuthentication: 'post',
    parameters: { prompt: 'login' },
    scope: 'openid',
  });
  const address = new URL(await crm.begin(crm.newVisitor()));
  expect(Object.fromEntries(address.searchParams)).toMatchObject({ prompt: 'login', scope: 'openid' });
  await failure(signIn(crm));
  expect(body).toContain('client_secret=s3cret');
});

describe('parameters of one request', () => {
  const hinting = (given: (request: Request) => unknown) => {
    const parameters = given as (request: Request) => Record<string, string>;
    return createCrm(provider.issuer, { parameters });
  };

  test('are asked for when it begins', async () => {
    const crm = hinting(({ url }) => ({ login_hint: new URL(url).searchParams.get('returnTo') ?? '' }));
    for (const hint of ['/ada', '/grace']) {
      const address = new URL(await crm.begin(crm.newVisitor(), hint));
      expect(address.searchParams.get('login_hint')).toBe(hint);
    }
  });

  test.each([{ state: 'chosen' }, { scope: 'everything' }, { login_hint: 7 }, undefined, 'text'])(
    '%j are refused, and no login begins',
    async (given) => {
      const crm = hinting(() => given);
      const visitor = crm.newVisitor();
      const beginning = crm.begin(visitor);
      await expect(beginning).rejects.toThrow(TypeError);
      await expect(beginning).rejects.toThrow('option "parameters" must give an object of texts, without');
      expect(visitor.cookies.get(origin)?.size ?? 0).toBe(0);
    },
  );
});

test.each<[Record<string, unknown>, string]>([
  [{ issuer: 'id.example' }, 'option "issuer" must be an address without query, fragment and /.well-known/'],
  [{ issuer: 'https://id.example/.well-known/openid-configuration' }, 'option "issuer" must be an address'],
  [{ issuer: 'ftp://id.example' }, 'option "issuer" must be an address'],
  [{ issuer: 'https://id.example?x' }, 'option "issuer" must be an address'],
  [{ issuer: 'https://me:pass@id.example' }, 'option "issuer" must be an address'],
  [{ issuer: 'http://id.example' }, 'option "issuer" must be an https address'],
  [{ allowInsecureHttp: false, issuer: 'http://localhost:1' }, 'option "issuer" must be an https address'],
  [{ redirectUri: 'http://crm.example/x' }, 'option "redirectUri" must be an https address'],
  [{ redirectUri: '/login' }, 'option "redirectUri" must be an address'],
  [{ scope: 'profile' }, 'option "scope" must be scopes with "openid" among them'],
  [{ parameters: { state: 'x' } }, 'option "parameters" must be an object of texts, without client_id'],
  [{ parameters: { max_age: 5 } }, 'option "parameters" must be'],
  [{ parameters: null }, 'option "parameters" must be'],
  [{ parameters: 'prompt=login' }, 'or a function that gives one, got "prompt=login"'],
  [{ clientAuthentication: 'jwt' }, 'option "clientAuthentication" must be "basic" or "post"'],
  [{ postLoginPath: '//evil.example' }, 'option "postLoginPath" must be a path of this site'],
  [{ postLogoutRedirectUri: 7 }, 'option "postLogoutRedirectUri" must be an address'],
  [{ clientSecret: '' }, 'option "clientSecret" must be a non-empty string, got an empty one'],
  [{ clientSecret: 12345 }, 'option "clientSecret" must be a non-empty string, got number'],
  [{ secrets: ['short'] }, 'got a list with text of 5 characters'],
  [{ toSession: undefined }, 'option "toSession" must be a function'],
  [{ pkce: 'plain' }, 'unknown option "pkce"'],
  [{ clock: { wallMs: 1 } }, 'option "clock" must be a clock: wallMs, monotonicMs and sleep, got an object'],
])('%j is refused', (options, message) => {
  expect(() => createCrm('http://localhost:1', options as never)).toThrow(TypeError);
  expect(() => createCrm('http://localhost:1', options as never)).toThrow(message);
});

function json(response: ServerResponse): ServerResponse {
  return response.setHeader('content-type', 'application/json');
}

function unavailableWithCookie(): object {
  return {
    ...unavailable,
    headers: { 'Retry-After': '1', 'Set-Cookie': expect.stringMatching(/^__Host-login-.*Max-Age=0/) },
  };
}
