import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { manualClock } from '@unite/shared/testing';
import { type Crm, callbackPath, client, createCrm, origin } from './support/crm';
import { type IdentityProviderProcess, startIdentityProvider } from './support/start-identity-provider';
import type { Visitor } from './support/visitor';

const invalid = { code: 'UNITE_CRYPTO_LOGIN_INVALID', status: 400 };
const confidential = { ...client, client_id: 'vault', client_secret: 'of the vault: never in a browser' };

describe('against a real provider', () => {
  let provider: IdentityProviderProcess;
  let crm: Crm;
  beforeAll(async () => {
    provider = await startIdentityProvider({ clients: [client, confidential] });
    crm = createCrm(provider.issuer);
  });
  afterAll(() => provider?.stop());

  /** Up to the callback, which is not visited. */
  async function comeBack(visitor: Visitor, accountId = 'lantern-ada'): Promise<URL> {
    return visitor.signInAt(await crm.begin(visitor), accountId);
  }

  test('the request asks for S256, with a state, a nonce and a challenge of their own each time', async () => {
    const visitor = crm.newVisitor();
    const [one, other] = [new URL(await crm.begin(visitor)), new URL(await crm.begin(visitor))];
    expect(Object.fromEntries(one.searchParams)).toEqual({
      client_id: 'crm',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      redirect_uri: `${origin}${callbackPath}`,
      response_type: 'code',
      scope: 'openid profile email',
      state: expect.stringMatching(/^[\w-]{43}$/),
    });
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(one.searchParams.get(name)).not.toBe(other.searchParams.get(name));
    }
  });

  test('the provider refuses plain PKCE and none at all', async () => {
    const address = new URL(await crm.begin(crm.newVisitor()));
    for (const change of [
      (url: URL) => url.searchParams.set('code_challenge_method', 'plain'),
      (url: URL) => url.searchParams.delete('code_challenge_method'),
      (url: URL) => {
        url.searchParams.delete('code_challenge_method');
        url.searchParams.delete('code_challenge');
      },
    ]) {
      const weaker = new URL(address);
      change(weaker);
      const { headers } = await fetch(weaker, { redirect: 'manual' });
      expect(headers.get('location')).toContain('error=invalid_request');
    }
  });

  test('login CSRF: a callback that another browser began signs nobody in', async () => {
    const callback = await comeBack(crm.newVisitor(), 'lantern-bela');
    const victim = crm.newVisitor();
    await expect(victim.visit(callback)).rejects.toMatchObject(invalid);
    // Nor one with a login of its own under way.
    await crm.begin(victim);
    await expect(victim.visit(callback)).rejects.toMatchObject(invalid);
    expect(crm.whoIs(victim)).toBeUndefined();
  });

  test('login CSRF: nor one with a cookie that another subdomain planted beside its name', async () => {
    const [attacker, victim] = [crm.newVisitor(), crm.newVisitor()];
    const callback = await comeBack(attacker, 'lantern-bela');
    const [[name, value]] = [...(attacker.cookies.get(origin) ?? [])] as [[string, string]];
    // As the byte A0 arrives.
    victim.cookies.set(
      origin,
      new Map([
        ['a', 'b'],
        [`\u00a0${name}`, value],
      ]),
    );
    await expect(victim.visit(callback)).rejects.toMatchObject(invalid);
    expect(crm.whoIs(victim)).toBeUndefined();
  });

  test('garbage in front of a login under way does not end it', async () => {
    const visitor = crm.newVisitor();
    const callback = await comeBack(visitor);
    const [[name, value]] = [...(visitor.cookies.get(origin) ?? [])] as [[string, string]];
    visitor.cookies.set(origin, new Map([[name, `garbage; ${name}=${value}`]]));
    expect((await visitor.visit(callback)).status).toBe(303);
  });

  test('replay: a callback counts once, in the browser that has it and with a cookie that was copied', async () => {
    const visitor = crm.newVisitor();
    const callback = await comeBack(visitor);
    const copied = new Map(visitor.cookies.get(origin));
    await visitor.visit(callback);
    await expect(visitor.visit(callback)).rejects.toMatchObject(invalid);

    const thief = crm.newVisitor();
    thief.cookies.set(origin, copied);
    await expect(thief.visit(callback)).rejects.toMatchObject({
      ...invalid,
      message: 'The answer does not fit the login: invalid_grant',
    });
    expect(crm.whoIs(thief)).toBeUndefined();
  });

  test('code injection: the code of another login fails by PKCE', async () => {
    const [thief, victim] = [crm.newVisitor(), crm.newVisitor()];
    const [stolen, own] = [await comeBack(victim, 'lantern-ada'), await comeBack(thief, 'lantern-dina')];
    own.searchParams.set('code', stolen.searchParams.get('code') ?? '');
    await expect(thief.visit(own)).rejects.toMatchObject({
      ...invalid,
      message: 'The answer does not fit the login: invalid_grant',
    });
    expect(crm.whoIs(thief)).toBeUndefined();
  });

  test('a stolen code is worth nothing without its verifier', async () => {
    const callback = await comeBack(crm.newVisitor());
    const form = {
      grant_type: 'authorization_code',
      client_id: 'crm',
      redirect_uri: `${origin}${callbackPath}`,
      code: callback.searchParams.get('code') ?? '',
    };
    for (const verifier of [{}, { code_verifier: 'x'.repeat(43) }]) {
      const body = new URLSearchParams({ ...form, ...verifier });
      const response = await fetch(`${provider.issuer}/token`, { method: 'POST', body });
      expect([response.status, await response.json()]).toEqual([
        400,
        expect.objectContaining({ error: 'invalid_grant' }),
      ]);
    }
  });

  test.each<[string, (url: URL) => void]>([
    ['without state', (url) => url.searchParams.delete('state')],
    ['with two states', (url) => url.searchParams.append('state', 'x')],
    ['with the state twice', (url) => url.searchParams.append('state', url.searchParams.get('state') ?? '')],
    ['with an empty state', (url) => url.searchParams.set('state', '')],
    [
      'with a state that begins alike',
      (url) => url.searchParams.set('state', `${url.searchParams.get('state')?.slice(0, 42)}_`),
    ],
    [
      'with a shorter state',
      (url) => url.searchParams.set('state', url.searchParams.get('state')?.slice(0, 16) ?? ''),
    ],
    ['with a state of another alphabet', (url) => url.searchParams.set('state', '💥;=\u0000')],
    ['without code', (url) => url.searchParams.delete('code')],
    ['with two codes', (url) => url.searchParams.append('code', 'x')],
    ['with an unknown code', (url) => url.searchParams.set('code', 'x')],
    ['of another issuer (RFC 9207)', (url) => url.searchParams.set('iss', 'https://evil.example')],
    ['without its issuer', (url) => url.searchParams.delete('iss')],
    ['with tokens in place of a code', (url) => url.searchParams.set('id_token', 'x')],
    ['with a JARM response', (url) => url.searchParams.set('response', 'x')],
  ])('a callback %s is refused', async (_, change) => {
    const visitor = crm.newVisitor();
    const callback = await comeBack(visitor);
    change(callback);
    await expect(visitor.visit(callback)).rejects.toMatchObject(invalid);
    expect(crm.whoIs(visitor)).toBeUndefined();
  });

  test.each<[string, (url: URL) => void]>([
    [
      'ends otherwise',
      (url) => url.searchParams.set('state', `${url.searchParams.get('state')?.slice(0, 42)}_`),
    ],
    ['is there twice', (url) => url.searchParams.append('state', url.searchParams.get('state') ?? '')],
  ])('where the state %s, nothing is asked of the provider, and the login is not over', async (_, change) => {
    const visitor = crm.newVisitor();
    const callback = await comeBack(visitor);
    const altered = new URL(callback);
    change(altered);
    await expect(visitor.visit(altered)).rejects.toMatchObject({
      ...invalid,
      message: 'The login was not begun in this browser, or is over already',
    });
    expect((await visitor.visit(callback)).status).toBe(303);
  });

  test('a failed login is over: its error removes the cookie', async () => {
    const visitor = crm.newVisitor();
    const callback = await comeBack(visitor);
    callback.searchParams.set('code', 'x');
    const state = callback.searchParams.get('state') ?? '';
    await expect(visitor.visit(callback)).rejects.toMatchObject({
      headers: {
        'Set-Cookie': `__Host-login-${state.slice(0, 16)}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure`,
      },
    });
  });

  test('a cookie that was altered anywhere is none', async () => {
    const visitor = crm.newVisitor();
    const callback = await comeBack(visitor);
    const jar = visitor.cookies.get(origin) as Map<string, string>;
    const [[name, value]] = [...jar] as [[string, string]];
    const bytes = Buffer.from(value, 'base64url');
    // All of them fail before anything is asked of the provider, or the code would be used at the end.
    for (const [at] of bytes.entries()) {
      const altered = Buffer.from(bytes);
      altered.writeUInt8(altered.readUInt8(at) ^ (1 << (at % 8)), at);
      jar.set(name, altered.toString('base64url'));
      await expect(visitor.visit(callback)).rejects.toMatchObject(invalid);
    }
    jar.set(name, value);
    expect((await visitor.visit(callback)).status).toBe(303);
  });

  test('a cookie is good for its own state alone, and no session', async () => {
    const visitor = crm.newVisitor();
    const [one, other] = [await comeBack(visitor), await comeBack(visitor)];
    const jar = visitor.cookies.get(origin) as Map<string, string>;
    const [[first, ofFirst], [second, ofSecond]] = [...jar] as [[string, string], [string, string]];
    jar.set(first, ofSecond).set(second, ofFirst);
    await expect(visitor.visit(one)).rejects.toMatchObject(invalid);
    await expect(visitor.visit(other)).rejects.toMatchObject(invalid);
    jar.set('__Host-session', ofFirst);
    expect(crm.whoIs(visitor)).toBeUndefined();
  });

  test('several tabs sign in at once, in any order', async () => {
    const visitor = crm.newVisitor();
    const addresses = await Promise.all(['/a', '/b', '/c'].map((path) => crm.begin(visitor, path)));
    const callbacks = [];
    for (const address of addresses.reverse()) callbacks.push(await visitor.signInAt(address, 'lantern-ada'));
    const answers = [];
    for (const callback of callbacks) answers.push((await visitor.visit(callback)).headers.get('location'));
    expect(answers).toEqual(['/c', '/b', '/a']);
  });

  test('of more than five under way the oldest are given up, so that no header grows without end', async () => {
    const visitor = crm.newVisitor();
    const addresses = [];
    for (const path of ['/1', '/2', '/3', '/4', '/5', '/6', '/7'])
      addresses.push(await crm.begin(visitor, path));
    const jar = visitor.cookies.get(origin) as Map<string, string>;
    expect(jar.size).toBe(5);
    expect([...jar.keys()].at(-1)).toContain(
      new URL(addresses[6] ?? '').searchParams.get('state')?.slice(0, 16),
    );
    await expect(
      visitor.visit(await visitor.signInAt(addresses[1] ?? '', 'lantern-ada')),
    ).rejects.toMatchObject(invalid);
    expect((await visitor.visit(await visitor.signInAt(addresses[2] ?? '', 'lantern-ada'))).status).toBe(303);
  });

  test('session fixation: a sign-in is a session of its own, whatever the browser had', async () => {
    const [attacker, victim] = [crm.newVisitor(), crm.newVisitor()];
    await attacker.visit(await comeBack(attacker, 'lantern-dina'));
    const planted = attacker.cookies.get(origin)?.get('__Host-session') ?? '';
    const callback = await comeBack(victim, 'lantern-ada');
    victim.cookies.get(origin)?.set('__Host-session', planted);
    await victim.visit(callback);
    expect(crm.whoIs(victim)?.id).toBe('lantern-ada');
    expect(crm.whoIs(attacker)?.id).toBe('lantern-dina');
    const sessionId = (visitor: Visitor) =>
      crm.sessions.open(
        new Headers({ cookie: `__Host-session=${visitor.cookies.get(origin)?.get('__Host-session')}` }),
      )?.sessionId;
    expect(sessionId(victim)).not.toBe(sessionId(attacker));
  });

  test.each([
    '//evil.example',
    'https://evil.example',
    '/\\evil.example',
    '/.//evil.example',
    '/\t/evil.example',
  ])('open redirect: %j is ignored', async (returnTo) => {
    const visitor = crm.newVisitor();
    const callback = await visitor.signInAt(await crm.begin(visitor, returnTo), 'lantern-ada');
    expect((await visitor.visit(callback)).headers.get('location')).toBe('/');
  });

  test.each([
    callbackPath,
    `${callbackPath}?state=x`,
    `${callbackPath}/#x`,
    '/Login/%63allback',
    '/login?returnTo=/login',
    '/login/',
  ])('no loop: %j, of the login itself, is ignored', async (returnTo) => {
    const visitor = crm.newVisitor();
    const callback = await visitor.signInAt(await crm.begin(visitor, returnTo), 'lantern-ada');
    expect((await visitor.visit(callback)).headers.get('location')).toBe('/');
  });

  test.each(['/login-help', '/login/callbacks', '/%zz'])('%j is none of them', async (returnTo) => {
    const visitor = crm.newVisitor();
    const callback = await visitor.signInAt(await crm.begin(visitor, returnTo), 'lantern-ada');
    expect((await visitor.visit(callback)).headers.get('location')).toBe(returnTo);
  });

  test('a login that takes longer than ten minutes is over', async () => {
    const clock = manualClock(Date.now());
    crm = createCrm(provider.issuer, { clock });
    const [slow, slower] = [crm.newVisitor(), crm.newVisitor()];
    const [inTime, late] = [await comeBack(slow), await comeBack(slower)];
    await clock.advance(599_999);
    expect((await slow.visit(inTime)).status).toBe(303);
    await clock.advance(1);
    await expect(slower.visit(late)).rejects.toMatchObject({
      ...invalid,
      message: 'The login took too long',
    });
    crm = createCrm(provider.issuer);
  });

  test('who says no at the provider is refused, and so is who may not in', async () => {
    const visitor = crm.newVisitor();
    await expect(visitor.visit(await comeBack(visitor, 'nobody'))).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_LOGIN_REFUSED',
      status: 403,
      message: 'The identity provider refuses: access_denied',
    });
    // `null` is what databases answer for nobody.
    for (const nobody of [undefined, null]) {
      const closed = createCrm(provider.issuer, { toSession: async () => nobody });
      const guest = closed.newVisitor();
      const callback = await guest.signInAt(await closed.begin(guest), 'lantern-ada');
      await expect(guest.visit(callback)).rejects.toMatchObject({
        code: 'UNITE_CRYPTO_LOGIN_REFUSED',
        message: 'Nobody of this application signed in',
      });
      expect([...(guest.cookies.get(origin)?.keys() ?? [])].join()).not.toContain('session');
    }
  });

  test('what `toSession` throws is the application’s own', async () => {
    const broken = new Error('database');
    const other = createCrm(provider.issuer, { toSession: () => Promise.reject(broken) });
    const visitor = other.newVisitor();
    const callback = await visitor.signInAt(await other.begin(visitor), 'lantern-ada');
    await expect(visitor.visit(callback)).rejects.toBe(broken);
  });

  test.each([
    ['GET /logout', `${origin}/logout`, 'GET', 'POST'],
    ['POST of a callback', `${origin}${callbackPath}?state=x`, 'POST', 'GET'],
    ['HEAD of a callback', `${origin}${callbackPath}?state=x`, 'HEAD', 'GET'],
  ])('%s does nothing', async (_, address, method, allowed) => {
    await expect(crm.newVisitor().visit(address, { method })).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_LOGIN_INVALID',
      status: 405,
      headers: { Allow: allowed },
    });
  });

  test('a confidential client sends its secret, and one with a wrong secret gets nobody in', async () => {
    const options = { clientId: 'vault', clientSecret: confidential.client_secret };
    const right = createCrm(provider.issuer, options);
    const visitor = right.newVisitor();
    const callback = await visitor.signInAt(await right.begin(visitor), 'lantern-ada');
    expect((await visitor.visit(callback)).status).toBe(303);

    const wrong = createCrm(provider.issuer, { ...options, clientSecret: 'guessed' });
    const other = wrong.newVisitor();
    const failed = other.visit(await other.signInAt(await wrong.begin(other), 'lantern-ada'));
    await expect(failed).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_LOGIN_UNAVAILABLE',
      message: 'The identity provider does not answer as it should: OAUTH_WWW_AUTHENTICATE_CHALLENGE',
    });
  });

  test('a sign-in page that nobody asked for is over', async () => {
    const response = await fetch(`${provider.issuer}/sign-in/unknown`);
    expect([response.status, await response.text()]).toEqual([
      400,
      expect.stringContaining('This sign-in is over'),
    ]);
  });

  test('signing out at the provider, too', async () => {
    const target = `${origin}/bye`;
    const other = createCrm(provider.issuer, { postLogoutRedirectUri: target });
    const { headers } = await other.newVisitor().visit(`${origin}/logout`, { method: 'POST' });
    const url = new URL(headers.get('location') ?? '');
    expect(`${url.origin}${url.pathname}`).toBe(`${provider.issuer}/session/end`);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: 'crm',
      post_logout_redirect_uri: target,
    });
    expect(headers.getSetCookie()).toEqual([other.sessions.end()]);
  });
});

test.each([
  ['20 s behind, with tokens of 10 s', -20_000, 10, true],
  ['a minute behind, with tokens of 10 s', -60_000, 10, false],
  ['two hours behind', -7_200_000, 600, false],
])('a provider whose clock is %s', async (_, clockOffsetMs, idTokenSeconds, isAllowed) => {
  const provider = await startIdentityProvider({
    clients: [client],
    clockOffsetMs,
    configuration: { ttl: { IdToken: idTokenSeconds } },
  });
  try {
    const crm = createCrm(provider.issuer);
    const visitor = crm.newVisitor();
    const answer = visitor.visit(await visitor.signInAt(await crm.begin(visitor), 'lantern-ada'));
    if (isAllowed) expect((await answer).status).toBe(303);
    else {
      await expect(answer).rejects.toMatchObject({
        ...invalid,
        message: 'The answer does not fit the login: OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
      });
    }
  } finally {
    await provider.stop();
  }
});
