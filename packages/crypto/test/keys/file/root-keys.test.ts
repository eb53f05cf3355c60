import { readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { manualClock } from '@unite/shared/testing';
import { addRootKey, createKeyringFile, fileKeyring, setRootKeyState } from '../../../src/keys';
import { call } from '../support/stored-key';
import { temporaryFolders } from '../support/temporary-folder';

const folder = temporaryFolders();
const clock = manualClock(Date.UTC(2026, 10, 26));

async function newKeyring(): Promise<string> {
  const path = join(await folder(), 'keys.json');
  await createKeyringFile(path, { clock, id: 'first' });
  return path;
}

async function contentOf(path: string) {
  return JSON.parse(await readFile(path, 'utf8'));
}

test('a keyring is made with a key named after the month, and never over another', async () => {
  const path = join(await folder(), 'keys.json');
  expect(await createKeyringFile(path, { clock })).toBe('2026-11');
  const { version, primary, keys } = await contentOf(path);
  expect([version, primary, Object.keys(keys)]).toEqual([1, '2026-11', ['2026-11']]);
  expect(keys['2026-11']).toMatchObject({ createdAt: '2026-11-26T00:00:00.000Z', state: 'active' });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  await expect(createKeyringFile(path)).rejects.toMatchObject({
    code: 'UNITE_CRYPTO_KEY_CONFLICT',
    message: `${path} is there already`,
  });
  expect((await contentOf(path)).keys).toEqual(keys);
  expect(await readdir(dirname(path))).toEqual(['keys.json']);
});

test('a key may be brought to every machine before it wraps', async () => {
  const path = await newKeyring();
  expect(await addRootKey(path, { clock, makePrimary: false })).toBe('2026-11');
  expect(await contentOf(path)).toMatchObject({ primary: 'first' });
  await setRootKeyState(path, '2026-11', 'primary');
  expect(await contentOf(path)).toMatchObject({ primary: '2026-11' });
  expect(await addRootKey(path, { clock, makePrimary: true })).toBe('2026-11-2');
  expect(await addRootKey(path, { clock, makePrimary: false, id: 'next' })).toBe('next');
  expect(await contentOf(path)).toMatchObject({ primary: '2026-11-2' });
  await expect(addRootKey(path, { makePrimary: true, id: 'next' })).rejects.toMatchObject({
    code: 'UNITE_CRYPTO_KEY_CONFLICT',
  });
});

test('many that write at once lose nothing, and leave nothing behind', async () => {
  const path = await newKeyring();
  const ids = Array.from({ length: 20 }, (_, at) => `key-${at}`);
  await Promise.all(ids.map((id) => addRootKey(path, { id, makePrimary: true, lockTimeoutMs: 60_000 })));
  const { keys, primary } = await contentOf(path);
  expect(Object.keys(keys).sort()).toEqual(['first', ...ids].sort());
  expect(ids).toContain(primary);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readdir(dirname(path))).toEqual(['keys.json']);
});

test('a destroyed key is gone from the file for good', async () => {
  const path = await newKeyring();
  await addRootKey(path, { id: 'second', makePrimary: true });
  const secret = (await contentOf(path)).keys.first.key;
  await setRootKeyState(path, 'first', 'destroyed');
  expect(await readFile(path, 'utf8')).not.toContain(secret);
  const destroyed = await contentOf(path);
  expect(destroyed.keys.first.state).toBe('destroyed');
  await setRootKeyState(path, 'first', 'destroyed');
  for (const state of ['active', 'disabled', 'primary'] as const) {
    await expect(setRootKeyState(path, 'first', state)).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_KEY_DESTROYED',
    });
  }
  expect(await contentOf(path)).toEqual(destroyed);
});

test('the primary can be neither disabled nor destroyed, and what is disabled is no primary', async () => {
  const path = await newKeyring();
  await addRootKey(path, { id: 'second', makePrimary: false });
  const before = await contentOf(path);
  for (const state of ['disabled', 'destroyed'] as const) {
    await expect(setRootKeyState(path, 'first', state)).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_KEY_CONFLICT',
    });
  }
  await setRootKeyState(path, 'first', 'active');
  expect(await contentOf(path)).toEqual(before);
  await setRootKeyState(path, 'second', 'disabled');
  await expect(setRootKeyState(path, 'second', 'primary')).rejects.toMatchObject({
    code: 'UNITE_CRYPTO_KEY_DISABLED',
  });
  await expect(setRootKeyState(path, 'third', 'disabled')).rejects.toMatchObject({
    code: 'UNITE_CRYPTO_KEY_UNKNOWN',
  });
});

test('a lock that stays is told after the time, and by its path', async () => {
  const path = await newKeyring();
  await writeFile(`${path}.lock`, '');
  const waiting = addRootKey(path, { clock, makePrimary: true, lockTimeoutMs: 100 });
  const refused = expect(waiting).rejects.toMatchObject({
    code: 'UNITE_CRYPTO_KEYS_UNAVAILABLE',
    message: expect.stringContaining(`${path}.lock is there`),
  });
  let isOver = false;
  waiting
    .catch(() => undefined)
    .finally(() => {
      isOver = true;
    });
  while (!isOver) {
    await clock.advance(20);
    await new Promise(setImmediate);
  }
  await refused;
  expect(Object.keys((await contentOf(path)).keys)).toEqual(['first']);
});

test('what a link leads to is changed, and the link stays', async () => {
  const path = await newKeyring();
  const linked = join(await folder(), 'keys.json');
  await symlink(path, linked);
  await addRootKey(linked, { id: 'second', makePrimary: true });
  expect((await contentOf(path)).primary).toBe('second');
  const { wrapped } = await fileKeyring(linked).generate({ tenantId: 'acme', keyId: 1 }, call());
  expect(wrapped.rootKeyId).toBe('second');
});

test.each([
  ['malformed', (path: string) => writeFile(path, '{'), 'UNITE_CRYPTO_KEYRING_INVALID'],
  ['absent', undefined, 'UNITE_CRYPTO_KEYRING_INVALID'],
])('a keyring that is %s is not changed, and the lock is given back', async (_, spoil, code) => {
  const path = spoil ? await newKeyring() : join(await folder(), 'keys.json');
  await spoil?.(path);
  await expect(addRootKey(path, { makePrimary: true })).rejects.toMatchObject({ code });
  expect(await readdir(dirname(path))).toEqual(spoil ? ['keys.json'] : []);
});

test('a folder that is not there is told', async () => {
  const path = join(await folder(), 'none', 'keys.json');
  const refused = {
    code: 'UNITE_CRYPTO_KEYRING_INVALID',
    message: `The folder ${dirname(path)} does not exist`,
  };
  await expect(createKeyringFile(path)).rejects.toMatchObject(refused);
  await expect(addRootKey(path, { makePrimary: true })).rejects.toMatchObject(refused);
});

test('a name that may be a key is refused, and not shown', async () => {
  const path = await newKeyring();
  const id = 'x'.repeat(43);
  const message = /^(createKeyringFile|addRootKey): option "id" must be a name of at most 40 letters[^x]*$/;
  await expect(createKeyringFile(path, { id })).rejects.toThrow(message);
  await expect(addRootKey(path, { id, makePrimary: true })).rejects.toThrow(message);
});
