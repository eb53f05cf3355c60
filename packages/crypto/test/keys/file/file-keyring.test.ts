import { randomBytes } from 'node:crypto';
import { chmod, chown, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { addRootKey, createKeyringFile, fileKeyring, setRootKeyState } from '../../../src/keys';
import { keyProviderSuite } from '../../../src/testing';
import { call, storedKey } from '../support/stored-key';
import { temporaryFolders } from '../support/temporary-folder';

const folder = temporaryFolders();
const binding = { tenantId: 'acme', keyId: 1 };

async function newKeyring(id = '2026-05'): Promise<string> {
  const path = join(await folder(), 'keys.json');
  await createKeyringFile(path, { id });
  return path;
}

test.each(keyProviderSuite)('$name: $summary', ({ run }) =>
  run(async () => {
    const path = await newKeyring();
    return {
      provider: fileKeyring(path),
      rotate: async () => void (await addRootKey(path, { makePrimary: true })),
    };
  }),
);

test('does nothing until a key is needed', async () => {
  const keyring = fileKeyring(join(await folder(), 'none', 'keys.json'));
  await expect(keyring.generate(binding, call())).rejects.toMatchObject({
    code: 'UNITE_CRYPTO_KEYRING_INVALID',
    message: expect.stringContaining('does not exist'),
  });
});

test('a rotation reaches a keyring that was read already', async () => {
  const path = await newKeyring();
  const keyring = fileKeyring(path);
  const old = await keyring.generate(binding, call());
  await addRootKey(path, { id: '2026-11', makePrimary: true });
  expect((await keyring.generate(binding, call())).wrapped.rootKeyId).toBe('2026-11');
  expect(await keyring.unwrap(old.wrapped, binding, call())).toEqual(old.key);

  await setRootKeyState(path, '2026-05', 'disabled');
  const unwrapping = () => keyring.unwrap(old.wrapped, binding, call());
  await expect(unwrapping()).rejects.toMatchObject({ code: 'UNITE_CRYPTO_KEY_DISABLED' });
  await setRootKeyState(path, '2026-05', 'active');
  expect(await unwrapping()).toEqual(old.key);
  await setRootKeyState(path, '2026-05', 'destroyed');
  await expect(unwrapping()).rejects.toMatchObject({ code: 'UNITE_CRYPTO_KEY_DESTROYED' });
  expect((await keyring.rootKeys?.(call()))?.map(({ id, state }) => [id, state])).toEqual([
    ['2026-05', 'destroyed'],
    ['2026-11', 'primary'],
  ]);
});

test('reads through a link, as secrets are mounted, and sees when it leads elsewhere', async () => {
  const [one, other] = [await newKeyring('one'), await newKeyring('other')];
  const path = join(await folder(), 'keys.json');
  await symlink(one, path);
  const keyring = fileKeyring(path);
  expect((await keyring.generate(binding, call())).wrapped.rootKeyId).toBe('one');
  await symlink(other, `${path}.next`);
  await rename(`${path}.next`, path);
  expect((await keyring.generate(binding, call())).wrapped.rootKeyId).toBe('other');
});

test('has one store, through whatever links', async () => {
  const path = await newKeyring();
  const link = join(await folder(), 'link.json');
  await symlink(path, link);
  const key = storedKey('acme', 1);
  await fileKeyring(link).store?.add(key, undefined, call());
  expect((await fileKeyring(path).store?.read('acme', call()))?.keys).toHaveLength(1);
  expect((await readdir(dirname(path))).sort()).toEqual(['keys.json', 'keys.json.d']);
  expect(await readdir(dirname(link))).toEqual(['link.json']);
});

test('has the same store when the link that it found it by leads elsewhere', async () => {
  const [one, other] = [await newKeyring(), await newKeyring()];
  const link = join(await folder(), 'link.json');
  await symlink(one, link);
  const { store } = fileKeyring(link);
  await store?.add(storedKey('acme', 1), undefined, call());
  await rm(link);
  await symlink(other, link);
  expect((await store?.read('acme', call()))?.keys).toHaveLength(1);
});

test('looks for a store beside a file that is not there yet, and again when it is', async () => {
  const [path, link] = [await newKeyring(), join(await folder(), 'link.json')];
  const { store } = fileKeyring(link);
  expect(await store?.read('acme', call())).toBeUndefined();
  await fileKeyring(path).store?.add(storedKey('acme', 1), undefined, call());
  await symlink(path, link);
  expect((await store?.read('acme', call()))?.keys).toHaveLength(1);
});

test('a store beside a path that is none is an outage', async () => {
  const path = join(await newKeyring(), 'keys.json');
  await expect(fileKeyring(path).store?.read('acme', call())).rejects.toMatchObject({
    code: 'UNITE_CRYPTO_KEYS_UNAVAILABLE',
    message: `${path} cannot be used: ENOTDIR`,
  });
});

test('is where its path was when it was made, wherever the process goes', async () => {
  const path = await newKeyring();
  const before = process.cwd();
  process.chdir(dirname(path));
  try {
    const relative = [fileKeyring('keys.json'), fileKeyring('keys.json', { storePath: 'keys.json.d' })];
    process.chdir(before);
    for (const keyring of relative) await keyring.generate(binding, call());
    await relative[0]?.store?.add(storedKey('acme', 1), undefined, call());
    expect((await relative[1]?.store?.read('acme', call()))?.keys).toHaveLength(1);
    expect((await fileKeyring(path).store?.read('acme', call()))?.keys).toHaveLength(1);
  } finally {
    process.chdir(before);
  }
});

test('many that ask at once are answered from one reading', async () => {
  const keyring = fileKeyring(await newKeyring());
  const made = await Promise.all(Array.from({ length: 50 }, () => keyring.generate(binding, call())));
  expect(new Set(made.map(({ wrapped }) => wrapped.rootKeyId))).toEqual(new Set(['2026-05']));
});

describe('a file that is not safe', () => {
  test.each([0o640, 0o604, 0o620, 0o602, 0o610, 0o644])('mode %o is refused', async (mode) => {
    const path = await newKeyring();
    await chmod(path, mode);
    await expect(fileKeyring(path).generate(binding, call())).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_KEYRING_INVALID',
      message: expect.stringMatching(/can be read or written by others \(mode 0[0-7]{3}\): run chmod 600/),
    });
  });

  test('it is refused too when it was read before', async () => {
    const path = await newKeyring();
    const keyring = fileKeyring(path);
    await keyring.generate(binding, call());
    await chmod(path, 0o644);
    await expect(keyring.generate(binding, call())).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_KEYRING_INVALID',
    });
  });

  const asRoot = process.getuid?.() === 0 ? test : test.skip;
  asRoot('one of another user is refused, but to root', async () => {
    const path = await newKeyring();
    await chown(path, 65_534, 65_534);
    await expect(fileKeyring(path).generate(binding, call())).resolves.toBeDefined();
    const { getuid } = process;
    process.getuid = () => 1_000;
    try {
      await expect(fileKeyring(path).generate(binding, call())).rejects.toThrow('belongs to another user');
    } finally {
      Object.assign(process, { getuid });
    }
    await addRootKey(path, { makePrimary: true });
    const { uid, gid, mode } = await stat(path);
    expect([uid, gid, mode & 0o777]).toEqual([65_534, 65_534, 0o600]);
  });

  test('neither a folder nor a huge file is read', async () => {
    const path = await folder();
    await expect(fileKeyring(path).generate(binding, call())).rejects.toThrow('is no file');
    const huge = join(path, 'keys.json');
    await writeFile(huge, ' '.repeat(1_048_577), { mode: 0o600 });
    await expect(fileKeyring(huge).generate(binding, call())).rejects.toThrow('larger than 1048576 bytes');
  });

  test('a path through a file is an outage, named without what is in it', async () => {
    const path = join(await newKeyring(), 'keys.json');
    await expect(fileKeyring(path).generate(binding, call())).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_KEYS_UNAVAILABLE',
      message: `${path} cannot be used: ENOTDIR`,
    });
  });
});

test('the file holds what it says, and nothing else does', async () => {
  const path = await newKeyring();
  const { keys, ...rest } = JSON.parse(await readFile(path, 'utf8'));
  expect(rest).toEqual({ version: 1, primary: '2026-05' });
  const secret = keys['2026-05'].key;
  expect(Buffer.from(secret, 'base64')).toHaveLength(32);
  const keyring = fileKeyring(path);
  await keyring.generate(binding, call());
  const { inspect } = await import('node:util');
  expect(inspect(keyring, { depth: 9, showHidden: true })).not.toContain(secret);
});

test('a wrapped key of another file is refused', async () => {
  const [one, other] = [fileKeyring(await newKeyring()), fileKeyring(await newKeyring())];
  const { wrapped } = await one.generate(binding, call());
  await expect(other.unwrap(wrapped, binding, call())).rejects.toMatchObject({
    code: 'UNITE_CRYPTO_UNWRAP_FAILED',
  });
});

test.each([
  [[''], /^fileKeyring: path must be the path of a file, got ""$/],
  [[randomBytes(2)], /path must be/],
  [['keys.json', { storePath: '' }], /option "storePath"/],
  [['keys.json', { store: 1 }], /unknown option "store"/],
])('refuses arguments that are none (%#)', (given, message) => {
  expect(() => fileKeyring(...(given as [string]))).toThrow(message);
});
