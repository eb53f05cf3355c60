import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createVault } from '../../../src';
import { memoryKeyStore, type Pkcs11KeyringOptions, pkcs11Keyring } from '../../../src/keys';
import { keyProviderSuite } from '../../../src/testing';
import { pin, Token, tokenLabel } from '../harness/token';

const binding = { tenantId: 'acme', keyId: 7 };
const call = () => ({ signal: AbortSignal.timeout(20_000) });

let token: Token;

beforeAll(() => {
  token = new Token();
  token.addKey('fields');
});
afterAll(() => token?.end());

function keyring(options: Partial<Pkcs11KeyringOptions> = {}) {
  return pkcs11Keyring({ pkcs11: token.pkcs11, tokenLabel, pin, keyLabel: 'fields', ...options });
}

test.each(keyProviderSuite)('$name: $summary', ({ run }) =>
  run(() => {
    const provider = keyring();
    return { provider, close: () => provider.close() };
  }),
);

test('a vault encrypts under a root key in the token', async () => {
  await using keys = keyring();
  await using vault = createVault({ keys, store: memoryKeyStore(), tenantId: 'acme' });
  const email = vault.field('contacts', 'email');
  const stored = await email.encrypt('ada@example.com', { rowId: 1 });
  vault.forget();
  expect(await email.decrypt(stored, { rowId: 1 })).toBe('ada@example.com');
});

test('500 data keys are made and unwrapped, many at once', async () => {
  await using keys = keyring();
  const made = await Promise.all(Array.from({ length: 500 }, () => keys.generate(binding, call())));
  const unwrapped = await Promise.all(made.map(({ wrapped }) => keys.unwrap(wrapped, binding, call())));
  expect(unwrapped.every((key, at) => Buffer.from(key).equals(made[at]?.key as Uint8Array))).toBe(true);
});

test('another root key takes over, and the one before it is destroyed', async () => {
  await using before = keyring();
  const { key, wrapped } = await before.generate(binding, call());
  token.addKey('next');
  await using keys = keyring({ keyLabel: 'next', previousKeyLabels: ['fields'] });
  const rewrapped = await keys.rewrap(wrapped, binding, call());
  token.destroyKey('fields');
  expect(await keys.unwrap(rewrapped, binding, call())).toEqual(key);
  await expect(keys.unwrap(wrapped, binding, call())).rejects.toMatchObject({
    code: 'UNITE_CRYPTO_KEY_UNKNOWN',
  });
  token.addKey('fields');
  await expect(keys.unwrap(wrapped, binding, call())).rejects.toMatchObject({
    code: 'UNITE_CRYPTO_UNWRAP_FAILED',
  });
});

test('a key that may not decrypt is disabled', async () => {
  token.addKey('sealing', { decrypt: false });
  await using keys = keyring({ keyLabel: 'sealing' });
  const { wrapped } = await keys.generate(binding, call());
  await expect(keys.unwrap(wrapped, binding, call())).rejects.toMatchObject({
    code: 'UNITE_CRYPTO_KEY_DISABLED',
  });
});

test('two keys with one label, no such token', async () => {
  token.addKey('twice');
  token.addKey('twice');
  await using keys = keyring({ keyLabel: 'twice' });
  await expect(keys.generate(binding, call())).rejects.toMatchObject({
    code: 'UNITE_CRYPTO_KEYRING_INVALID',
  });
  await using elsewhere = keyring({ tokenLabel: 'none' });
  await expect(elsewhere.generate(binding, call())).rejects.toMatchObject({
    code: 'UNITE_CRYPTO_KEYS_UNAVAILABLE',
  });
});

test('a wrong PIN is refused; who was logged out meanwhile logs in again', async () => {
  await using keys = keyring();
  const { key, wrapped } = await keys.generate(binding, call());
  token.logout();
  await using wrong = keyring({ pin: 'wrong-1234' });
  await expect(wrong.generate(binding, call())).rejects.toMatchObject({ code: 'UNITE_CRYPTO_KEYS_DENIED' });
  expect(await keys.unwrap(wrapped, binding, call())).toEqual(key);
});
