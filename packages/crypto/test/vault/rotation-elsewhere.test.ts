import { describe, expect, test } from '@jest/globals';
import { manualClock } from '@unite/shared/testing';
import { createVault } from '../../src';
import { memoryKeyring } from '../../src/keys';
import { controlledKeyring, isDisabled, isDown } from '../support/controlled-keyring';

const place = { rowId: 1, tenantId: 'acme' };
const ttlMs = 60_000;

/** Two processes, of which the second knows the tenant's first key. */
async function twoProcesses() {
  const clock = manualClock();
  const { keys, calls, control } = controlledKeyring();
  const open = () => {
    const vault = createVault({ keys, clock, keyCache: { ttlMs } });
    return { vault, email: vault.field('contacts', 'email', { search: 'equality' }) };
  };
  const [here, there] = [open(), open()];
  const old = await here.email.encrypt('a', place);
  await there.email.decrypt(old, place);
  const [first] = (await here.vault.keys.describe('acme'))?.keys ?? [];
  return { clock, calls, control, here, there, old, firstId: Number(first?.keyId) };
}

describe('a key that another process made', () => {
  test('is asked for when it is first met, once for all who wait', async () => {
    const { here, there, calls } = await twoProcesses();
    await here.vault.keys.rotate('acme', { activeAfterMs: 0 });
    const stored = await here.email.encrypt('b', place);
    calls.read = 0;
    const read = await Promise.all(Array.from({ length: 100 }, () => there.email.decrypt(stored, place)));
    expect(new Set(read)).toEqual(new Set(['b']));
    expect(calls.read).toBe(1);
  });

  test('is not missed by one who asked just before it was made', async () => {
    const { here, there, control, clock, old } = await twoProcesses();
    await clock.advance(ttlMs);
    let answer = () => {};
    const asked = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const real = control.realStore.read;
    let reads = 0;
    control.realStore.read = async (...given) => {
      reads += 1;
      const found = await real(...given);
      // The first answer is as of before the rotation, and comes after it.
      if (reads === 1) await asked;
      return found;
    };
    const early = there.email.decrypt(old, place);
    await new Promise(setImmediate);
    await here.vault.keys.rotate('acme', { activeAfterMs: 0 });
    const stored = await here.email.encrypt('b', place);
    const late = there.email.decrypt(stored, place);
    await new Promise(setImmediate);
    answer();
    await expect(early).resolves.toBe('a');
    await expect(late).resolves.toBe('b');
  });

  test('that there is not is asked for no more than once a second', async () => {
    const { here, there, calls, clock, firstId } = await twoProcesses();
    const unknownId = (firstId & 0xffff_0000) | ((firstId + 1) & 0xffff);
    const stored = Buffer.from(await here.email.encrypt('b', place), 'base64url');
    stored.writeUInt32BE(unknownId >>> 0, 2);
    const unknown = stored.toString('base64url');
    calls.read = 0;
    for (const _ of Array(20).keys()) {
      await expect(there.email.decrypt(unknown, place)).rejects.toMatchObject({
        code: 'UNITE_CRYPTO_KEY_UNKNOWN',
      });
    }
    expect(calls.read).toBe(1);
    await clock.advance(1_001);
    await expect(there.email.decrypt(unknown, place)).rejects.toThrow('has no data key');
    expect(calls.read).toBe(2);
  });

  test('cannot be told from none while the store is down', async () => {
    const { here, there, control } = await twoProcesses();
    await here.vault.keys.rotate('acme', { activeAfterMs: 0 });
    const stored = await here.email.encrypt('b', place);
    control.store = isDown;
    await expect(there.email.decrypt(stored, place)).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_KEYS_UNAVAILABLE',
    });
  });
});

describe('a key that is active later', () => {
  test('encrypts when its time has come, in every process', async () => {
    const { here, there, clock, old, firstId } = await twoProcesses();
    const keyId = await here.vault.keys.rotate('acme');
    for (const { email, vault } of [here, there]) {
      await expect(email.isCurrent(old, place)).resolves.toBe(true);
      const keys = (await vault.keys.describe('acme'))?.keys.map((key) => [key.keyId, key.isPrimary]);
      expect(keys).toEqual([
        [keyId, false],
        [firstId, true],
      ]);
    }
    await expect(here.vault.keys.retire('acme', firstId)).resolves.toBe(false);
    await clock.advance(ttlMs);
    for (const { email } of [here, there]) {
      await expect(email.isCurrent(old, place)).resolves.toBe(false);
      await expect(email.isCurrent(await email.encrypt('b', place), place)).resolves.toBe(true);
    }
    await expect(here.vault.keys.retire('acme', firstId)).resolves.toBe(true);
  });

  test('is searched by everybody before anybody writes under it', async () => {
    const { here, there, clock } = await twoProcesses();
    await here.vault.keys.rotate('acme');
    // Whatever the second process knew, it knew for so long at most.
    await clock.advance(ttlMs);
    const index = await here.email.index('b', place);
    await expect(there.email.indexes('b', place)).resolves.toContain(index);
    expect(await there.email.index('b', place)).toBe(index);
  });

  test.each([-1, Number.NaN, Infinity])('does not wait for %p ms', async (activeAfterMs) => {
    const { here } = await twoProcesses();
    await expect(here.vault.keys.rotate('acme', { activeAfterMs })).rejects.toThrow(
      'vault.keys.rotate: option "activeAfterMs" must be a number from 0, got',
    );
  });
});

test('a search goes on without a key that was retired elsewhere after its id was read', async () => {
  const keys = memoryKeyring();
  const here = createVault({ keys });
  const email = here.field('contacts', 'email', { search: 'equality' });
  await email.index('a', place);
  const firstId = (await here.keys.describe('acme'))?.keys[0]?.keyId ?? 0;
  await here.keys.rotate('acme', { activeAfterMs: 0 });
  // Knows both keys, and asks for them anew after one use.
  const there = createVault({ keys, keyCache: { maxUses: 1 } }).field('contacts', 'email', {
    search: 'equality',
  });
  const both = await there.indexes('a', place);
  expect(both).toHaveLength(2);
  await here.keys.retire('acme', firstId);
  await expect(there.indexes('a', place)).resolves.toEqual(both.slice(0, 1));
});

test('a search without a key that may not be used is refused, rather than incomplete', async () => {
  const { control, keys } = controlledKeyring();
  const email = createVault({ keys }).field('contacts', 'email', { search: 'equality' });
  await email.index('a', place);
  control.provider = isDisabled;
  const there = createVault({ keys }).field('contacts', 'email', { search: 'equality' });
  await expect(there.indexes('a', place)).rejects.toMatchObject({ code: 'UNITE_CRYPTO_KEY_DISABLED' });
});
