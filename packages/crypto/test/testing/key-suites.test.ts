import { createCipheriv, randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { CryptoError } from '../../src/errors';
import type { KeyProvider, KeyStore, TenantKeys } from '../../src/keys';
import { memoryKeyring, memoryKeyStore } from '../../src/keys';
import { type CheckedKeyProvider, keyProviderSuite, keyStoreSuite, runKeyChecks } from '../../src/testing';

/** A store that does all but one thing. */
type StoreFault = (own: KeyStore) => Partial<KeyStore>;

const later = <Result>(result: Result) => new Promise<Result>((resolve) => setImmediate(resolve, result));

const storeFaults: readonly [what: string, fails: string, fault: StoreFault][] = [
  [
    'says an empty list of an unknown tenant',
    'unknown',
    (own) => ({ read: async (...given) => (await own.read(...given)) ?? { keys: [] } }),
  ],
  [
    'reads the oldest first',
    'newest-first',
    (own) => ({ read: async (...given) => reversed(await own.read(...given)) }),
  ],
  [
    'adds after anything',
    'compare-and-set',
    (own) => ({
      add: async (key, _after, call) =>
        own.add(key, (await own.read(key.tenantId, call))?.keys[0]?.keyId, call),
    }),
  ],
  ['looks first and adds then', 'first-crowd', lookingFirst],
  ['looks first and adds the next then', 'crowd', lookingFirst],
  [
    'replaces whatever is there',
    'replace',
    (own) => ({
      replace: async (key, _from, call) =>
        own.replace(
          key,
          (await own.read(key.tenantId, call))?.keys.find(({ keyId }) => keyId === key.keyId)?.wrapped ??
            key.wrapped,
          call,
        ),
    }),
  ],
  [
    'says that it removed nothing',
    'remove',
    (own) => ({ remove: async (...given) => own.remove(...given).then(() => true) }),
  ],
  [
    'forgets that a tenant was shredded',
    'shred',
    (own) => ({ read: async (...given) => shown(await own.read(...given)) }),
  ],
  [
    'shreds only who has keys',
    'shred-unknown',
    (own) => ({
      shred: async (tenantId, call) => ((await own.read(tenantId, call)) ? own.shred(tenantId, call) : 0),
    }),
  ],
  [
    'trims the ids of tenants',
    'apart',
    (own) => ({
      read: (id, call) => own.read(id.trim().toLowerCase(), call),
      add: (key, ...rest) => own.add({ ...key, tenantId: key.tenantId.trim().toLowerCase() }, ...rest),
    }),
  ],
  [
    'lists tenants from the one that is given',
    'tenants',
    (own) => ({
      tenants: async (page, call) =>
        [page.after ?? '', ...(await own.tenants(page, call))].slice(0, page.limit),
    }),
  ],
];

function reversed(keys: TenantKeys | undefined): TenantKeys | undefined {
  return keys && { ...keys, keys: keys.keys.toReversed() };
}

function shown(keys: TenantKeys | undefined): TenantKeys | undefined {
  return keys && { keys: keys.keys };
}

/** A race that a store loses which is no compare-and-set. */
function lookingFirst(own: KeyStore): Partial<KeyStore> {
  return {
    async add(key, after, call) {
      const seen = (await own.read(key.tenantId, call))?.keys[0]?.keyId;
      if ((await later(seen)) !== after) return false;
      return own.add(key, (await own.read(key.tenantId, call))?.keys[0]?.keyId, call);
    },
  };
}

test.each(storeFaults)('a store that %s fails the check "%s"', async (_, fails, fault) => {
  const results = await runKeyChecks(keyStoreSuite, () => {
    const own = memoryKeyStore();
    return { store: { ...own, ...fault(own) } };
  });
  expect(results.map(({ name }) => name)).toEqual(keyStoreSuite.map(({ name }) => name));
  expect(results.filter(({ holds }) => !holds).map(({ name }) => name)).toContain(fails);
});

/** A provider that does all but one thing. */
type ProviderFault = (own: KeyProvider) => Partial<KeyProvider>;

const unwrapFailed = new CryptoError('UNITE_CRYPTO_UNWRAP_FAILED', 'no');

const providerFaults: readonly [what: string, fails: string, fault: ProviderFault][] = [
  ['has no name', 'named', () => ({ name: '' })],
  ['has no algorithm', 'named', () => ({ algorithm: '' })],
  [
    'makes short keys',
    'round-trip',
    (own) => ({
      generate: async (...given) => ({ ...(await own.generate(...given)), key: randomBytes(16) }),
    }),
  ],
  [
    'wraps by writing the key down',
    'round-trip',
    () => ({
      generate: async () => {
        const key = randomBytes(32);
        return { key, wrapped: { rootKeyId: 'root', bytes: key } };
      },
    }),
  ],
  [
    'makes one key',
    'random',
    (own) => {
      let made: ReturnType<KeyProvider['generate']> | undefined;
      return { generate: (...given) => (made ??= own.generate(...given)) };
    },
  ],
  [
    'knows tenants by their first letters',
    'odd-tenants',
    (own) => ({
      unwrap: (wrapped, binding, call) =>
        own.unwrap(wrapped, { ...binding, tenantId: binding.tenantId.slice(0, 99) }, call),
    }),
  ],
  [
    'binds nothing',
    'bound',
    (own) => {
      const bound = { tenantId: 'all', keyId: 1 };
      return {
        generate: (_, call) => own.generate(bound, call),
        unwrap: (wrapped, _, call) => own.unwrap(wrapped, bound, call),
      };
    },
  ],
  ['does not authenticate', 'altered', () => unauthenticated()],
  [
    'unwraps under any root key',
    'unknown-root',
    (own) => ({ unwrap: (wrapped, ...rest) => own.unwrap({ ...wrapped, rootKeyId: 'root' }, ...rest) }),
  ],
  [
    'does not look at the signal',
    'aborted',
    (own) => ({ generate: (binding) => own.generate(binding, { signal: new AbortController().signal }) }),
  ],
  [
    'copies what is current',
    'current',
    (own) => ({ rewrap: async (...given) => ({ ...(await own.rewrap(...given)) }) }),
  ],
  ['names no primary', 'root-keys', () => ({ rootKeys: async () => [{ id: 'root', state: 'previous' }] })],
  [
    'throws what is no error of this package',
    'bound',
    (own) => ({ unwrap: (...given) => own.unwrap(...given).catch(() => Promise.reject(new Error('no'))) }),
  ],
];

/** Only AES in counter mode: bits can be flipped. */
function unauthenticated(): Partial<KeyProvider> {
  const root = randomBytes(32);
  const crypt = (bytes: Uint8Array) => createCipheriv('aes-256-ctr', root, Buffer.alloc(16)).update(bytes);
  return {
    async generate() {
      const key = randomBytes(32);
      return { key, wrapped: { rootKeyId: 'root', bytes: crypt(key) } };
    },
    unwrap: async ({ bytes }) => (bytes.length === 32 ? crypt(bytes) : Promise.reject(unwrapFailed)),
  };
}

test.each(providerFaults)('a provider that %s fails the check "%s"', async (_, fails, fault) => {
  const results = await runKeyChecks(keyProviderSuite, () => {
    const own = memoryKeyring({ keys: { root: randomBytes(32) } });
    return { provider: { ...own, ...fault(own) } };
  });
  expect(results.filter(({ holds }) => !holds).map(({ name }) => name)).toContain(fails);
});

test('a provider that does not rewrap after a rotation fails the check "rewrap"', async () => {
  const keys = { first: randomBytes(32), second: randomBytes(32) };
  const open = (): CheckedKeyProvider => {
    let own = memoryKeyring({ keys, primary: 'first' });
    const provider: KeyProvider = {
      ...own,
      generate: (...given) => own.generate(...given),
      unwrap: (...given) => own.unwrap(...given),
      rewrap: async (wrapped) => wrapped,
    };
    const rotate = async () => {
      own = memoryKeyring({ keys, primary: 'second' });
    };
    return { provider, rotate };
  };
  const failed = (await runKeyChecks(keyProviderSuite, open)).filter(({ holds }) => !holds);
  expect(failed.map(({ name }) => name)).toEqual(['rewrap', 'root-keys'].slice(0, failed.length));
  expect(failed[0]).toMatchObject({ name: 'rewrap', holds: false, seen: expect.any(String) });
});

test('a check that hangs ends with its time, and one that throws what is no error is told', async () => {
  const check = (name: string, run: () => Promise<void>) => ({ name, summary: name, run });
  const suite = [
    check('hangs', () => new Promise(() => undefined)),
    check('throws', () => Promise.reject('text')),
    check('holds', async () => undefined),
  ];
  const results = await runKeyChecks(suite, () => undefined, { timeoutMs: 20 });
  expect(results).toEqual([
    { name: 'hangs', summary: 'hangs', holds: false, seen: 'it did not end within 20 ms' },
    { name: 'throws', summary: 'throws', holds: false, seen: 'text' },
    { name: 'holds', summary: 'holds', holds: true },
  ]);
});

test('what was opened is closed, whatever it showed', async () => {
  let open = 0;
  await runKeyChecks(keyStoreSuite, () => {
    open += 1;
    const store = { ...memoryKeyStore(), read: () => Promise.reject(new Error('no')) };
    return {
      store,
      close: async () => {
        open -= 1;
      },
    };
  });
  expect(open).toBe(0);
});
