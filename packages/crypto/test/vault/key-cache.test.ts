import { describe, expect, test } from '@jest/globals';
import { manualClock, settle } from '@unite/shared/testing';
import { createVault, type VaultOptions } from '../../src';
import { memoryKeyring } from '../../src/keys';
import { controlledKeyring, isDisabled, isDown, never } from '../support/controlled-keyring';

const place = { rowId: 1, tenantId: 'acme' };

function setUp(options: Partial<VaultOptions> = {}) {
  const clock = manualClock();
  const { control, keys, calls } = controlledKeyring();
  const vault = createVault({ keys, clock, ...options });
  return { clock, control, calls, keys, vault, email: vault.field('contacts', 'email') };
}

/** A second process, which knows nothing yet. */
function cold({ keys, clock }: ReturnType<typeof setUp>, options: Partial<VaultOptions> = {}) {
  const vault = createVault({ keys, clock, ...options });
  return { vault, email: vault.field('contacts', 'email') };
}

describe('the first key of a tenant', () => {
  test('is made once, however many encrypt at once', async () => {
    const { email, calls } = setUp();
    const stored = await Promise.all(Array.from({ length: 500 }, () => email.encrypt('a', place)));
    expect(calls).toMatchObject({ generate: 1, unwrap: 0, add: 1 });
    await expect(Promise.all(stored.map((one) => email.decrypt(one, place)))).resolves.toHaveLength(500);
  });

  test('is the same for processes that make it at once', async () => {
    const first = setUp();
    const others = Array.from({ length: 10 }, () => cold(first));
    const stored = await Promise.all(others.map(({ email }) => email.encrypt('a', place)));
    for (const one of stored) await expect(first.email.decrypt(one, place)).resolves.toBe('a');
    const described = await first.vault.keys.describe('acme');
    expect(described?.keys).toHaveLength(1);
  });

  test('is not made by whoever only reads', async () => {
    const { vault, email, calls } = setUp();
    const stored = await email.encrypt('a', place);
    await expect(email.decrypt(stored, { rowId: 1, tenantId: 'globex' })).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_TENANT_MISMATCH',
    });
    expect(calls.generate).toBe(1);
    await expect(vault.keys.describe('globex')).resolves.toBeUndefined();
  });
});

describe('a cold cache', () => {
  test('asks the store once and the provider once, however many decrypt at once', async () => {
    const warm = setUp();
    const stored = await warm.email.encrypt('a', place);
    const { email, vault } = cold(warm);
    warm.calls.read = 0;
    const read = await Promise.all(Array.from({ length: 1_000 }, () => email.decrypt(stored, place)));
    expect(new Set(read)).toEqual(new Set(['a']));
    expect(warm.calls).toMatchObject({ unwrap: 1, read: 1 });
    expect(vault.status()).toMatchObject({ decrypted: 1_000, cachedTenants: 1, keyCalls: { unwrap: 1 } });
  });

  test('says that nobody can be asked, and does not ask again for a second', async () => {
    const warm = setUp();
    const stored = await warm.email.encrypt('a', place);
    const { email } = cold(warm);
    warm.control.provider = isDown;
    const attempts = await Promise.allSettled(
      Array.from({ length: 100 }, () => email.decrypt(stored, place)),
    );
    for (const attempt of attempts) {
      expect(attempt).toMatchObject({
        status: 'rejected',
        reason: {
          code: 'UNITE_CRYPTO_KEYS_UNAVAILABLE',
          message: 'contacts.email: The key provider "memory" cannot be asked',
          cause: new Error('connect ECONNREFUSED'),
        },
      });
    }
    expect(warm.calls.unwrap).toBe(1);
    await expect(email.decrypt(stored, place)).rejects.toThrow('cannot be asked');
    expect(warm.calls.unwrap).toBe(1);

    warm.control.provider = undefined;
    await warm.clock.advance(1_001);
    await expect(email.decrypt(stored, place)).resolves.toBe('a');
  });

  test('waits no longer than its time, for one that never answers', async () => {
    const warm = setUp();
    const stored = await warm.email.encrypt('a', place);
    const { email } = cold(warm, { timeoutMs: 300 });
    warm.control.provider = never;
    const attempt = email.decrypt(stored, place);
    attempt.catch(() => {});
    await settle();
    await warm.clock.advance(300);
    await expect(attempt).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_KEYS_UNAVAILABLE',
      message: 'contacts.email: The key provider "memory" did not answer within 300 ms',
    });
  });
});

describe('a key that is known', () => {
  test('is asked for again after its time, and after its uses', async () => {
    const { clock, calls, email } = setUp({ keyCache: { ttlMs: 1_000, maxUses: 3 } });
    const stored = await email.encrypt('a', place);
    await email.decrypt(stored, place);
    await email.decrypt(stored, place);
    await email.decrypt(stored, place);
    expect(calls.unwrap).toBe(0);
    await email.decrypt(stored, place);
    expect(calls.unwrap).toBe(1);
    await clock.advance(1_000);
    await email.decrypt(stored, place);
    expect(calls.unwrap).toBe(2);
  });

  test('is used on in an outage, for as long as may be, with nobody waiting', async () => {
    const { clock, control, calls, email, vault } = setUp({ keyCache: { ttlMs: 1_000, staleMs: 10_000 } });
    const stored = await email.encrypt('a', place);
    control.store = isDown;
    await clock.advance(1_000);
    await expect(email.decrypt(stored, place)).resolves.toBe('a');
    expect(vault.status().prolongations).toBe(1);

    // The store hangs now; whoever reads does not.
    control.store = never;
    await clock.advance(1_001);
    const { read } = calls;
    await expect(email.decrypt(stored, place)).resolves.toBe('a');
    await expect(email.decrypt(stored, place)).resolves.toBe('a');
    expect(calls.read).toBe(read + 1);
    await clock.advance(2_000);

    control.store = isDown;
    await clock.advance(8_000);
    await expect(email.decrypt(stored, place)).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_KEYS_UNAVAILABLE',
    });
  });

  test('is not used on where the provider says that it is disabled', async () => {
    const { clock, control, email } = setUp({ keyCache: { ttlMs: 1_000 } });
    const stored = await email.encrypt('a', place);
    control.provider = isDisabled;
    await clock.advance(1_000);
    await expect(email.decrypt(stored, place)).rejects.toMatchObject({ code: 'UNITE_CRYPTO_KEY_DISABLED' });
    control.provider = undefined;
    await expect(email.decrypt(stored, place)).resolves.toBe('a');
  });

  test('is forgotten when too many tenants are known', async () => {
    const { calls, email, vault } = setUp({ keyCache: { maxTenants: 2 } });
    for (const tenantId of ['a', 'b', 'c']) await email.encrypt('x', { rowId: 1, tenantId });
    expect(vault.status().cachedTenants).toBe(2);
    await email.encrypt('x', { rowId: 1, tenantId: 'a' });
    expect(calls).toMatchObject({ generate: 3, unwrap: 1 });
  });

  test('is forgotten on demand', async () => {
    const { calls, email, vault } = setUp();
    await email.encrypt('x', place);
    vault.forget('acme');
    await email.encrypt('x', place);
    vault.forget();
    await email.encrypt('x', place);
    expect(calls.unwrap).toBe(2);
  });
});

test('whoever forgets while keys are asked for does not get the old ones kept', async () => {
  const warm = setUp();
  const stored = await warm.email.encrypt('a', place);
  const { email, vault } = cold(warm);
  let answer = (): void => {};
  warm.control.store = () =>
    new Promise((resolve) => {
      answer = resolve as () => void;
    });
  const attempt = email.decrypt(stored, place);
  await settle();
  vault.forget('acme');
  answer();
  await expect(attempt).resolves.toBe('a');
  expect(vault.status().cachedTenants).toBe(0);
});

test('a store that keeps nothing is an outage, and no endless attempt', async () => {
  const { keys } = setUp();
  const vault = createVault({
    keys: { ...keys, store: { ...memoryKeyring().store, add: async () => true } as never },
  });
  await expect(vault.field('a', 'b').encrypt('x', place)).rejects.toMatchObject({
    code: 'UNITE_CRYPTO_KEYS_UNAVAILABLE',
    message: 'a.b: The key store keeps no key of tenant "acme"',
  });
});

test('a provider that answers with something else than a key is refused', async () => {
  const { keys } = setUp();
  const vault = createVault({
    keys: {
      ...keys,
      generate: async () => ({ key: Buffer.alloc(16), wrapped: { rootKeyId: 'x', bytes: Buffer.alloc(1) } }),
    },
  });
  await expect(vault.field('a', 'b').encrypt('x', place)).rejects.toMatchObject({
    code: 'UNITE_CRYPTO_UNWRAP_FAILED',
  });
});

test('a closed vault says so', async () => {
  const { email, vault } = setUp();
  const stored = await email.encrypt('a', place);
  await vault.close();
  await vault[Symbol.asyncDispose]();
  await expect(email.decrypt(stored, place)).rejects.toMatchObject({ code: 'UNITE_CRYPTO_CLOSED' });
});
