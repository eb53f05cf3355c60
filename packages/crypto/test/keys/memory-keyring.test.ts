import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { manualClock } from '@unite/shared/testing';
import { memoryKeyring, memoryKeyStore } from '../../src/keys';
import { keyProviderSuite, keyStoreSuite } from '../../src/testing';
import { call, storedKey } from './support/stored-key';

const binding = { tenantId: 'acme', keyId: 1 };

describe('a keyring in memory', () => {
  test.each(keyProviderSuite)('$name: $summary', ({ run }) => run(() => ({ provider: memoryKeyring() })));

  test('wraps with the last of its keys, and unwraps what others of them wrapped', async () => {
    const keys = { 'year-1': randomBytes(32), 'year-2': randomBytes(32) };
    const before = memoryKeyring({ keys, primary: 'year-1' });
    const { key, wrapped } = await before.generate(binding, call());
    expect(wrapped.rootKeyId).toBe('year-1');
    const now = memoryKeyring({ keys, clock: manualClock(5) });
    expect(await now.unwrap(wrapped, binding, call())).toEqual(key);
    expect((await now.rewrap(wrapped, binding, call())).rootKeyId).toBe('year-2');
    expect(await now.rootKeys?.(call())).toEqual([
      { id: 'year-1', state: 'previous', createdAtMs: 5 },
      { id: 'year-2', state: 'primary', createdAtMs: 5 },
    ]);
  });

  test.each([
    [{ keys: {} }, 'keys'],
    [{ keys: { a: randomBytes(31) } }, 'keys'],
    [{ keys: { [randomBytes(32).toString('base64url')]: randomBytes(32) } }, 'keys'],
    [{ keys: { good: randomBytes(32), zero: new Uint8Array(32) } }, 'keys'],
    [{ keys: null }, 'keys'],
    [{ primary: 'other' }, 'primary'],
    [{ clock: 1 }, 'clock'],
    [{ key: 1 }, 'key'],
  ])('refuses options that are none, and names them (%#)', (options, name) => {
    expect(() => memoryKeyring(options as never)).toThrow(new RegExp(`memoryKeyring: .*option "${name}"`));
  });
});

describe('a key store in memory', () => {
  test.each(keyStoreSuite)('$name: $summary', ({ run }) => run(() => ({ store: memoryKeyStore() })));

  test('keeps its keys, whatever becomes of the bytes that were given, and knows when it shredded', async () => {
    const store = memoryKeyStore({ clock: manualClock(42) });
    const key = storedKey('acme', 1);
    const bytes = Buffer.from(key.wrapped.bytes);
    await store.add(key, undefined, call());
    key.wrapped.bytes.fill(0);
    const read = await store.read('acme', call());
    expect(Buffer.from(read?.keys[0]?.wrapped.bytes ?? [])).toEqual(bytes);
    await store.shred('acme', call());
    expect(await store.read('acme', call())).toEqual({ keys: [], shreddedAtMs: 42 });
  });
});
