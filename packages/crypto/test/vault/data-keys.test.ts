import { describe, expect, test } from '@jest/globals';
import { manualClock } from '@unite/shared/testing';
import { createVault } from '../../src';
import { type KeyProvider, type KeyStore, memoryKeyring, memoryKeyStore } from '../../src/keys';

const place = { rowId: 1, tenantId: 'acme' };

describe('rotate', () => {
  test('encrypts under a new key, and reads what was encrypted before', async () => {
    const vault = createVault({ keys: memoryKeyring() });
    const email = vault.field('contacts', 'email', { search: 'equality' });
    const before = await email.encrypt('a', place);
    const oldIndex = await email.index('a', place);
    const keyId = await vault.keys.rotate('acme', { activeAfterMs: 0 });
    const after = await email.encrypt('a', place);
    await expect(email.decrypt(before, place)).resolves.toBe('a');
    await expect(email.decrypt(after, place)).resolves.toBe('a');
    await expect(email.isCurrent(before, place)).resolves.toBe(false);
    await expect(email.isCurrent(after, place)).resolves.toBe(true);
    const prefix = (await email.currentPrefix(place)) as string;
    expect([before.startsWith(prefix), after.startsWith(prefix)]).toEqual([false, true]);

    const newIndex = await email.index('a', place);
    expect(newIndex).not.toBe(oldIndex);
    await expect(email.indexes('a', place)).resolves.toEqual([newIndex, oldIndex]);
    const described = await vault.keys.describe('acme');
    expect(described?.keys.map((key) => [key.keyId === keyId, key.isPrimary])).toEqual([
      [true, true],
      [false, false],
    ]);
  });

  test('is told to whoever rotates at the same time', async () => {
    const keys = memoryKeyring();
    const vaults = Array.from({ length: 5 }, () => createVault({ keys }));
    await vaults[0]?.field('a', 'b').encrypt('x', place);
    const rotations = await Promise.allSettled(
      vaults.map((vault) => vault.keys.rotate('acme', { activeAfterMs: 0 })),
    );
    expect(rotations.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(rotations.filter(({ status }) => status === 'rejected')).toEqual(
      Array(4).fill(
        expect.objectContaining({ reason: expect.objectContaining({ code: 'UNITE_CRYPTO_KEY_CONFLICT' }) }),
      ),
    );
  });

  test('retires a previous key, whose values nobody reads again', async () => {
    const vault = createVault({ keys: memoryKeyring() });
    const email = vault.field('contacts', 'email');
    const before = await email.encrypt('a', place);
    const [{ keyId } = { keyId: 0 }] = (await vault.keys.describe('acme'))?.keys ?? [];
    await expect(vault.keys.retire('acme', keyId)).resolves.toBe(false);
    await vault.keys.rotate('acme', { activeAfterMs: 0 });
    await expect(vault.keys.retire('acme', keyId)).resolves.toBe(true);
    await expect(vault.keys.retire('acme', keyId)).resolves.toBe(false);
    await expect(email.decrypt(before, place)).rejects.toMatchObject({ code: 'UNITE_CRYPTO_KEY_UNKNOWN' });
  });
});

describe('rewrap', () => {
  test('puts data keys under the primary root key, and touches no value', async () => {
    const roots = { may: Buffer.alloc(32, 5), november: Buffer.alloc(32, 11) };
    const store = memoryKeyStore();
    const before = createVault({ keys: memoryKeyring({ keys: roots, primary: 'may' }), store });
    const stored = await before.field('a', 'b').encrypt('x', place);
    const after = createVault({ keys: memoryKeyring({ keys: roots }), store });
    await expect(after.keys.rewrap('acme')).resolves.toBe(1);
    await expect(after.keys.rewrap('acme')).resolves.toBe(0);
    await expect(after.keys.rewrap('nobody')).resolves.toBe(0);
    const without = createVault({ keys: memoryKeyring({ keys: { november: roots.november } }), store });
    await expect(without.field('a', 'b').decrypt(stored, place)).resolves.toBe('x');
    expect(after.status().keyCalls).toEqual({ generate: 0, unwrap: 2, rewrap: 2 });
  });

  test('counts none that another process has replaced meanwhile', async () => {
    const roots = { may: Buffer.alloc(32, 5), november: Buffer.alloc(32, 11) };
    const store: KeyStore = { ...memoryKeyStore(), replace: async () => false };
    await createVault({ keys: memoryKeyring({ keys: roots, primary: 'may' }), store })
      .field('a', 'b')
      .encrypt('x', place);
    await expect(
      createVault({ keys: memoryKeyring({ keys: roots }), store }).keys.rewrap('acme'),
    ).resolves.toBe(0);
  });
});

describe('a provider that errs', () => {
  const failed = { code: 'UNITE_CRYPTO_UNWRAP_FAILED' };
  const wrapped = { rootKeyId: 'memory', bytes: Buffer.alloc(9) };

  test.each<[string, Partial<KeyProvider>]>([
    ['a key of zeros', { generate: async () => ({ key: Buffer.alloc(32), wrapped }) }],
    ['a short key', { generate: async () => ({ key: Buffer.alloc(16, 1), wrapped }) }],
    ['nothing', { generate: async () => undefined as never }],
    ['no wrapped key', { generate: async () => ({ key: Buffer.alloc(32, 1), wrapped: undefined as never }) }],
  ])('makes no key: %s', async (_, broken) => {
    const keys = memoryKeyring();
    const vault = createVault({ keys: { ...keys, ...broken } });
    await expect(vault.field('a', 'b').encrypt('x', place)).rejects.toMatchObject(failed);
    await expect(vault.keys.describe('acme')).resolves.toBeUndefined();
  });

  test.each<[string, unknown]>([
    ['zeros', Buffer.alloc(32)],
    ['nothing', undefined],
    ['text', 'x'.repeat(32)],
  ])('unwraps no key: %s', async (_, answer) => {
    const keys = memoryKeyring();
    const stored = await createVault({ keys }).field('a', 'b').encrypt('x', place);
    const vault = createVault({ keys: { ...keys, unwrap: async () => answer as Buffer } });
    await expect(vault.field('a', 'b').decrypt(stored, place)).rejects.toMatchObject(failed);
  });

  test('rewraps nothing as another key', async () => {
    const roots = { may: Buffer.alloc(32, 5), november: Buffer.alloc(32, 11) };
    const store = memoryKeyStore();
    const old = createVault({ keys: memoryKeyring({ keys: roots, primary: 'may' }), store });
    const stored = await old.field('a', 'b').encrypt('x', place);
    const real = memoryKeyring({ keys: roots });
    const handedOut: Uint8Array[] = [];
    const unwrap: KeyProvider['unwrap'] = async (...given) => {
      const key = await real.unwrap(...given);
      handedOut.push(key);
      return key;
    };
    const other: KeyProvider['rewrap'] = async (_, binding, call) =>
      (await real.generate(binding, call)).wrapped;
    const altered: KeyProvider['rewrap'] = async (from) => ({
      ...from,
      bytes: Buffer.from(from.bytes).reverse(),
    });
    for (const rewrap of [other, async () => undefined as never, altered]) {
      const vault = createVault({ keys: { ...real, unwrap, rewrap }, store });
      await expect(vault.keys.rewrap('acme')).rejects.toMatchObject(failed);
    }
    // Two of the first, none of the second, one of the third.
    expect(handedOut).toEqual(Array(3).fill(Buffer.alloc(32)));
    await expect(old.field('a', 'b').decrypt(stored, place)).resolves.toBe('x');
    await expect(createVault({ keys: real, store }).keys.rewrap('acme')).resolves.toBe(1);
  });
});

test.each<[string, unknown, string]>([
  ['an option that is none', { activeAfter: 0 }, 'vault.keys.rotate: unknown option "activeAfter"'],
  ['a time that is none', { activeAfterMs: -1 }, 'option "activeAfterMs" must be a number from 0, got -1'],
])('rotate refuses %s', async (_, options, message) => {
  const vault = createVault({ keys: memoryKeyring() });
  await expect(vault.keys.rotate('acme', options as never)).rejects.toThrow(message);
  await expect(vault.keys.describe('acme')).resolves.toBeUndefined();
});

describe('shred', () => {
  test('makes a tenant unreadable for good, and no other', async () => {
    const keys = memoryKeyring();
    const clock = manualClock();
    const vault = createVault({ keys, clock });
    const elsewhere = createVault({ keys, clock, keyCache: { ttlMs: 1_000 } });
    const email = vault.field('contacts', 'email');
    const stored = await email.encrypt('a', place);
    const other = await email.encrypt('b', { rowId: 1, tenantId: 'globex' });
    await elsewhere.field('contacts', 'email').decrypt(stored, place);

    await expect(vault.keys.shred('acme')).resolves.toBe(1);
    const shredded = { code: 'UNITE_CRYPTO_TENANT_SHREDDED' };
    await expect(email.decrypt(stored, place)).rejects.toMatchObject(shredded);
    await expect(email.encrypt('c', place)).rejects.toMatchObject(shredded);
    await expect(vault.keys.rotate('acme', { activeAfterMs: 0 })).rejects.toMatchObject(shredded);
    await expect(vault.keys.rewrap('acme')).rejects.toMatchObject(shredded);
    await expect(vault.keys.shred('acme')).resolves.toBe(0);
    await expect(email.decrypt(other, { rowId: 1, tenantId: 'globex' })).resolves.toBe('b');
    await expect(vault.keys.describe('acme')).resolves.toMatchObject({
      keys: [],
      shreddedAtMs: expect.any(Number),
    });

    await clock.advance(1_000);
    await expect(elsewhere.field('contacts', 'email').decrypt(stored, place)).rejects.toMatchObject(shredded);
  });

  test('forgets the keys also where the store does not answer', async () => {
    const keys = memoryKeyring();
    const vault = createVault({
      keys: { ...keys, store: { ...keys.store, shred: () => Promise.reject(new Error('gone')) } as never },
    });
    await vault.field('a', 'b').encrypt('x', place);
    await expect(vault.keys.shred('acme')).rejects.toMatchObject({ code: 'UNITE_CRYPTO_KEYS_UNAVAILABLE' });
    expect(vault.status().cachedTenants).toBe(0);
  });
});

test('tenants are listed by pages', async () => {
  const keys = memoryKeyring();
  const vault = createVault({ keys });
  const store = keys.store as KeyStore;
  const ids = Array.from({ length: 1_203 }, (_, at) => `tenant-${String(at).padStart(5, '0')}`);
  for (const tenantId of ids) {
    await store.add(
      { tenantId, keyId: 1, createdAtMs: 0, wrapped: { rootKeyId: 'memory', bytes: Buffer.alloc(1) } },
      undefined,
      { signal: new AbortController().signal },
    );
  }
  const listed: string[] = [];
  for await (const tenantId of vault.keys.tenants()) listed.push(tenantId);
  expect(listed).toEqual(ids);
});
