import { inspect } from 'node:util';
import { KMS } from '@aws-sdk/client-kms';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { awsKmsKeyring, type KeyProvider } from '../../../src/keys';
import { keyProviderSuite } from '../../../src/testing';
import { call } from '../support/stored-key';
import { type AwsKmsStub, alias, refusal, startAwsKmsStub } from './support/aws-kms-stub';
import { always, hang, hangUp } from './support/start-stub';

const binding = { tenantId: 'acme', keyId: 7 };
const unavailable = { code: 'UNITE_CRYPTO_KEYS_UNAVAILABLE' };
const brokenAnswer = '{"Plaintext":"c2VjcmV0c2VjcmV0c2VjcmV0';

let stub: AwsKmsStub;
let kms: KMS;
let keys: KeyProvider;

beforeEach(async () => {
  stub = await startAwsKmsStub();
  kms = new KMS({
    endpoint: stub.url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
    maxAttempts: 1,
  });
  keys = awsKmsKeyring({ kms, keyId: alias });
});
afterEach(async () => {
  kms.destroy();
  await stub.close();
});

describe('the official client against a stub of AWS KMS', () => {
  test.each(keyProviderSuite)('$name: $summary', ({ run }) =>
    run(() => ({ provider: keys, rotate: async () => void stub.rotate() })),
  );

  test('tenant and key are the encryption context', async () => {
    const { wrapped } = await keys.generate(binding, call());
    expect(stub.context).toEqual({ 'unite:tenant': 'acme', 'unite:key': '7' });
    expect(wrapped.rootKeyId).toMatch(/^arn:aws:kms:/);
    await expect(keys.generate({ tenantId: '', keyId: 1 }, call())).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_PLACE_INVALID',
    });
  });

  test('where the root key is named by its ARN, nobody is asked whether a key is under it', async () => {
    const keyId = stub.rotate();
    const byArn = awsKmsKeyring({ kms, keyId });
    const { wrapped } = await byArn.generate(binding, call());
    const { calls } = stub;
    expect(await byArn.rewrap(wrapped, binding, call())).toBe(wrapped);
    expect(stub.calls).toBe(calls);
  });

  test.each([
    ['Disabled', 'UNITE_CRYPTO_KEY_DISABLED', 'disabled'],
    ['PendingDeletion', 'UNITE_CRYPTO_KEY_DESTROYED', 'destroyed'],
    ['PendingReplicaDeletion', 'UNITE_CRYPTO_KEY_DESTROYED', 'destroyed'],
  ])('a root key in the state %s', async (state, code, shown) => {
    const { wrapped } = await keys.generate(binding, call());
    stub.states.set(wrapped.rootKeyId, state);
    await expect(keys.unwrap(wrapped, binding, call())).rejects.toMatchObject({ code });
    await expect(keys.generate(binding, call())).rejects.toMatchObject({ code });
    expect(await keys.rootKeys?.(call())).toEqual([
      { id: wrapped.rootKeyId, state: shown, createdAtMs: 1_790_000_000_500 },
    ]);
  });

  test.each([
    ['AccessDeniedException', 'UNITE_CRYPTO_KEYS_DENIED'],
    ['UnrecognizedClientException', 'UNITE_CRYPTO_KEYS_DENIED'],
    ['NotFoundException', 'UNITE_CRYPTO_KEY_UNKNOWN'],
    ['IncorrectKeyException', 'UNITE_CRYPTO_UNWRAP_FAILED'],
    ['KMSInvalidStateException', 'UNITE_CRYPTO_KEYS_UNAVAILABLE'],
    ['InvalidKeyUsageException', 'UNITE_CRYPTO_KEYS_UNAVAILABLE'],
  ])('%s is told as %s', async (type, code) => {
    const { wrapped } = await keys.generate(binding, call());
    const { status, body } = refusal(type, 'not authorized to perform: kms:Decrypt');
    stub.fault = always(status, body);
    await expect(keys.unwrap(wrapped, binding, call())).rejects.toMatchObject({
      code,
      cause: { message: expect.stringContaining(`${type} not authorized to perform: kms:Decrypt`) },
    });
  });

  test.each([
    ['throttling', 'unwrap', always(400, { __type: 'ThrottlingException' })],
    ['failing', 'rewrap', always(500, { __type: 'KMSInternalException' })],
    ['hanging up', 'unwrap', hangUp],
    ['answering what is no JSON', 'unwrap', always(200, brokenAnswer)],
    ['answering no key', 'unwrap', always(200, { KeyId: 'arn:aws:kms:1', CiphertextBlob: 'AAAA' })],
    [
      'answering a short key',
      'unwrap',
      always(200, { KeyId: 'a', CiphertextBlob: 'AAAA', Plaintext: 'AAAA' }),
    ],
    ['answering no ciphertext', 'rewrap', always(200, { KeyId: 'a', Plaintext: `${'A'.repeat(43)}=` })],
    ['answering nothing', 'rewrap', always(200, {})],
  ] as const)('%s it is an outage (%s), and nothing of an answer is shown', async (_, operation, fault) => {
    const { wrapped } = await keys.generate(binding, call());
    stub.fault = fault;
    const asked = [() => keys.generate(binding, call()), () => keys[operation](wrapped, binding, call())];
    for (const ask of asked) {
      const error = await ask().catch((fault: Error) => fault);
      expect(error).toMatchObject(unavailable);
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('c2VjcmV0');
    }
  });

  test('a root key of which nothing is said is an outage', async () => {
    stub.fault = always(200, {});
    await expect(keys.rootKeys?.(call())).rejects.toMatchObject(unavailable);
  });

  test.each([
    ['slow', hang],
    ['throttling', always(400, { __type: 'ThrottlingException' })],
  ])(
    'a service that is %s is waited for until the time is up, whatever the client retries',
    async (_, fault) => {
      const patient = new KMS({
        endpoint: stub.url,
        region: 'eu-central-1',
        credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
        maxAttempts: 1_000,
      });
      stub.fault = fault;
      const startMs = performance.now();
      const signal = AbortSignal.timeout(300);
      const asked = awsKmsKeyring({ kms: patient, keyId: alias }).generate(binding, { signal });
      await expect(asked).rejects.toMatchObject(unavailable);
      expect(performance.now() - startMs).toBeGreaterThanOrEqual(299);
      patient.destroy();
    },
  );

  test('a service that is down is an outage', async () => {
    await stub.close();
    await expect(keys.generate(binding, call())).rejects.toMatchObject(unavailable);
  });
});

test.each([
  [
    { kms: {}, keyId: alias },
    /option "kms" must be an instance of KMS of @aws-sdk\/client-kms, got an object/,
  ],
  [{ keyId: alias }, /option "kms"/],
  [{ kms: new KMS({ region: 'eu-central-1' }), keyId: '' }, /option "keyId"/],
  [{ kms: new KMS({ region: 'eu-central-1' }), keyId: 'a', keys: 1 }, /unknown option "keys"/],
])('refuses options that are none (%#)', (options, message) => {
  expect(() => awsKmsKeyring(options as never)).toThrow(message);
});
