import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { manualClock } from '@unite/shared/testing';
import fc from 'fast-check';
import { sealedIdentity } from '../../src/next';

const secret = 'a secret of at least thirty-two characters';
const identity = { tenantId: 'acme', userId: 'u1', plan: 'pro' };
const incoming = (headers: Record<string, string> = {}) => ({ headers: new Headers(headers) });

let warnings: jest.SpiedFunction<typeof process.emitWarning>;
beforeEach(() => {
  jest.restoreAllMocks();
  warnings = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
});

describe('sealedIdentity', () => {
  test('opens what it sealed', async () => {
    const sealed = sealedIdentity({ secrets: [secret] });
    const headers = await sealed.seal(incoming({ 'x-request-id': 'req-1', accept: 'text/html' }), identity);
    expect(headers.get('x-request-id')).toBe('req-1');
    expect(headers.get('accept')).toBe('text/html');
    expect(await sealed.identify({ headers })).toEqual(identity);
    expect(warnings).not.toHaveBeenCalled();
  });

  test('seals nobody as nobody, and replaces what the client sent', async () => {
    const sealed = sealedIdentity({ secrets: [secret], acceptRequestId: false });
    const stolen = await sealed.seal(incoming({ 'x-request-id': 'req-1' }), identity);
    const headers = await sealed.seal({ headers: stolen }, undefined);
    expect(headers.get('x-request-id')).not.toBe('req-1');
    expect(await sealed.identify({ headers })).toEqual({});
  });

  test('a request without the header is anonymous, and that is no warning', async () => {
    expect(await sealedIdentity({ secrets: [secret] }).identify(incoming())).toBeUndefined();
    expect(warnings).not.toHaveBeenCalled();
  });

  test('secrets can be rotated', async () => {
    const next = 'another secret of thirty-two characters';
    const before = await sealedIdentity({ secrets: [secret] }).seal(incoming(), identity);
    expect(await sealedIdentity({ secrets: [next, secret] }).identify({ headers: before })).toEqual(identity);
    expect(await sealedIdentity({ secrets: [next] }).identify({ headers: before })).toBeUndefined();
  });

  test('expires, and cannot be replayed under another request id', async () => {
    const clock = manualClock();
    const sealed = sealedIdentity({ secrets: [secret], ttlMs: 1_000, clock });
    const headers = await sealed.seal(incoming(), identity);
    await clock.advance(999);
    expect(await sealed.identify({ headers })).toEqual(identity);
    const replayed = new Headers(headers);
    replayed.set('x-request-id', 'another');
    expect(await sealed.identify({ headers: replayed })).toBeUndefined();
    await clock.advance(1);
    expect(await sealed.identify({ headers })).toBeUndefined();
  });

  test('is used by the same key for nothing else', async () => {
    const claims = { ...identity, requestId: 'r', expiresAtMs: Date.now() + 60_000 };
    const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
    const { createHmac } = require('node:crypto') as typeof import('node:crypto');
    const signature = createHmac('sha256', secret).update(payload).digest('base64url');
    const forged = incoming({ 'x-request-id': 'r', 'x-unite-identity': `${payload}.${signature}` });
    expect(await sealedIdentity({ secrets: [secret] }).identify(forged)).toBeUndefined();
  });

  test('whatever a client sends or changes is anonymous, and never an error', async () => {
    const sealed = sealedIdentity({ secrets: [secret] });
    const genuine = await sealed.seal(incoming({ 'x-request-id': 'r' }), identity);
    const value = genuine.get('x-unite-identity') as string;
    // The last character of unpadded base64 carries spare bits, so changing it may change nothing.
    const changed = fc
      .tuple(fc.nat(value.length - 2), fc.constantFrom(...'ABCxyz019-_.'))
      .map(([at, character]) => value.slice(0, at) + character + value.slice(at + 1))
      .filter((candidate) => candidate !== value);
    const anything = fc.stringMatching(/^[!-~]{0,200}$/);
    await fc.assert(
      fc.asyncProperty(fc.oneof(changed, anything), async (header) => {
        const headers = new Headers({ 'x-request-id': 'r', 'x-unite-identity': header });
        expect(await sealed.identify({ headers })).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    [{}, 'sealedIdentity: option "secrets" must be'],
    [
      { secrets: [] },
      'sealedIdentity: option "secrets" must be a non-empty list of strings of at least 32 characters',
    ],
    [{ secrets: ['short'] }, 'got an array'],
    [{ secrets: secret }, 'at least 32 characters, got a string'],
    [{ secrets: [secret], ttlMs: 0 }, 'sealedIdentity: option "ttlMs" must be a positive number, got 0'],
  ])('refuses %p', (options, message) => {
    expect(() => sealedIdentity(options as never)).toThrow(message);
  });
});
