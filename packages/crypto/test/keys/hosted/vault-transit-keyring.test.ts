import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type VaultTransitKeyringOptions, vaultTransitKeyring } from '../../../src/keys';
import { keyProviderSuite } from '../../../src/testing';
import { call } from '../support/stored-key';
import { always, hang, hangUp } from './support/start-stub';
import { startVaultStub, token, type VaultStub } from './support/vault-stub';

const binding = { tenantId: 'acme', keyId: 7 };
const unavailable = { code: 'UNITE_CRYPTO_KEYS_UNAVAILABLE' };
const secret = 'c2VjcmV0c2VjcmV0c2VjcmV0';

let stub: VaultStub;

beforeEach(async () => {
  stub = await startVaultStub();
});
afterEach(() => stub.close());

function keyring(options: Partial<VaultTransitKeyringOptions> = {}) {
  return vaultTransitKeyring({ address: `${stub.url}/`, token, key: 'crm', ...options });
}

describe.each([true, false])('a stub of Vault that knows of associated data: %p', (hasAssociatedData) => {
  test.each(keyProviderSuite)('$name: $summary', ({ run }) =>
    run(() => {
      stub.hasAssociatedData = hasAssociatedData;
      return { provider: keyring(), rotate: async () => stub.rotate() };
    }),
  );
});

describe('a stub of Vault', () => {
  test('is told token, namespace, and that no page of a browser asks', async () => {
    const tokens = [token, 'revoked'];
    const keys = keyring({ token: async () => tokens.shift() as string, namespace: 'team' });
    const { wrapped } = await keys.generate(binding, call());
    expect(wrapped.rootKeyId).toBe('transit/crm:v1');
    expect(stub.headers).toMatchObject({
      'x-vault-token': token,
      'x-vault-namespace': 'team',
      'x-vault-request': 'true',
    });
    await expect(keys.unwrap(wrapped, binding, call())).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_KEYS_DENIED',
      cause: { message: 'VaultRefusal 403' },
    });
  });

  test('names the versions of its root key', async () => {
    const keys = keyring();
    const { wrapped } = await keys.generate(binding, call());
    stub.rotate();
    stub.rotate();
    stub.oldest = 2;
    expect(await keys.rootKeys?.(call())).toEqual([
      { id: 'transit/crm:v1', state: 'disabled', createdAtMs: 1_790_000_000_000 },
      { id: 'transit/crm:v2', state: 'previous', createdAtMs: 1_790_000_001_000 },
      { id: 'transit/crm:v3', state: 'primary', createdAtMs: 1_790_000_002_000 },
    ]);
    await expect(keys.unwrap(wrapped, binding, call())).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_KEY_DISABLED',
    });
  });

  test.each([{ key: 'other' }, { mount: 'secret/transit' }])('without such a key: %j', async (options) => {
    const { wrapped } = await keyring().generate(binding, call());
    const keys = keyring(options);
    const unknown = { code: 'UNITE_CRYPTO_KEY_UNKNOWN' };
    await expect(keys.generate(binding, call())).rejects.toMatchObject(unknown);
    await expect(keys.unwrap(wrapped, binding, call())).rejects.toMatchObject(unknown);
    await expect(keys.rootKeys?.(call())).rejects.toMatchObject(unknown);
    const own = { ...wrapped, rootKeyId: `${options.mount ?? 'transit'}/${options.key ?? 'crm'}:v1` };
    await expect(keys.unwrap(own, binding, call())).rejects.toMatchObject(unknown);
  });

  test.each([
    ['throttling', always(429, { errors: [secret] })],
    ['sealed', always(503, { errors: ['Vault is sealed'] })],
    ['standing by and sending elsewhere', always(307, '', { location: 'http://127.0.0.1:1/' })],
    ['hanging up', hangUp],
    ['answering what is no JSON', always(200, `{"data":{"plaintext":"${secret}`)],
    ['answering no data', always(200, { data: null })],
    ['answering nothing of use', always(200, { data: {} })],
    ['answering a short key', always(200, { data: { plaintext: secret } })],
    ['answering without end', always(200, `{"data":{"plaintext":"${secret.repeat(5_000)}"}}`)],
  ])('%s it is an outage, and nothing of an answer is shown', async (_, fault) => {
    const keys = keyring();
    const { wrapped } = await keys.generate(binding, call());
    stub.fault = fault;
    const asked = [
      () => keys.generate(binding, call()),
      () => keys.unwrap(wrapped, binding, call()),
      () => keys.rootKeys?.(call()),
    ];
    for (const ask of asked) {
      const error = await ask()?.catch((fault: Error) => fault);
      expect(error).toMatchObject(unavailable);
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(secret);
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(token);
    }
  });

  test('slow, it is waited for until the time is up', async () => {
    stub.fault = hang;
    const signal = AbortSignal.timeout(100);
    await expect(keyring().generate(binding, { signal })).rejects.toMatchObject(unavailable);
    const slow = keyring({ token: () => new Promise(() => undefined) });
    await expect(slow.generate(binding, { signal: AbortSignal.timeout(50) })).rejects.toMatchObject(
      unavailable,
    );
  });

  test('down, it is an outage, and so is a token that nobody gives', async () => {
    const withoutToken = keyring({ token: () => Promise.reject(new Error(token)) });
    const error = await withoutToken.generate(binding, call()).catch((fault: Error) => fault);
    expect(error).toMatchObject(unavailable);
    expect(inspect(error)).not.toContain(token);
    await stub.close();
    await expect(keyring().generate(binding, call())).rejects.toMatchObject(unavailable);
  });

  test('another fetch may be given', async () => {
    const urls: string[] = [];
    const keys = keyring({
      fetch: (url, init) => {
        urls.push(url);
        return fetch(url, init);
      },
    });
    await keys.generate(binding, call());
    expect(urls).toEqual([`${stub.url}/v1/transit/encrypt/crm`]);
  });
});

test.each([
  [{ address: 'http://vault.internal:8200' }, /option "address" must be a URL of https:[^v]*$/],
  [{ address: 'https://me:hunter2@vault.internal' }, /option "address" must be a URL of https:[^v]*$/],
  [{ address: 'vault.internal' }, /option "address"/],
  [{ address: undefined }, /option "address"/],
  [{ token: 7 }, /option "token" must be text, or a function that gives it$/],
  [{ token: '' }, /option "token"/],
  [{ key: '../sys' }, /option "key"/],
  [{ key: 'a/b' }, /option "key"/],
  [{ mount: '/transit' }, /option "mount"/],
  [{ mount: 'a/../b' }, /option "mount"/],
  [{ namespace: '' }, /option "namespace"/],
  [{ fetch: 1 }, /option "fetch"/],
])('refuses options that are none, and shows no secret (%#)', (options, message) => {
  const given = { address: 'https://vault.internal:8200', token, key: 'crm', ...options };
  expect(() => vaultTransitKeyring(given as never)).toThrow(message);
});

test.each(['http://localhost:8200', 'http://[::1]:8200', 'https://vault.internal/'])(
  '%s will do',
  (address) => {
    expect(vaultTransitKeyring({ address, token, key: 'crm', mount: 'team/transit' }).name).toBe(
      'vault-transit',
    );
  },
);
