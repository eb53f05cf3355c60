import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { type Pkcs11KeyringOptions, pkcs11Keyring } from '../../../src/keys';
import { keyProviderSuite } from '../../../src/testing';
import { call } from '../support/stored-key';
import { ckr, pin, type StubToken, stubToken } from './support/stub-token';

const binding = { tenantId: 'acme', keyId: 7 };
const unavailable = { code: 'UNITE_CRYPTO_KEYS_UNAVAILABLE' };

function keyring(pkcs11: StubToken, options: Partial<Pkcs11KeyringOptions> = {}) {
  return pkcs11Keyring({ pkcs11, tokenLabel: 'crm', pin, keyLabel: 'fields', ...options });
}

function count(token: StubToken, name: string): number {
  return token.calls.filter((each) => each === name).length;
}

describe('a stub in the shape of pkcs11js', () => {
  test.each(keyProviderSuite)('$name: $summary', ({ run }) =>
    run(() => {
      const provider = keyring(stubToken());
      return { provider, close: () => provider.close() };
    }),
  );

  test('a root key with another label takes over, and the one before it still unwraps', async () => {
    const token = stubToken();
    const { key, wrapped } = await keyring(token).generate(binding, call());
    token.keys.set('next', [randomBytes(32)]);
    const keys = keyring(token, { keyLabel: 'next', previousKeyLabels: ['fields'] });
    const rewrapped = await keys.rewrap(wrapped, binding, call());
    expect(rewrapped.rootKeyId).toBe('next');
    expect(await keys.unwrap(wrapped, binding, call())).toEqual(key);
    expect(await keys.unwrap(rewrapped, binding, call())).toEqual(key);
    expect(await keys.rootKeys?.(call())).toEqual([
      { id: 'next', state: 'primary' },
      { id: 'fields', state: 'previous' },
    ]);
  });

  test('one session is opened when a key is needed, and used for all that comes', async () => {
    const token = stubToken();
    const keys = keyring(token);
    expect(token.calls).toEqual([]);
    await Promise.all(Array.from({ length: 50 }, () => keys.generate(binding, call())));
    expect(count(token, 'C_OpenSession')).toBe(1);
    expect(count(token, 'C_EncryptInit')).toBe(50);
    expect(count(token, 'C_FindObjectsFinal')).toBe(50);
  });

  test('a module and a login that others began are used, and left to them', async () => {
    const token = stubToken();
    token.isInitialized = true;
    token.faults.set('C_Login', ckr(0x100));
    const keys = keyring(token);
    await keys.generate(binding, call());
    await keys.close();
    expect(token.isInitialized).toBe(true);
    await expect(keys.generate(binding, call())).rejects.toMatchObject({ code: 'UNITE_CRYPTO_CLOSED' });
  });

  test('it ends after what is under way, and what it began', async () => {
    const token = stubToken();
    const keys = keyring(token);
    const asked = keys.generate(binding, call());
    await keys[Symbol.asyncDispose]();
    await expect(asked).resolves.toBeDefined();
    expect(token.calls.slice(-2)).toEqual(['C_CloseSession', 'C_Finalize']);
    await keys.close();
    expect(count(token, 'C_Finalize')).toBe(1);
    await expect(keyring(stubToken()).close()).resolves.toBeUndefined();
  });

  test('a module that refuses to end is no fault of the caller', async () => {
    const token = stubToken();
    const keys = keyring(token);
    await keys.generate(binding, call());
    token.faults.set('C_CloseSession', ckr(0xb3)).set('C_Finalize', ckr(5));
    await expect(keys.close()).resolves.toBeUndefined();
  });

  test.each([
    ['C_OpenSession', 0xe0, unavailable.code],
    ['C_Login', 0x30, unavailable.code],
    ['C_DecryptInit', 0x68, 'UNITE_CRYPTO_KEY_DISABLED'],
    ['C_DecryptInit', 0x70, unavailable.code],
    ['C_DecryptAsync', 0x40, 'UNITE_CRYPTO_UNWRAP_FAILED'],
    ['C_DecryptAsync', 0x30, unavailable.code],
  ])(
    '%s that returns %i is told, without what the module says, and the next call has a new session',
    async (name, code, told) => {
      const token = stubToken();
      const before = keyring(token);
      const { key, wrapped } = await before.generate(binding, call());
      const keys = /Open|Login/.test(name) ? keyring(token) : before;
      token.faults.set(name, ckr(code));
      const error = await keys.unwrap(wrapped, binding, call()).catch((fault: Error) => fault);
      expect(error).toMatchObject({ code: told, cause: { message: `Error ${code}` } });
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(pin);
      expect(await keys.unwrap(wrapped, binding, call())).toEqual(key);
      expect(count(token, 'C_OpenSession')).toBe(/Open|Login/.test(name) ? 3 : 2);
    },
  );

  test.each([
    ['C_FindObjectsInit', 0xb3],
    ['C_DecryptInit', 0x60],
    ['C_DecryptInit', 0x101],
  ])(
    '%s that returns %i, as after a token was pulled, is done again in a new session',
    async (name, code) => {
      const token = stubToken();
      const keys = keyring(token);
      const { key, wrapped } = await keys.generate(binding, call());
      token.faults.set(name, ckr(code));
      expect(await keys.unwrap(wrapped, binding, call())).toEqual(key);
      expect([count(token, 'C_OpenSession'), count(token, 'C_CloseSession')]).toEqual([2, 1]);
    },
  );

  test('a general error is the fault of the wrapped key where the token works, and else an outage', async () => {
    const token = stubToken();
    const keys = keyring(token);
    const { wrapped } = await keys.generate(binding, call());
    token.faults.set('C_DecryptAsync', ckr(5));
    await expect(keys.unwrap(wrapped, binding, call())).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_UNWRAP_FAILED',
    });
    token.faults.set('C_DecryptAsync', ckr(5)).set('C_EncryptAsync', ckr(5));
    await expect(keys.unwrap(wrapped, binding, call())).rejects.toMatchObject(unavailable);
  });

  test.each([0xa0, 0xa4])(
    'a PIN that was refused (%i) is not tried until the token is locked',
    async (code) => {
      const token = stubToken();
      const keys = keyring(token);
      token.faults.set('C_Login', ckr(code));
      for (const _ of [1, 2, 3]) {
        await expect(keys.generate(binding, call())).rejects.toMatchObject({
          code: 'UNITE_CRYPTO_KEYS_DENIED',
        });
      }
      expect(count(token, 'C_Login')).toBe(1);
      expect(count(token, 'C_OpenSession')).toBe(count(token, 'C_CloseSession'));
    },
  );

  test('no token, no key and several keys', async () => {
    const token = stubToken();
    const { wrapped } = await keyring(token).generate(binding, call());
    const elsewhere = keyring(token, { tokenLabel: 'none' });
    await expect(elsewhere.generate(binding, call())).rejects.toMatchObject({
      ...unavailable,
      cause: { message: 'no token with this label' },
    });
    const other = keyring(token, { keyLabel: 'other' });
    await expect(other.generate(binding, call())).rejects.toMatchObject({ code: 'UNITE_CRYPTO_KEY_UNKNOWN' });
    await expect(other.unwrap(wrapped, binding, call())).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_KEY_UNKNOWN',
    });
    token.keys.set('twice', [randomBytes(32), randomBytes(32)]);
    await expect(keyring(token, { keyLabel: 'twice' }).generate(binding, call())).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_KEYRING_INVALID',
    });
  });

  test('an answer of another length is an outage', async () => {
    const token = stubToken();
    const keys = keyring(token);
    const { wrapped } = await keys.generate(binding, call());
    token.change = (answer) => answer.subarray(1);
    await expect(keys.generate(binding, call())).rejects.toMatchObject(unavailable);
    await expect(keys.unwrap(wrapped, binding, call())).rejects.toMatchObject(unavailable);
  });

  test('a slow token is waited for until the time is up; those behind it are not asked for in vain', async () => {
    const token = stubToken();
    const keys = keyring(token);
    let open = (): void => undefined;
    token.gate = new Promise((resolve) => {
      open = resolve;
    });
    const late = AbortSignal.timeout(50);
    const asked = [1, 2, 3].map((keyId) => keys.generate({ tenantId: 'acme', keyId }, { signal: late }));
    const refusals = await Promise.allSettled(asked);
    expect(refusals.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(count(token, 'C_EncryptInit')).toBe(1);
    open();
    await expect(keys.generate(binding, call())).resolves.toBeDefined();
    expect(count(token, 'C_EncryptInit')).toBe(2);
  });

  test('no more than a thousand wait', async () => {
    const token = stubToken();
    const keys = keyring(token);
    const asked = await Promise.allSettled(
      Array.from({ length: 1_010 }, () => keys.generate(binding, call())),
    );
    expect(asked.filter(({ status }) => status === 'rejected')).toHaveLength(10);
    await expect(keys.generate(binding, call())).resolves.toBeDefined();
  });
});

test.each([
  [{ pkcs11: {} }, /option "pkcs11" must be a PKCS11 of pkcs11js that has loaded a module/],
  [{ pkcs11: undefined }, /option "pkcs11"/],
  [{ tokenLabel: '' }, /option "tokenLabel"/],
  [{ keyLabel: 7 }, /option "keyLabel"/],
  [{ previousKeyLabels: [''] }, /option "previousKeyLabels"/],
  [{ pin: 12_345 }, /option "pin" must be text$/],
  [{ pin: undefined }, /option "pin" must be text$/],
])('refuses options that are none, and shows no PIN (%#)', (options, message) => {
  expect(() => keyring(stubToken(), options as never)).toThrow(message);
});
