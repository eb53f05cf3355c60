import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import files, { link, mkdir, open, readdir, readFile, symlink, truncate, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { manualClock } from '@unite/shared/testing';
import { addRootKey, createKeyringFile } from '../../../src/keys';
import { type KilledAt, killedWriter } from '../support/killed-writer';
import { temporaryFolders } from '../support/temporary-folder';

const folder = temporaryFolders();
const id = '0123456789abcdef';

async function newKeyring(): Promise<string> {
  const path = join(await folder(), 'keys.json');
  await createKeyringFile(path, { id: 'first' });
  return path;
}

async function keysOf(path: string): Promise<string[]> {
  return Object.keys(JSON.parse(await readFile(path, 'utf8')).keys);
}

const filesBeside = (path: string) => readdir(dirname(path));

describe('a process that is killed', () => {
  // The links and removals of a lock come before those of the keyring.
  test.each<[string, KilledAt, number]>([
    ['before it has the lock', { name: 'link', call: 1 }, 2],
    ['when it has the lock', { name: 'rm', call: 1 }, 3],
    ['with a draft of all keys', { name: 'rename', call: 1 }, 3],
    ['when the keyring is changed', { name: 'rm', call: 2 }, 2],
  ])('%s keeps nobody from writing, and leaves nothing behind', async (_, at, left) => {
    const path = await newKeyring();
    await killedWriter(path, 'addRootKey', at);
    expect(await filesBeside(path)).toHaveLength(left);
    await addRootKey(path, { id: 'second', makePrimary: true, lockTimeoutMs: 2_000 });
    expect((await keysOf(path)).filter((key) => key !== 'never')).toEqual(['first', 'second']);
    expect(await filesBeside(path)).toEqual(['keys.json']);
  });

  test('when the keyring is made leaves it whole, also where the draft is its second name', async () => {
    const path = join(await folder(), 'keys.json');
    await killedWriter(path, 'createKeyringFile', { name: 'rm', call: 2 });
    const before = await readFile(path, 'utf8');
    expect(await filesBeside(path)).toHaveLength(3);
    await expect(createKeyringFile(path)).rejects.toMatchObject({ code: 'UNITE_CRYPTO_KEY_CONFLICT' });
    expect(await readFile(path, 'utf8')).toBe(before);
    expect(await filesBeside(path)).toEqual(['keys.json']);
  });

  test('is taken over by one of many alone', async () => {
    const path = await newKeyring();
    await killedWriter(path, 'addRootKey', { name: 'rename', call: 1 });
    const ids = Array.from({ length: 12 }, (_, at) => `key-${at}`);
    await Promise.all(ids.map((one) => addRootKey(path, { id: one, makePrimary: false })));
    expect((await keysOf(path)).sort()).toEqual(['first', ...ids].sort());
    expect(await filesBeside(path)).toEqual(['keys.json']);
  });
});

describe('a lock', () => {
  const gone = { id, pid: 2 ** 22 + 1, host: hostname(), start: null };
  const add = (path: string, lockTimeoutMs = 2_000) =>
    addRootKey(path, { id: 'second', makePrimary: true, lockTimeoutMs });

  test.each([
    ['whose process is gone', gone],
    ['whose process has the number of one that started later', { ...gone, pid: process.pid, start: '1' }],
  ])('%s is taken over', async (_, holder) => {
    const path = await newKeyring();
    await writeFile(`${path}.lock`, JSON.stringify(holder));
    await add(path);
    expect(await keysOf(path)).toEqual(['first', 'second']);
    expect(await filesBeside(path)).toEqual(['keys.json']);
  });

  const onLinux = process.platform === 'linux' ? test : test.skip;
  onLinux('whose process has ended, and nobody asked how, is taken over', async () => {
    const path = await newKeyring();
    const parent = spawn('sh', ['-c', 'sleep 30 & echo $!; exec sleep 30']);
    const pid = Number((await once(parent.stdout, 'data'))[0]);
    process.kill(pid, 'SIGKILL');
    await writeFile(`${path}.lock`, JSON.stringify({ ...gone, pid }));
    await add(path, 4_000);
    expect(await keysOf(path)).toEqual(['first', 'second']);
    parent.kill('SIGKILL');
    await once(parent, 'close');
  });

  test('is taken over too where whoever was about to was killed', async () => {
    const path = await newKeyring();
    await writeFile(`${path}.lock`, JSON.stringify(gone));
    await writeFile(`${path}.lock.${id}`, JSON.stringify({ ...gone, id: 'f'.repeat(16) }));
    await add(path);
    expect(await filesBeside(path)).toEqual(['keys.json']);
  });

  test.each([
    ['another host', { ...gone, host: 'elsewhere' }, 'process 4194305 of elsewhere writes'],
    [
      'a process that is there',
      { ...gone, pid: process.pid },
      `process ${process.pid} of ${hostname()} writes`,
    ],
    ['nobody', {}, 'another process writes'],
    ['a group of processes', { ...gone, pid: -1 }, 'another process writes'],
    ['a path', { ...gone, id: '../../x' }, 'another process writes'],
  ])('of %s is waited for, and named', async (_, holder, who) => {
    const path = await newKeyring();
    await writeFile(`${path}.lock`, JSON.stringify(holder));
    await expect(add(path, 50)).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_KEYS_UNAVAILABLE',
      message: `${path}.lock is there: ${who} the keyring. Remove the lock if none does`,
    });
    expect(await keysOf(path)).toEqual(['first']);
  });

  test('of a process of another user, which may not be asked, is waited for', async () => {
    const path = await newKeyring();
    await writeFile(`${path}.lock`, JSON.stringify({ ...gone, pid: process.pid }));
    const { kill } = process;
    process.kill = () => {
      throw Object.assign(new Error('not yours'), { code: 'EPERM' });
    };
    try {
      await expect(add(path, 50)).rejects.toMatchObject({ code: 'UNITE_CRYPTO_KEYS_UNAVAILABLE' });
    } finally {
      process.kill = kill;
    }
  });

  test('that another took over meanwhile is not removed', async () => {
    const path = await newKeyring();
    const [lock, other] = [
      `${path}.lock`,
      JSON.stringify({ ...gone, id: 'f'.repeat(16), host: 'elsewhere' }),
    ];
    await writeFile(lock, JSON.stringify(gone));
    const { link: real } = files;
    const linking = jest.spyOn(files, 'link').mockImplementation(async (from, to) => {
      // Between its look at the lock and its right to remove it.
      if (to === `${lock}.${id}`) await writeFile(lock, other);
      await real(from, to);
    });
    try {
      await expect(add(path, 100)).rejects.toMatchObject({ code: 'UNITE_CRYPTO_KEYS_UNAVAILABLE' });
    } finally {
      linking.mockRestore();
    }
    expect(await readFile(lock, 'utf8')).toBe(other);
    expect((await filesBeside(path)).sort()).toEqual(['keys.json', 'keys.json.lock']);
  });

  test('is held while a keyring is changed, by the process that it names', async () => {
    const path = await newKeyring();
    let lock = '';
    const clock = {
      ...manualClock(),
      wallMs() {
        // The second time is that of the key, which is made under the lock.
        if (existsSync(`${path}.lock`)) lock = readFileSync(`${path}.lock`, 'utf8');
        return 0;
      },
    };
    await addRootKey(path, { id: 'second', makePrimary: true, clock });
    expect(JSON.parse(lock)).toMatchObject({ pid: process.pid, host: hostname() });
  });

  test('goes with its folder, and that is told', async () => {
    const path = await newKeyring();
    const clock = {
      ...manualClock(),
      wallMs() {
        if (existsSync(`${path}.lock`)) rmSync(dirname(path), { recursive: true });
        return 0;
      },
    };
    await expect(addRootKey(path, { id: 'second', makePrimary: true, clock })).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_KEYRING_INVALID',
      message: `The folder ${dirname(path)} does not exist`,
    });
  });

  test('that is no file is an outage', async () => {
    const path = await newKeyring();
    await mkdir(`${path}.lock`);
    await expect(add(path)).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_KEYS_UNAVAILABLE',
      message: `${path}.lock cannot be used: EISDIR`,
    });
  });
});

describe('what is left of a keyring', () => {
  test('is overwritten before it is removed', async () => {
    const path = await newKeyring();
    const draft = `${path}.${id}.tmp`;
    await writeFile(draft, 'a secret');
    // It is still open where its name is gone.
    const handle = await open(draft, 'r');
    await addRootKey(path, { makePrimary: true });
    expect(await handle.readFile()).toEqual(Buffer.alloc(8));
    await handle.close();
    expect(await filesBeside(path)).toEqual(['keys.json']);
  });

  test('is not what has another name, what a link leads to, or another name of a file', async () => {
    const path = await newKeyring();
    const others = ['keys.json.tmp', 'keys.json.old.tmp', `keys.json.bak.${id}.tmp`, `other.json.${id}.tmp`];
    for (const name of others) await writeFile(join(dirname(path), name), 'kept');
    const [target, linked] = [join(await folder(), 'target'), join(await folder(), 'linked')];
    await writeFile(target, 'kept');
    await writeFile(linked, 'kept');
    await symlink(target, `${path}.${id}.tmp`);
    await addRootKey(path, { id: 'second', makePrimary: true });
    await link(linked, `${path}.${id}.tmp`);
    await addRootKey(path, { id: 'third', makePrimary: true });
    expect((await filesBeside(path)).sort()).toEqual(['keys.json', ...others].sort());
    for (const kept of [target, linked]) expect(await readFile(kept, 'utf8')).toBe('kept');
  });

  test('keeps nobody from writing where it cannot be removed, or is huge', async () => {
    const path = await newKeyring();
    await mkdir(`${path}.${id}.tmp`);
    const huge = `${path}.${'f'.repeat(16)}.tmp`;
    await writeFile(huge, '');
    await truncate(huge, 2 ** 40);
    await addRootKey(path, { id: 'second', makePrimary: true });
    expect(await keysOf(path)).toEqual(['first', 'second']);
    expect((await filesBeside(path)).sort()).toEqual(['keys.json', `keys.json.${id}.tmp`]);
  });
});
