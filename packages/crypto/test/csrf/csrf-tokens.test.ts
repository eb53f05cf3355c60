import { describe, expect, test } from '@jest/globals';
import { manualClock } from '@unite/shared/testing';
import fc from 'fast-check';
import { type CsrfRequest, createCsrf } from '../../src/csrf';

const secret = 'first-secret-of-at-least-32-characters';
const newSecret = 'second-secret-of-at-least-32-characters';
const setUp = (secrets = [secret]) => {
  const clock = manualClock();
  return { clock, csrf: createCsrf({ secrets, clock, tokenTtlMs: 60_000 }) };
};

describe('tokens', () => {
  test('hold for their session, and each is new', async () => {
    const { csrf } = setUp();
    const [token, other] = [await csrf.token('alice'), await csrf.token('alice')];
    expect(token).not.toBe(other);
    expect(await csrf.verifyToken('alice', token)).toBe(true);
    expect(await csrf.verifyToken('alice', other)).toBe(true);
  });

  test('of another session are refused', async () => {
    const { csrf } = setUp();
    const token = await csrf.token('alice');
    expect(await csrf.verifyToken('mallory', token)).toBe(false);
    expect(await csrf.verifyToken('alicf', token)).toBe(false);
    expect(await csrf.verifyToken('', token)).toBe(false);
    expect(await csrf.verifyToken(undefined as never, token)).toBe(false);
  });

  test('cannot move characters between their parts', async () => {
    const { csrf } = setUp();
    const [expiry, random, mac] = (await csrf.token('alice')).split('.') as [string, string, string];
    const moved = `${random}.${expiry.padEnd(24, 'A')}.${mac}`;
    expect(await csrf.verifyToken('alice', moved)).toBe(false);
    expect(await csrf.verifyToken(`alice.${expiry}`, `${expiry}.${random}.${mac}`)).toBe(false);
  });

  test('expire', async () => {
    const { csrf, clock } = setUp();
    const token = await csrf.token('alice');
    await clock.advance(59_999);
    expect(await csrf.verifyToken('alice', token)).toBe(true);
    await clock.advance(1);
    expect(await csrf.verifyToken('alice', token)).toBe(false);
  });

  test('cannot be made to hold longer', async () => {
    const { csrf } = setUp();
    const [, ...rest] = (await csrf.token('alice')).split('.');
    const later = (10 ** 15).toString(36);
    expect(await csrf.verifyToken('alice', [later, ...rest].join('.'))).toBe(false);
  });

  test('outlive the secret that signed them while it is still listed, and no longer', async () => {
    const { csrf: before, clock } = setUp([secret]);
    const during = createCsrf({ secrets: [newSecret, secret], clock });
    const after = createCsrf({ secrets: [newSecret], clock });
    const token = await before.token('alice');
    expect(await during.verifyToken('alice', token)).toBe(true);
    expect(await after.verifyToken('alice', token)).toBe(false);
    const newToken = await during.token('alice');
    expect(await after.verifyToken('alice', newToken)).toBe(true);
    expect(await before.verifyToken('alice', newToken)).toBe(false);
  });

  test('none with a changed, missing or added character holds, nor any other text', async () => {
    const { csrf } = setUp();
    const token = await csrf.token('alice');
    const place = fc.nat(token.length - 1);
    const changed = fc
      .tuple(place, fc.constantFrom(...'abcXYZ019-_.+/= '))
      .map(([at, character]) => token.slice(0, at) + character + token.slice(at + 1));
    const cut = place.map((length) => token.slice(0, length));
    const longer = fc.string({ minLength: 1 }).map((tail) => token + tail);
    const forged = fc.oneof(changed, cut, longer, fc.string({ unit: 'binary' }));
    await fc.assert(
      fc.asyncProperty(forged, async (text) => {
        expect(await csrf.verifyToken('alice', text)).toBe(text === token);
      }),
      { numRuns: 500 },
    );
    expect(await csrf.verifyToken('alice', [token] as never)).toBe(false);
  });

  test('need secrets, and a session', async () => {
    await expect(createCsrf().token('alice')).rejects.toThrow('tokens need option "secrets"');
    await expect(createCsrf().verifyToken('alice', 'x')).rejects.toThrow(TypeError);
    await expect(setUp().csrf.token('')).rejects.toThrow('session id must be a non-empty text');
    await expect(setUp().csrf.token(7 as never)).rejects.toThrow(TypeError);
  });
});

describe('a browser without Sec-Fetch-Site, of a session', () => {
  const ask = (headers: CsrfRequest['headers'], sessionId?: string): CsrfRequest => ({
    method: 'POST',
    headers,
    host: 'crm.example.com',
    sessionId,
  });

  test('passes with its token, also where its origin says nothing', async () => {
    const { csrf } = setUp();
    for (const origin of [undefined, 'null', 'https://inner.example']) {
      const headers = { 'x-csrf-token': await csrf.token('alice'), origin };
      expect(await csrf.check(ask(headers, 'alice'))).toEqual({ allowed: true, reason: 'token' });
    }
  });

  test('is refused without one where nothing else speaks for it', async () => {
    const { csrf } = setUp();
    const token = await csrf.token('mallory');
    expect((await csrf.check(ask({}, 'alice'))).reason).toBe('token-missing');
    expect((await csrf.check(ask({ 'x-csrf-token': token }, 'alice'))).reason).toBe('token-invalid');
    const foreign = { 'x-csrf-token': token, origin: 'https://evil.example' };
    expect((await csrf.check(ask(foreign, 'alice'))).reason).toBe('foreign-origin');
    const own = { origin: 'https://crm.example.com' };
    expect((await csrf.check(ask(own, 'alice'))).reason).toBe('origin-is-host');
    expect((await csrf.check(ask({}))).reason).toBe('not-a-browser');
  });

  test('no token helps where the browser says that another site asks', async () => {
    const { csrf } = setUp();
    const headers = { 'x-csrf-token': await csrf.token('alice'), 'sec-fetch-site': 'cross-site' };
    expect((await csrf.check(ask(headers, 'alice'))).reason).toBe('cross-site');
  });
});
