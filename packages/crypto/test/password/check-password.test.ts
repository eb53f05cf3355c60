import { createHash } from 'node:crypto';
import { describe, expect, jest, test } from '@jest/globals';
import { checkPassword, type PasswordPolicy } from '../../src/password';

const good = 'correct horse battery staple';
const flaws = async (password: string, policy?: PasswordPolicy) =>
  (await checkPassword(password, policy)).flaws;
const digestOf = (password: string) => createHash('sha1').update(password).digest('hex').toUpperCase();

describe('checkPassword', () => {
  test('demands a length, in characters, and no kinds of them', async () => {
    expect(await checkPassword(good)).toEqual({ ok: true, flaws: [], isComplete: true });
    expect(await flaws('x'.repeat(15))).toEqual([]);
    expect(await flaws('x'.repeat(14))).toEqual(['too-short']);
    expect(await flaws('😀'.repeat(14))).toEqual(['too-short']);
    expect(await flaws('😀'.repeat(8), { minLength: 8 })).toEqual([]);
    expect(await flaws('n\u0303'.repeat(8), { minLength: 9 })).toEqual(['too-short']);
  });

  test.each(['', 'x'.repeat(1_025), '\ud800 and more characters', 7 as never, undefined as never])(
    'what hash would refuse is unusable (%#)',
    async (password) => {
      const isBlocked = jest.fn(() => true);
      expect(await checkPassword(password, { isBlocked })).toEqual({
        ok: false,
        flaws: ['unusable'],
        isComplete: true,
      });
      expect(isBlocked).not.toHaveBeenCalled();
    },
  );

  test('knows what this person would think of first', async () => {
    const words = ['Ada.Lovelace@example.com', 'CRM', '', '2026'];
    expect(await flaws('ada.lovelace@EXAMPLE.com', { words })).toEqual(['guessable']);
    expect(await flaws('adalovelaceexamplecom2026!', { words })).toEqual(['guessable']);
    expect(await flaws('crm-2026', { words, minLength: 8 })).toEqual(['guessable']);
    expect(await flaws(`${good} crm`, { words })).toEqual([]);
    expect(await flaws('1234567890123456', { words })).toEqual([]);
  });

  test('asks lists', async () => {
    expect(await flaws(good, { isBlocked: (password) => password === good })).toEqual(['blocked']);
    expect(await flaws(good, { isBlocked: async () => false })).toEqual([]);
  });

  test.each(['yes', undefined, null, 0])('a list that answers %j has not said no', async (answer) => {
    expect(await flaws(good, { isBlocked: () => answer as never })).toEqual(['blocked']);
    expect(await flaws(good, { isBlocked: async () => answer as never })).toEqual(['blocked']);
  });

  test('keeps the process alive while somebody waits, and no longer', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = timers();
    const seen: number[] = [];
    const breachedRange = async () => {
      seen.push(timers());
      return '';
    };
    await checkPassword(good, { breachedRange });
    expect(seen).toEqual([before + 1]);
    expect(timers()).toBe(before);
  });

  test('asks Have I Been Pwned with five hex digits of its hash', async () => {
    const suffix = digestOf(good).slice(5);
    const asked: string[] = [];
    const range = (count: number) => async (prefix: string) => {
      asked.push(prefix);
      return `0018A45C4D1DEF81644B54AB7F969B88D65:3\r\n${suffix}:${count}\r\n011053FD0102E94D6AE2F8B83D76FAF94F6:1`;
    };
    expect(await flaws(good, { breachedRange: range(7) })).toEqual(['breached']);
    expect(await flaws(good, { breachedRange: range(0) })).toEqual([]);
    expect(await flaws(`${good}!`, { breachedRange: range(7) })).toEqual([]);
    expect(await flaws(good, { breachedRange: async () => suffix.toLowerCase().concat(':1') })).toEqual([
      'breached',
    ]);
    expect(asked[0]).toBe(digestOf(good).slice(0, 5));
  });

  test('a list that fails or is slow is told, and does not keep people out', async () => {
    const breachedRange = async () => Promise.reject(new Error('down'));
    expect(await checkPassword(good, { breachedRange })).toEqual({ ok: true, flaws: [], isComplete: false });
    const isBlocked = () => new Promise<boolean>(() => {});
    expect(await checkPassword(good, { isBlocked, timeoutMs: 0.5 })).toMatchObject({
      ok: true,
      isComplete: false,
    });
    expect(await checkPassword('short', { breachedRange })).toMatchObject({
      ok: false,
      flaws: ['too-short'],
    });
  });

  test.each([
    [{ minLength: 7 }, '"minLength" must be'],
    [{ maxBytes: 64 }, '"maxBytes" must be'],
    [{ words: [7] }, '"words" must be'],
    [{ isBlocked: true }, '"isBlocked" must be'],
    [{ timeoutMs: 0 }, '"timeoutMs" must be'],
    [{ uppercase: 1 }, 'unknown option "uppercase"'],
  ])('names what is wrong with %j', async (policy, message) => {
    await expect(checkPassword(good, policy as never)).rejects.toThrow(message);
  });
});
