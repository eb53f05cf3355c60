import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openToken, sealToken } from '../../src/consistency';
import type { ConsistencyToken } from '../../src/types';
import { manualClock } from './manual-clock';
import { warningsOf } from './warnings';

const secrets = ['correct horse battery staple, long'];
const later = ['tomorrow’s secret, which is as long as today’s', ...secrets];
const token: ConsistencyToken = { systemId: '7412345678901234567', timeline: 2, lsn: 0x3000148n };

const tokens = fc.record({
  systemId: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }).map(String),
  timeline: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
  lsn: fc.option(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), { nil: undefined }),
});

describe('sealToken and openToken', () => {
  test('carry every token, in what cookies, headers and URLs take as it is', () => {
    fc.assert(
      fc.property(tokens, (each) => {
        const text = sealToken(each, { secrets });
        expect(openToken(text, { secrets })).toEqual(each);
        expect(text).toMatch(/^[\w.-]{1,108}$/);
      }),
    );
  });

  test('write version, system, timeline, position and time in the open', () => {
    const clock = manualClock(0x19a8e2f4c00);
    expect(sealToken(token, { secrets, clock })).toMatch(
      /^1\.7412345678901234567\.2\.3000148\.19a8e2f4c00\.[\w-]{43}$/,
    );
    expect(sealToken({ ...token, lsn: undefined }, { secrets, clock })).toMatch(
      /^1\.7412345678901234567\.2\.\.19a8e2f4c00\.[\w-]{43}$/,
    );
  });

  test('a changed character makes it no token', () => {
    const text = sealToken(token, { secrets });
    const places = fc.nat(text.length - 1);
    const characters = fc.constantFrom(
      ...'0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_.',
    );
    fc.assert(
      fc.property(places, characters, (place, character) => {
        fc.pre(text[place] !== character);
        const forged = text.slice(0, place) + character + text.slice(place + 1);
        expect(openToken(forged, { secrets })).toBeUndefined();
      }),
      { numRuns: 1_000 },
    );
  });

  test('what the same secret signed for another purpose is no token', () => {
    const text = sealToken(token, { secrets });
    const payload = text.slice(0, text.lastIndexOf('.'));
    const signature = createHmac('sha256', secrets[0] as string)
      .update(payload)
      .digest('base64url');
    expect(openToken(`${payload}.${signature}`, { secrets })).toBeUndefined();
  });

  test('nothing that a client may send makes it throw', () => {
    const shaped = fc.stringMatching(
      /^1\.-?\d{1,22}\.\d{0,11}\.[0-9a-f]{0,18}\.[0-9a-f]{0,13}\.[\w-]{42,44}$/,
    );
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.string(), shaped), (text) => {
        expect(openToken(text, { secrets })).toBeUndefined();
      }),
      { numRuns: 2_000 },
    );
    expect(openToken(`${sealToken(token, { secrets })}${' '.repeat(100_000)}`, { secrets })).toBeUndefined();
  });

  test('a new secret seals and the old one still opens', () => {
    const text = sealToken(token, { secrets });
    expect(openToken(text, { secrets: later })).toEqual(token);
    expect(openToken(sealToken(token, { secrets: later }), { secrets: later })).toEqual(token);
    expect(openToken(sealToken(token, { secrets: later }), { secrets })).toBeUndefined();
  });

  test('a token that no secret opens is warned of once, without its text', async () => {
    const text = sealToken(token, { secrets: ['another server’s secret, long enough'] });
    const warnings = await warningsOf(() => {
      openToken(text, { secrets });
      openToken(text, { secrets });
    });
    expect(warnings).toEqual([
      [
        'UNITE_DB_CONSISTENCY_REFUSED',
        'A consistency token was forged, or sealed with a secret that this server does not have; it is ignored',
      ],
    ]);
  });

  test('holds for a minute, or as long as it is said to', () => {
    const clock = manualClock(1_000_000);
    const text = sealToken(token, { secrets, clock });
    clock.set(1_060_000);
    expect(openToken(text, { secrets, clock })).toEqual(token);
    clock.set(1_060_001);
    expect(openToken(text, { secrets, clock })).toBeUndefined();
    expect(openToken(text, { secrets, clock, maxAgeMs: 60_001 })).toEqual(token);
    clock.set(999_000); // another server's clock may be behind
    expect(openToken(text, { secrets, clock })).toEqual(token);
  });

  test('uses the machine’s time where no other is given', () => {
    const text = sealToken(token, { secrets, clock: manualClock(Date.now() - 61_000) });
    expect(openToken(text, { secrets })).toBeUndefined();
  });

  test.each([
    [{ ...token, systemId: 'a.b' }],
    [{ ...token, timeline: 0 }],
    [{ ...token, timeline: 1.5 }],
    [{ ...token, timeline: 2 ** 32 }],
    [{ ...token, lsn: -1n }],
    [{ ...token, lsn: 2n ** 64n }],
  ])('refuse what PostgreSQL never says: %p', (wrong) => {
    expect(() => sealToken(wrong, { secrets })).toThrow('sealToken: no token of PostgreSQL');
  });

  test.each([
    [
      { secrets: ['short'] },
      'option "secrets" must be a non-empty array of strings of at least 32 characters',
    ],
    [{ secrets: [] }, 'option "secrets"'],
    [{ secrets: secrets[0] }, 'option "secrets"'],
    [{ secrets: [7] }, 'option "secrets"'],
    [{}, 'option "secrets"'],
    [{ secrets, maxAgeMs: 0 }, 'option "maxAgeMs" must be a positive number, got 0'],
    [{ secrets, ttlMs: 1 }, 'unknown option "ttlMs"'],
  ])('refuse options %j, and show no secret', (options, message) => {
    for (const call of [() => sealToken(token, options as never), () => openToken('', options as never)]) {
      expect(call).toThrow(message);
      expect(call).not.toThrow('short');
      expect(call).not.toThrow('correct horse');
    }
  });
});
