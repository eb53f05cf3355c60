import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { manualClock } from '@unite/shared/testing';
import fc from 'fast-check';
import { type CookieSessionsOptions, createCookieSessions } from '../../src/oauth';

interface Person {
  readonly id: string;
}

const secret = 'the newest secret, which is long enough';
const older = 'an older secret, which is long enough, too';
const ada: Person = { id: 'ada' };
const hourMs = 3_600_000;

function parse(value: unknown): Person | undefined {
  return typeof value === 'object' && value !== null && 'id' in value ? { id: String(value.id) } : undefined;
}

function create(options: Partial<CookieSessionsOptions<Person>> = {}) {
  return createCookieSessions<Person>({ secrets: [secret], parse, ...options });
}

function sent(setCookie: string): Headers {
  return new Headers({ cookie: setCookie.split(';')[0] as string });
}

test('what was started is read, until it is ended', () => {
  const sessions = create();
  const cookie = sessions.start(ada);
  expect(cookie).toMatch(/^__Host-session=[\w-]+; Max-Age=86400; Path=\/; HttpOnly; SameSite=Lax; Secure$/);
  expect(sessions.read(sent(cookie))).toEqual(ada);
  expect(sessions.end()).toBe('__Host-session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure');
  expect(sessions.read(sent(sessions.end()))).toBeUndefined();
  expect(sessions.read(new Headers())).toBeUndefined();
});

test('in development the name has no prefix, and there is no Secure', () => {
  const sessions = create({ secure: false });
  expect(sessions.cookieName).toBe('session');
  expect(sessions.start(ada)).not.toContain('Secure');
});

test('it is found among other cookies, by its exact name; of two the first counts', () => {
  const sessions = create({ secure: false });
  const [own = ''] = sessions.start(ada).split(';');
  const [second = ''] = sessions.start({ id: 'eve' }).split(';');
  const read = (cookie: string) => sessions.read(new Headers({ cookie }));
  expect(read(`a=b; xsession=1;noise; =x;  ${own} ; ${second}`)).toEqual(ada);
  expect(read(`x${own}`)).toBeUndefined();
  expect(read(`session; ${own}`)).toEqual(ada);
});

describe('a cookie that another subdomain planted', () => {
  const sessions = create();
  const [own = ''] = sessions.start(ada).split(';');
  const [planted = ''] = sessions.start({ id: 'eve' }).split(';');
  const read = (cookie: string) => sessions.read({ get: () => cookie });

  // Browsers take a name with one of these for another name, and let any subdomain set it. Node.js reads headers as
  // Latin-1, other servers as UTF-8.
  test.each(['\u00a0', '\u000b', '\u000c', '\ufeff', '\u2003', '\u2028', '\u0000', '\u0085', '"', '('])(
    'with %j at its name is none',
    (sign) => {
      expect(read(`${sign}${planted}; ${own}`)).toEqual(ada);
      expect(read(`${planted.replace('=', `${sign}=`)}; ${own}`)).toEqual(ada);
      expect(read(`${sign}${planted}`)).toBeUndefined();
      expect(read(`${own}${sign}`)).toBeUndefined();
    },
  );

  test('is none on the wire, either', async () => {
    const server = createServer((request, response) => {
      const headers = new Headers({ cookie: request.headers.cookie ?? '' });
      response.end(sessions.read(headers)?.id);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    const head = `GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: \xa0${planted}; ${own}\r\n\r\n`;
    socket.end(Buffer.from(head, 'latin1'));
    expect(await text(socket)).toMatch(/\r\n\r\nada$/);
    await once(server.close(), 'close');
  });

  test('spaces and tabs are no part of a name or a value', () => {
    expect(read(` \t${own.replace('=', ' \t= \t')}\t `)).toEqual(ada);
  });
});

test('garbage of the same name in front signs nobody out, up to a few of them', () => {
  const clock = manualClock();
  const sessions = create({
    clock,
    parse: (value) => (parse(value)?.id === 'refused' ? null : parse(value)),
  });
  const [refused = ''] = create({ clock }).start({ id: 'refused' }).split(';');
  const [over = ''] = create({ clock: manualClock(-7 * 24 * hourMs) })
    .start({ id: 'eve' })
    .split(';');
  const [own = ''] = sessions.start(ada).split(';');
  const read = (cookies: string[]) => sessions.read(new Headers({ cookie: cookies.join('; ') }));
  const garbage = `${sessions.cookieName}=garbage`;
  expect(read([garbage, `${sessions.cookieName}=`, refused, over, own])).toEqual(ada);
  expect(read([...Array.from({ length: 5 }, () => garbage), own])).toBeUndefined();
});

test('nothing of a session can be read from its cookie', () => {
  const text = create().start({ id: 'ada@lantern.example' });
  expect(text).not.toContain('ada@');
  expect(Buffer.from(text.split(/[=;]/)[1] as string, 'base64url').toString('latin1')).not.toContain('ada@');
});

test('each bit counts, and so do length and spelling', () => {
  const sessions = create();
  const [name = '', value = ''] = sessions.start(ada).split(/[=;]/);
  const read = (altered: string) => sessions.read(new Headers({ cookie: `${name}=${altered}` }));
  expect(read(value)).toEqual(ada);
  const bytes = Buffer.from(value, 'base64url');
  for (const [at] of bytes.entries()) {
    for (const bit of [0, 1, 2, 3, 4, 5, 6, 7]) {
      const altered = Buffer.from(bytes);
      altered.writeUInt8(altered.readUInt8(at) ^ (1 << bit), at);
      expect(read(altered.toString('base64url'))).toBeUndefined();
    }
    expect(read(bytes.subarray(0, at).toString('base64url'))).toBeUndefined();
  }
  // Spellings of the same bytes.
  for (const altered of [
    `${value}=`,
    `${value}A`,
    `${value}%`,
    `"${value}"`,
    `${value.slice(0, 9)}!${value.slice(9)}`,
  ]) {
    expect(read(altered)).toBeUndefined();
  }
  const last = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  for (const sign of last) if (!value.endsWith(sign)) expect(read(value.slice(0, -1) + sign)).toBeUndefined();
});

test('what nobody sealed is nobody', () => {
  const sessions = create();
  const read = (value: string) => sessions.read({ get: () => `__Host-session=${value}` });
  fc.assert(fc.property(fc.base64String({ maxLength: 6_000 }), (text) => read(text) === undefined));
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => read(text) === undefined));
  expect(read('A'.repeat(100_000))).toBeUndefined();
});

test('a cookie is bound to its name', () => {
  const sessions = create({ cookieName: 'one', secure: false });
  const other = create({ cookieName: 'other', secure: false });
  const value = sessions.start(ada).split(/[=;]/)[1];
  expect(other.read(new Headers({ cookie: `other=${value}` }))).toBeUndefined();
});

describe('secrets', () => {
  test('the newest seals, older ones open, and those that are gone do not', () => {
    const before = create({ secrets: [older] }).start(ada);
    const during = create({ secrets: [secret, older] });
    expect(during.read(sent(before))).toEqual(ada);
    expect(create({ secrets: [secret] }).read(sent(during.start(ada)))).toEqual(ada);
    expect(create({ secrets: [secret] }).read(sent(before))).toBeUndefined();
  });

  test('bytes are secrets, too', () => {
    const sessions = create({ secrets: [randomBytes(32)] });
    expect(sessions.read(sent(sessions.start(ada)))).toEqual(ada);
    expect(create().read(sent(sessions.start(ada)))).toBeUndefined();
  });

  test.each([
    ['a list of 0', []],
    ['a list of 9', Array.from({ length: 9 }, () => secret)],
    ['a list with text of 6 characters', [secret, 'hunter']],
    ['a list with 31 bytes', [randomBytes(31)]],
    ['a list with number', [7]],
    ['text of 39 characters', secret],
    ['undefined', undefined],
  ])('%s are none, and none of it is shown', (what, secrets) => {
    expect(() => create({ secrets: secrets as never })).toThrow(
      new TypeError(
        `createCookieSessions: option "secrets" must be a list of 1 to 8 secrets of at least 32 characters or bytes each, got ${what}`,
      ),
    );
  });

  test('inspecting shows nothing', () => {
    expect(inspect(create(), { depth: 9, showHidden: true })).not.toContain(secret);
  });
});

describe('time', () => {
  test('renewing goes on with the same session, once half of the idle time has passed', async () => {
    const clock = manualClock();
    const sessions = create({ clock, idleMs: hourMs, absoluteMs: 2 * hourMs });
    const cookie = sessions.start(ada);
    await clock.advance(hourMs / 2 - 1);
    expect(sessions.renew(sent(cookie))).toBeUndefined();
    await clock.advance(1);
    const { sessionId, issuedAtMs, expiresAtMs } = sessions.open(sent(cookie)) ?? {};
    expect(expiresAtMs).toBe(1_000_000 + hourMs);

    const renewed = sessions.renew(sent(cookie)) ?? '';
    expect(renewed).toContain('Max-Age=3600;');
    expect(sessions.open(sent(renewed))).toEqual({
      session: ada,
      sessionId,
      issuedAtMs,
      expiresAtMs: 1_000_000 + 1.5 * hourMs,
    });
  });

  test('a session ends when it is idle, and in any case after its time, to the millisecond', async () => {
    const clock = manualClock();
    const sessions = create({ clock, idleMs: hourMs, absoluteMs: 2 * hourMs });
    const first = sent(sessions.start(ada));
    await clock.advance(hourMs / 2);
    const second = sent(sessions.renew(first) ?? '');
    await clock.advance(hourMs / 2 - 1);
    expect(sessions.read(first)).toEqual(ada);
    await clock.advance(1);
    expect(sessions.read(first)).toBeUndefined();
    expect(sessions.renew(first)).toBeUndefined();
    const third = sent(sessions.renew(second) ?? '');
    await clock.advance(hourMs / 2);
    const fourth = sessions.renew(third) ?? '';
    // Renewing never leads beyond the end.
    expect(fourth).toContain('Max-Age=1800;');
    await clock.advance(hourMs / 2 - 1);
    expect(sessions.read(sent(fourth))).toEqual(ada);
    await clock.advance(1);
    expect(sessions.read(sent(fourth))).toBeUndefined();
    expect(sessions.renew(sent(fourth))).toBeUndefined();
  });
});

test('each sign-in is a session of its own', () => {
  const sessions = create();
  const ids = [1, 2, 3].map(() => sessions.open(sent(sessions.start(ada)))?.sessionId);
  expect(new Set(ids).size).toBe(3);
  expect(ids.every((id) => /^[\w-]{22}$/.test(id ?? ''))).toBe(true);
});

describe('what is kept', () => {
  const person = { id: 'ada' };

  test('more than browsers keep is refused at the sign-in', () => {
    const sessions = create({ parse: (value) => value as Person });
    expect(sessions.read(sent(sessions.start({ id: 'x'.repeat(2_700) })))?.id).toHaveLength(2_700);
    expect(() => sessions.start({ id: 'x'.repeat(3_000) })).toThrow(
      expect.objectContaining({
        code: 'UNITE_CRYPTO_VALUE_INVALID',
        message: expect.stringMatching(
          /^The session is \d+ bytes as a cookie; the longest that browsers keep is 4096$/,
        ),
      }),
    );
  });

  test.each<[string, (value: unknown) => Person | null | undefined, unknown]>([
    ['refused by parse', () => undefined, person],
    ['null by parse', () => null, person],
    [
      'what parse throws on',
      () => {
        throw new Error('zod');
      },
      person,
    ],
    ['nothing', parse, undefined],
    ['null', (value: unknown) => value as Person, null],
    ['a function', parse, () => {}],
  ])('%s is no session, and said so at the sign-in', (_, refuse, value) => {
    const sessions = create({ parse: refuse });
    expect(() => sessions.start(value as Person)).toThrow(
      expect.objectContaining({ code: 'UNITE_CRYPTO_VALUE_INVALID' }),
    );
    // What an older release sealed.
    expect(create({ parse: refuse }).read(sent(create().start(ada)))).toEqual(
      refuse === parse || value === null ? ada : undefined,
    );
  });
});

test.each<[object, string]>([
  [{ ttlMs: 1 }, 'unknown option "ttlMs"'],
  [{ idleMs: 0 }, 'option "idleMs" must be a positive number, got 0'],
  [{ cookieName: 'a b' }, 'option "cookieName" must be a name of'],
  [{ secure: false, cookieName: '__Host-x' }, 'option "cookieName" must be without a prefix'],
  [{ secure: false, cookieName: '__secure-x' }, 'option "cookieName" must be without a prefix'],
  [{ parse: undefined }, 'option "parse" must be a function'],
  [{ clock: {} }, 'option "clock" must be a clock: wallMs, monotonicMs and sleep, got an object'],
  [{ clock: null }, 'option "clock" must be a clock: wallMs, monotonicMs and sleep, got null'],
])('%j is refused', (options, message) => {
  expect(() => create(options as never)).toThrow(TypeError);
  expect(() => create(options as never)).toThrow(message);
});
