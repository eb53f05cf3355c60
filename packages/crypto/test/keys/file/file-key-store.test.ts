import { execFileSync } from 'node:child_process';
import { mkdir, open, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { manualClock } from '@unite/shared/testing';
import { fileKeyStore } from '../../../src/keys';
import { keyStoreSuite } from '../../../src/testing';
import { call, storedKey } from '../support/stored-key';
import { temporaryFolders } from '../support/temporary-folder';

const folder = temporaryFolders();

async function newStorePath(): Promise<string> {
  return join(await folder(), 'keys.json.d');
}

/** Everything that lies in a folder, as text, by its path. */
async function filesIn(path: string): Promise<Map<string, string>> {
  const names = await readdir(path, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(await Promise.all(files.map(async (file) => [file, await readFile(file, 'utf8')] as const)));
}

test.each(keyStoreSuite)('$name: $summary', ({ run }) =>
  run(async () => {
    const path = await newStorePath();
    return { store: fileKeyStore(path), another: fileKeyStore(path) };
  }),
);

test('nobody but its user may read it', async () => {
  const path = await newStorePath();
  const store = fileKeyStore(path);
  await store.add(storedKey('acme', 1), undefined, call());
  await store.add(storedKey('acme', 2), 1, call());
  const modes = new Map<string, number>();
  for (const name of ['.', ...(await readdir(path, { recursive: true }))])
    modes.set(name, (await stat(join(path, name))).mode & 0o777);
  expect(Object.fromEntries(modes)).toEqual({
    '.': 0o700,
    acme: 0o700,
    'acme/0000000001.json': 0o600,
    'acme/0000000002.json': 0o600,
  });
});

test.each(['../../etc/passwd', '..', '.', '/', 'a/b', 'Acme', 'é', `${'x'.repeat(300)}`, '%2e', '=a'])(
  'a tenant of id %j stays in its folder',
  async (tenantId) => {
    const path = await newStorePath();
    const store = fileKeyStore(path);
    await store.add(storedKey(tenantId, 1), undefined, call());
    const [only, ...others] = await readdir(join(path, '..'));
    expect([only, others]).toEqual(['keys.json.d', []]);
    const folders = await readdir(path);
    expect(folders).toHaveLength(1);
    expect(folders[0]).toMatch(/^[a-z0-9_%=-]+$/);
    expect(await store.tenants({ limit: 5 }, call())).toEqual([tenantId]);
  },
);

test('nothing of a shredded key is left on the disk, and of a replaced or removed one neither', async () => {
  const path = await newStorePath();
  const store = fileKeyStore(path, { clock: manualClock(42) });
  const texts = (key: ReturnType<typeof storedKey>) => Buffer.from(key.wrapped.bytes).toString('base64');
  const [first, second, third] = [storedKey('acme', 1), storedKey('acme', 2), storedKey('acme', 1)];
  await store.add(first, undefined, call());
  await store.add(second, 1, call());
  await store.replace(third, first.wrapped, call());
  const all = async () => [...(await filesIn(path)).values()].join();
  expect(await all()).toContain(texts(third));
  expect(await all()).not.toContain(texts(first));
  await store.remove(third, call());
  expect(await all()).not.toContain(texts(third));
  expect(await all()).toContain(texts(second));
  await store.shred('acme', call());
  expect(await all()).not.toContain(texts(second));
  expect(await store.read('acme', call())).toEqual({ keys: [], shreddedAtMs: 42 });
});

test('a shredding that ended half way is finished by the next', async () => {
  const path = await newStorePath();
  const store = fileKeyStore(path);
  await store.add(storedKey('acme', 1), undefined, call());
  const [[first, text]] = [...(await filesIn(path))] as [[string, string]];
  await store.shred('acme', call());
  // As after a crash: the tombstone is written, the older version not emptied, and a draft is left.
  await writeFile(first, text);
  await writeFile(join(path, 'acme', 'a.tmp'), text);
  expect((await store.read('acme', call()))?.keys).toEqual([]);
  expect(await store.shred('acme', call())).toBe(0);
  expect([...(await filesIn(path)).values()].filter((left) => left.includes('wrapped'))).toEqual([]);
  expect(await readdir(join(path, 'acme'))).toEqual(['0000000001.json', '0000000002.json']);
});

test('a version that was emptied while it was read is read again', async () => {
  const path = await newStorePath();
  const store = fileKeyStore(path);
  let after: number | undefined;
  const keyIds = Array.from({ length: 30 }, (_, at) => at + 1);
  const writing = (async () => {
    for (const keyId of keyIds) {
      expect(await store.add(storedKey('acme', keyId), after, call())).toBe(true);
      after = keyId;
    }
  })();
  const seen = new Set<number | undefined>();
  while (after !== keyIds.length) seen.add((await store.read('acme', call()))?.keys.length);
  await writing;
  expect(seen.size).toBeGreaterThan(1);
});

test('what turns out to be emptied when it is read is looked for again', async () => {
  const path = await newStorePath();
  const store = fileKeyStore(path);
  const key = storedKey('acme', 1);
  await store.add(key, undefined, call());
  // A pipe is read when somebody writes to it: by then there is a next version.
  const [first, second] = ['0000000001.json', '0000000002.json'].map((name) => join(path, 'acme', name)) as [
    string,
    string,
  ];
  await rename(first, `${first}.next`);
  execFileSync('mkfifo', [first]);
  const reading = store.read('acme', call());
  const pipe = await open(first, 'w');
  await rename(`${first}.next`, second);
  await pipe.close();
  expect((await reading)?.keys).toEqual([key]);
});

test.each(['', 'nonsense', '{"tenantId":"acme","keys":[{}]}', '{"tenantId":7,"keys":[]}', 'null'])(
  'a malformed file is told, with its path (%j)',
  async (text) => {
    const path = await newStorePath();
    await mkdir(join(path, 'acme'), { recursive: true });
    await writeFile(join(path, 'acme', '0000000001.json'), text);
    await expect(fileKeyStore(path).read('acme', call())).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_KEYRING_INVALID',
      message: expect.stringContaining('acme/0000000001.json is malformed'),
    });
  },
);

test('what is no tenant of it is not listed', async () => {
  const path = await newStorePath();
  expect(await fileKeyStore(path).tenants({ limit: 5 }, call())).toEqual([]);
  await mkdir(join(path, 'empty'), { recursive: true });
  await mkdir(join(path, '=none'));
  await mkdir(join(path, '%ff'));
  await writeFile(join(path, 'notes.txt'), '');
  await fileKeyStore(path).add(storedKey('acme', 1), undefined, call());
  expect(await fileKeyStore(path).tenants({ limit: 5 }, call())).toEqual(['acme']);
});

test('a folder that cannot be used is an outage', async () => {
  const path = join(await folder(), 'file');
  await writeFile(path, '');
  const store = fileKeyStore(path);
  const refused = { code: 'UNITE_CRYPTO_KEYS_UNAVAILABLE', message: `${path} cannot be used: ENOTDIR` };
  await expect(store.read('acme', call())).rejects.toMatchObject(refused);
  await expect(store.add(storedKey('acme', 1), undefined, call())).rejects.toMatchObject(refused);
  await expect(store.tenants({ limit: 1 }, call())).rejects.toMatchObject(refused);
});

test('a call whose time is up ends at once', async () => {
  const late = { signal: AbortSignal.abort() };
  await expect(fileKeyStore(await newStorePath()).shred('acme', late)).rejects.toMatchObject({
    code: 'UNITE_CRYPTO_KEYS_UNAVAILABLE',
  });
});

test.each([
  [[''], /path must be the path of a folder/],
  [['keys.d', { clock: 7 }], /option "clock"/],
])('refuses arguments that are none (%#)', (given, message) => {
  expect(() => fileKeyStore(...(given as [string]))).toThrow(message);
});
