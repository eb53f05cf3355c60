import { describe, expect, test } from '@jest/globals';
import { attack, cookiesOf, origin, reportAs } from '../support/attack/client';
import { signInByProvider } from '../support/attack/sign-in-by-provider';
import { weaknesses } from '../support/attack/weaknesses';

const person = 'meridian-mira';
const callback = '/api/session/callback';

/** Ways to say another site. */
const elsewhere = [
  'https://evil.example',
  'https:evil.example',
  'https:/evil.example',
  '//evil.example',
  '///evil.example',
  '////evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '\\/evil.example',
  '/\\/evil.example',
  '/%2f/evil.example',
  '/%2f%2fevil.example',
  '%2f%2fevil.example',
  '/%5cevil.example',
  '/%255cevil.example',
  '/\t/evil.example',
  '\t//evil.example',
  ' //evil.example',
  '/\n/evil.example',
  '/\r\n//evil.example',
  '/\0/evil.example',
  '/.//evil.example',
  '/..//evil.example',
  '/./\\evil.example',
  '/contacts/..//evil.example',
  '/@evil.example//..',
  '@evil.example',
  'localhost@evil.example',
  '//localhost@evil.example',
  '//evil。example',
  '//evil%E3%80%82example',
  '/\u2044/evil.example',
  '／／evil.example',
  'javascript:alert(1)',
  'java\tscript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:x',
  '//[::1]',
  '//0x7f000001',
  '?//evil.example',
  '#//evil.example',
  '.evil.example',
  ':80',
  '/contacts\r\nset-cookie: injected=1',
  `/${'x'.repeat(5_000)}`,
];

reportAs('login');

describe('a login', () => {
  test('leads back to this site, whatever it was asked for', async () => {
    const found = await Promise.all(
      elsewhere.map(async (returnTo) => {
        const begin = `/api/session/begin?returnTo=${encodeURIComponent(returnTo)}`;
        const { location } = await signInByProvider(person, { begin });
        // As a browser reads it: https://url.spec.whatwg.org.
        const target = URL.canParse(location, origin) ? new URL(location, origin) : undefined;
        const isOurs = location.startsWith('/') && target?.origin === origin && !/^[/\\]{2}/.test(location);
        return isOurs && !/[\r\n\t]/.test(location) ? [] : [{ returnTo, location }];
      }),
    );
    expect(found.flat()).toEqual([]);
  });

  test('leads where it was asked for on this site, whichever way that was said', async () => {
    const twice = '/api/session/begin?returnTo=/usage&returnTo=//evil.example';
    const { location } = await signInByProvider(person, { begin: '/api/session/begin?returnTo=/usage' });
    expect(location).toBe('/usage');
    expect((await signInByProvider(person, { begin: twice })).location).toBe('/usage');
  });

  test('gives a new session, whatever cookies the browser had before', async () => {
    const planted = 'crm_session=planted; __Host-crm_session=planted; login-planted=planted';
    const first = await signInByProvider(person, { cookie: planted });
    expect(sessionOf(first.cookie)).not.toBe('planted');
    const second = await signInByProvider('harbour-imani', { cookie: first.cookie });
    expect(sessionOf(second.cookie)).not.toBe(sessionOf(first.cookie));
    const { text } = await attack('/api/contacts', {
      path: '/api/contacts?pageSize=1',
      cookie: second.cookie,
    });
    const { text: firsts } = await attack('/api/contacts', {
      path: '/api/contacts?pageSize=1',
      cookie: first.cookie,
    });
    expect(JSON.parse(text).contacts[0].id).not.toBe(JSON.parse(firsts).contacts[0].id);
  });

  test('is the browser’s that began it: nobody is signed in as somebody else by a link', async () => {
    const victim = await attack('/api/session/begin', { path: '/api/session/begin' });
    const attacker = await signInByProvider(person, { untilCallback: true });
    const address = pathOf(attacker.steps.at(-1));
    for (const cookie of ['', cookiesOf(victim)]) {
      await isRefused(address, cookie);
    }
    // The name of the attempt, with what another one holds.
    const [name = ''] = attacker.callbackCookie.split('=');
    await isRefused(address, `${name}=${cookiesOf(victim).split('=')[1]}`);
  });

  test('is over once it was used: neither its address nor its code is taken again', async () => {
    const done = await signInByProvider(person);
    const address = pathOf(done.steps.find((step) => step.includes(callback)));
    // By whoever has the address alone, by the same browser, and by one that kept the cookie of the attempt.
    for (const cookie of ['', done.cookie, done.callbackCookie]) await isRefused(address, cookie);
  });

  test('takes no code, state or answer that is not its own', async () => {
    const begun = await signInByProvider(person, { untilCallback: true });
    const address = new URL(begun.steps.at(-1) ?? '', origin);
    const changed = (change: (parameters: URLSearchParams) => void) => {
      const copy = new URL(address);
      change(copy.searchParams);
      return pathOf(copy.href);
    };
    const tried = [
      changed((all) => all.set('code', 'guessed')),
      changed((all) => all.delete('code')),
      changed((all) => all.append('code', 'second')),
      changed((all) => all.set('state', 'guessed')),
      changed((all) => all.delete('state')),
      changed((all) => all.append('state', all.get('state') ?? '')),
      changed((all) => all.set('state', '__proto__')),
      changed((all) => all.set('iss', 'https://evil.example')),
      changed((all) => all.append('error', 'access_denied')),
      changed((all) => all.set('error', '<script>alert(1)</script>')),
      changed((all) => all.append('response', 'e30.e30.')),
      changed((all) => all.append('id_token', 'e30.e30.')),
      callback,
      `${callback}?${'a=1&'.repeat(2_000)}`,
    ];
    for (const path of tried) await isRefused(path, begun.callbackCookie);
    // A code of one attempt, with the state and the cookie of another.
    const other = await signInByProvider(person, { untilCallback: true });
    const code = address.searchParams.get('code') ?? '';
    const swapped = new URL(other.steps.at(-1) ?? '', origin);
    swapped.searchParams.set('code', code);
    await isRefused(pathOf(swapped.href), other.callbackCookie);
  });

  test('is by GET, and a POST of another site ends nowhere', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
      const answer = await attack(callback, {
        method,
        path: callback,
        headers: { origin: 'https://evil.example' },
      });
      expect([answer.status, answer.headers['set-cookie']]).toEqual([403, undefined]);
    }
  });

  test('whom the provider knows and the application does not is not let in', async () => {
    const refused = await signInByProvider('nobody-at-all');
    expect([refused.location, sessionOf(refused.cookie)]).toEqual(['/?signIn=refused', undefined]);
  });

  test('its cookies are out of the reach of scripts and of other sites', async () => {
    const { setCookies } = await signInByProvider(person);
    expect(setCookies.length).toBeGreaterThan(2);
    for (const cookie of setCookies) expect(cookie).toMatch(/; Path=\/; HttpOnly; SameSite=Lax$/);
  });

  test('signing out removes every cookie of the session', async () => {
    const { cookie } = await signInByProvider(person);
    const out = await attack('/api/session', { method: 'DELETE', path: '/api/session', cookie });
    expect([out.status, out.headers['set-cookie']]).toEqual([
      204,
      [expect.stringMatching(/^crm_session=; Max-Age=0; Path=\/; HttpOnly/)],
    ]);
  });

  test('many begun at once fill no header', async () => {
    let cookie = '';
    const jar = new Map<string, string>();
    for (const _ of Array.from({ length: 12 })) {
      const { headers } = await attack('/api/session/begin', { path: '/api/session/begin', cookie });
      for (const line of headers['set-cookie'] ?? []) {
        const [pair = ''] = line.split(';');
        const name = pair.slice(0, pair.indexOf('='));
        if (/Max-Age=0/.test(line)) jar.delete(name);
        else jar.set(name, pair);
      }
      cookie = [...jar.values()].join('; ');
    }
    expect(jar.size).toBeLessThanOrEqual(5);
  });

  async function isRefused(path: string, cookie: string): Promise<void> {
    const answer = await attack(callback, { path, cookie });
    const signedIn = (answer.headers['set-cookie'] ?? []).filter((line) =>
      /^(__Host-)?crm_session=[^;]/.test(line),
    );
    expect({ path, weak: weaknesses(answer), signedIn }).toEqual({ path, weak: [], signedIn: [] });
    expect(answer.headers.location).toMatch(/^\/\?signIn=(expired|refused|unavailable)$/);
  }
});

function sessionOf(cookie: string): string | undefined {
  return /(?:^|; )crm_session=([^;]+)/.exec(cookie)?.[1];
}

function pathOf(address = ''): string {
  const { pathname, search } = new URL(address);
  return `${pathname}${search}`;
}
