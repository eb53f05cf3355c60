import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { gcpKmsKeyring } from '../../../src/keys';
import { crc32c } from '../../../src/keys/hosted/crc32c';
import { keyProviderSuite } from '../../../src/testing';
import { call } from '../support/stored-key';
import { gcpKmsStub, keyName, rpcError } from './support/gcp-kms-stub';

const binding = { tenantId: 'acme', keyId: 7 };
const secret = 'c2VjcmV0c2VjcmV0';

// RFC 3720 §B.4
test.each([
  [Buffer.alloc(32), 0x8a9136aa],
  [Buffer.alloc(32, 0xff), 0x62a8ab43],
  [Buffer.from([...Array(32).keys()]), 0x46dd794e],
])('the checksum is CRC-32C (%#)', (bytes, checksum) => {
  expect(crc32c(bytes)).toBe(checksum);
});

describe('a stub in the shape of the client of Google Cloud KMS', () => {
  test.each(keyProviderSuite)('$name: $summary', ({ run }) =>
    run(() => {
      const client = gcpKmsStub();
      return { provider: gcpKmsKeyring({ client, keyName }), rotate: async () => client.rotate() };
    }),
  );

  test('a root key that it was not told of is not asked for', async () => {
    const client = gcpKmsStub();
    const { key, wrapped } = await gcpKmsKeyring({ client, keyName }).generate(binding, call());
    const next = keyName.replace('fields', 'next');
    await expect(
      gcpKmsKeyring({ client, keyName: next }).unwrap(wrapped, binding, call()),
    ).rejects.toMatchObject({ code: 'UNITE_CRYPTO_KEY_UNKNOWN' });
    const keys = gcpKmsKeyring({ client, keyName: next, previousKeyNames: [keyName] });
    expect(await keys.unwrap(wrapped, binding, call())).toEqual(key);
    await expect(keys.rewrap(wrapped, binding, call())).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_KEY_UNKNOWN',
    });
  });

  test.each([
    [rpcError(3, secret), 'UNITE_CRYPTO_UNWRAP_FAILED'],
    [rpcError(5, secret), 'UNITE_CRYPTO_KEY_UNKNOWN'],
    [rpcError(7, secret), 'UNITE_CRYPTO_KEYS_DENIED'],
    [rpcError(16, secret), 'UNITE_CRYPTO_KEYS_DENIED'],
    [rpcError(9, `${keyName} is not enabled, current state is: DISABLED.`), 'UNITE_CRYPTO_KEY_DISABLED'],
    [
      rpcError(9, `${keyName} is not enabled, current state is: DESTROY_SCHEDULED.`),
      'UNITE_CRYPTO_KEY_DESTROYED',
    ],
    [rpcError(9, `${keyName} is not enabled, current state is: DESTROYED.`), 'UNITE_CRYPTO_KEY_DESTROYED'],
    [rpcError(4, secret), 'UNITE_CRYPTO_KEYS_UNAVAILABLE'],
    [rpcError(8, secret), 'UNITE_CRYPTO_KEYS_UNAVAILABLE'],
    [rpcError(14, secret), 'UNITE_CRYPTO_KEYS_UNAVAILABLE'],
    [new TypeError(secret), 'UNITE_CRYPTO_KEYS_UNAVAILABLE'],
    [secret, 'UNITE_CRYPTO_KEYS_UNAVAILABLE'],
  ])('%s is told as %s', async (fault, code) => {
    const client = gcpKmsStub();
    const keys = gcpKmsKeyring({ client, keyName });
    const { wrapped } = await keys.generate(binding, call());
    client.fault = fault;
    const error = await keys.unwrap(wrapped, binding, call()).catch((refusal: Error) => refusal);
    expect(error).toMatchObject({ code });
    expect(inspect(error, { depth: 9 })).not.toContain(secret);
    if (code !== 'UNITE_CRYPTO_UNWRAP_FAILED')
      await expect(keys.generate(binding, call())).rejects.toMatchObject({ code });
  });

  test.each([
    { name: null },
    { ciphertext: null },
    { ciphertext: new Uint8Array() },
    { ciphertextCrc32c: { value: 1 } },
    { ciphertextCrc32c: null },
    { verifiedPlaintextCrc32c: false },
    { verifiedAdditionalAuthenticatedDataCrc32c: false },
    { plaintext: new Uint8Array(31), plaintextCrc32c: { value: crc32c(new Uint8Array(31)) } },
    { plaintext: undefined },
    { plaintextCrc32c: { value: '1' } },
  ])('an answer that came otherwise is an outage: %j', async (change) => {
    const client = gcpKmsStub();
    const keys = gcpKmsKeyring({ client, keyName });
    const { wrapped } = await keys.generate(binding, call());
    client.change = change;
    const asked = Object.keys(change).some((name) => name.startsWith('plaintext'))
      ? keys.unwrap(wrapped, binding, call())
      : keys.generate(binding, call());
    await expect(asked).rejects.toMatchObject({ code: 'UNITE_CRYPTO_KEYS_UNAVAILABLE' });
  });

  test('bytes may come in base64, as over REST', async () => {
    const client = gcpKmsStub();
    const keys = gcpKmsKeyring({ client, keyName });
    const { key, wrapped } = await keys.generate(binding, call());
    client.change = { plaintext: Buffer.from(key).toString('base64') };
    expect(await keys.unwrap(wrapped, binding, call())).toEqual(key);
  });

  test('a client that never answers is waited for until the time is up', async () => {
    const client = { ...gcpKmsStub(), encrypt: () => new Promise<never>(() => undefined) };
    const signal = AbortSignal.timeout(50);
    await expect(gcpKmsKeyring({ client, keyName }).generate(binding, { signal })).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_KEYS_UNAVAILABLE',
    });
  });
});

test.each([
  [{ client: {}, keyName }, /option "client" must be a KeyManagementServiceClient/],
  [{ client: undefined, keyName }, /option "client"/],
  [{ keyName: 'fields' }, /option "keyName"/],
  [{ keyName: `${keyName}/cryptoKeyVersions/1` }, /option "keyName"/],
  [{ previousKeyNames: ['fields'] }, /option "previousKeyNames"/],
  [{ previousKeyNames: keyName }, /option "previousKeyNames"/],
])('refuses options that are none (%#)', (options, message) => {
  expect(() => gcpKmsKeyring({ client: gcpKmsStub(), keyName, ...options } as never)).toThrow(message);
});
