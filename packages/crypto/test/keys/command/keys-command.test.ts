import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { CommandRun } from '@unite/core';
import { runCli } from '../../../../ops/src/cli/run-cli';
import { createVault } from '../../../src/create-vault';
import { CryptoError } from '../../../src/errors';
import { fileKeyring, type KeysCommandOptions, keysCommand, memoryKeyring } from '../../../src/keys';

const folders: string[] = [];
let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unite-keys-'));
  folders.push(folder);
  path = join(folder, 'keys.json');
});

afterAll(() => {
  for (const one of folders) rmSync(one, { recursive: true, force: true });
});

/** Runs one of the commands in this process, as the command line does. */
async function run(
  options: KeysCommandOptions,
  name: string,
  {
    options: given = {},
    tenant,
    signal = new AbortController().signal,
  }: { options?: CommandRun['options']; tenant?: string; signal?: AbortSignal } = {},
) {
  const command = keysCommand(options).find((one) => one.name === `keys ${name}`);
  const notes: string[] = [];
  const result = await command?.run({
    options: given,
    arguments: { tenant },
    signal,
    json: true,
    note: (text) => notes.push(text),
  });
  return { ...result, notes };
}

function fileVault() {
  const keys = fileKeyring(path);
  return { vault: createVault({ keys }), keys, keyringPath: path };
}

function memoryVault() {
  const keys = memoryKeyring();
  return { vault: createVault({ keys }), keys };
}

async function seal(vault: ReturnType<typeof createVault>, tenantId: string): Promise<string> {
  return vault.field('contacts', 'email').encrypt('ada@example.com', { rowId: 1, tenantId });
}

describe('the command line', () => {
  /** `unite keys …` with a configuration as a user writes it. */
  async function unite(...argv: readonly string[]) {
    const src = join(__dirname, '../../../src');
    writeFileSync(
      join(folder, 'unite.config.ts'),
      `import { createVault } from ${JSON.stringify(join(src, 'index.ts'))};
       import { fileKeyring, keysCommand } from ${JSON.stringify(join(src, 'keys/index.ts'))};
       const keyringPath = ${JSON.stringify(path)};
       const keys = fileKeyring(keyringPath);
       export default { commands: [...keysCommand({ vault: createVault({ keys }), keys, keyringPath })] };`,
    );
    const output = { stdout: '', stderr: '' };
    const exitCode = await runCli({
      argv: ['keys', ...argv],
      cwd: folder,
      env: {},
      stdout: { isTTY: false, write: (text) => (output.stdout += text) },
      stderr: { isTTY: false, write: (text) => (output.stderr += text) },
      signal: new AbortController().signal,
      version: '0',
    });
    return { exitCode, ...output };
  }

  test('makes a keyring, shows it, refuses to shred without --yes, and shreds', async () => {
    const created = await unite('create', '--id', 'first', '--json');
    expect(created).toMatchObject({ exitCode: 0, stderr: '' });
    expect(JSON.parse(created.stdout)).toEqual({ path, id: 'first', isNewFile: true, isPrimary: true });
    expect(statSync(path).mode & 0o777).toBe(0o600);

    const { vault } = fileVault();
    const sealed = await seal(vault, 'acme');
    const status = await unite('status');
    expect(status.stdout).toContain('first  primary');
    expect(status.stdout).toContain('1 tenants, 0 of them with destroyed keys; 1 data keys');

    const refused = await unite('shred', 'acme');
    expect(refused).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('Add --yes to do it.') });
    expect(await vault.keys.describe('acme')).toMatchObject({ keys: [{ isPrimary: true }] });

    const shredded = await unite('shred', 'acme', '--yes', '--json');
    expect(shredded.exitCode).toBe(0);
    expect(JSON.parse(shredded.stdout)).toMatchObject({ tenantId: 'acme', isShredded: true, destroyed: 1 });
    expect(shredded.stderr).toContain('asking for them again');
    vault.forget();
    await expect(
      vault.field('contacts', 'email').decrypt(sealed, { rowId: 1, tenantId: 'acme' }),
    ).rejects.toMatchObject({ code: 'UNITE_CRYPTO_TENANT_SHREDDED' });
  });

  test('tells an error with its code', async () => {
    const { exitCode, stdout } = await unite('status', '--json');
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: expect.stringMatching(/^UNITE_CRYPTO_KEY/) } });
  });
});

describe('keys create', () => {
  test('adds a key to a keyring that is there, which wraps only when it is said', async () => {
    const set = fileVault();
    await run(set, 'create', { options: { id: 'a' } });
    const added = await run(set, 'create', { options: { id: 'b' } });
    expect(added.data).toEqual({ path, id: 'b', isNewFile: false, isPrimary: false });
    const primary = await run(set, 'create', { options: { id: 'c', primary: true } });
    expect(primary.data).toMatchObject({ id: 'c', isPrimary: true });
    expect(primary.text).toContain('keys rewrap');
    const { signal } = new AbortController();
    expect(await set.keys.rootKeys?.({ signal })).toEqual([
      expect.objectContaining({ id: 'a', state: 'previous' }),
      expect.objectContaining({ id: 'b', state: 'previous' }),
      expect.objectContaining({ id: 'c', state: 'primary' }),
    ]);
  });

  test('says no to a name that is taken, a name that is none, and a keyring that is none', async () => {
    const set = fileVault();
    await run(set, 'create', { options: { id: 'a' } });
    await expect(run(set, 'create', { options: { id: 'a' } })).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_KEY_CONFLICT',
    });
    await expect(run(set, 'create', { options: { id: '' } })).rejects.toThrow(TypeError);
    writeFileSync(path, '{', { mode: 0o600 });
    await expect(run(set, 'create')).rejects.toMatchObject({ code: 'UNITE_CRYPTO_KEYRING_INVALID' });
  });

  test('says no where root keys are in no file', async () => {
    await expect(run(memoryVault(), 'create')).rejects.toThrow('keysCommand is given no "keyringPath"');
  });
});

describe('keys rotate', () => {
  test('gives one tenant or all a new data key, and leaves out those that were shredded', async () => {
    const set = memoryVault();
    for (const tenant of ['acme', 'globex', 'gone']) await seal(set.vault, tenant);
    await set.vault.keys.shred('gone');
    const one = await run(set, 'rotate', { options: { tenant: 'acme' } });
    expect(one.text).toContain('Tenant acme has a new data key');
    const all = await run(set, 'rotate');
    expect(all).toMatchObject({ exitCode: 0, data: { tenants: 2, shredded: 1, failed: 0 } });
    expect(all.text).toContain('1 tenants were left out');
    expect((await set.vault.keys.describe('acme'))?.keys).toHaveLength(3);
    expect((await set.vault.keys.describe('globex'))?.keys).toHaveLength(2);
  });

  test('makes a root key the primary: a new one, one with a name, one that is there', async () => {
    const set = fileVault();
    await run(set, 'create', { options: { id: 'a' } });
    await run(set, 'create', { options: { id: 'b' } });
    expect((await run(set, 'rotate', { options: { root: true, id: 'b' } })).data).toEqual({
      path,
      rootKeyId: 'b',
    });
    expect((await run(set, 'rotate', { options: { root: true, id: 'c' } })).data).toEqual({
      path,
      rootKeyId: 'c',
    });
    const { data } = await run(set, 'rotate', { options: { root: true } });
    const { signal } = new AbortController();
    const primary = (await set.keys.rootKeys?.({ signal }))?.find(({ state }) => state === 'primary');
    expect(data).toEqual({ path, rootKeyId: primary?.id });
    expect(['a', 'b', 'c']).not.toContain(primary?.id);
  });

  test.each([
    [{ root: true, tenant: 'acme' }, '--root is for all tenants: leave out --tenant'],
    [{ id: 'x' }, '--id names a root key: give --root too'],
  ])('not with %j', async (options, message) => {
    await expect(run(fileVault(), 'rotate', { options })).rejects.toThrow(message);
  });

  test('hands on what is wrong with a keyring', async () => {
    await expect(run(fileVault(), 'rotate', { options: { root: true, id: 'a' } })).rejects.toBeInstanceOf(
      CryptoError,
    );
  });
});

describe('keys rewrap', () => {
  test('brings data keys under the primary root key, of one tenant and of all', async () => {
    const set = fileVault();
    await run(set, 'create', { options: { id: 'old' } });
    for (const tenant of ['acme', 'globex', 'initech']) await seal(set.vault, tenant);
    await run(set, 'rotate', { options: { root: true, id: 'new' } });
    const one = await run(set, 'rewrap', { options: { tenant: 'acme' } });
    expect(one.data).toEqual({ tenantId: 'acme', rewrapped: 1 });
    const before = await run(set, 'status');
    expect(before.data).toMatchObject({ dataKeysByRootKey: { old: 2, new: 1 } });
    const all = await run(set, 'rewrap');
    expect(all).toMatchObject({ exitCode: 0, data: { rewrapped: 2, tenants: 3, isInterrupted: false } });
    const after = await run(set, 'status');
    expect(after.data).toMatchObject({ provider: 'file', tenants: 3, dataKeysByRootKey: { new: 3 } });
  });

  test('goes on past a tenant that fails, and says which', async () => {
    const set = memoryVault();
    for (const tenant of ['acme', 'broken', 'globex']) await seal(set.vault, tenant);
    const { vault } = failingFor(set, 'broken', 'UNITE_CRYPTO_UNWRAP_FAILED');
    const result = await run({ vault }, 'rewrap');
    expect(result).toMatchObject({ exitCode: 1, data: { tenants: 2, failed: 1 } });
    expect(result.text).toContain('  broken: it fails (UNITE_CRYPTO_UNWRAP_FAILED)');
  });

  test('stops at an outage', async () => {
    const set = memoryVault();
    for (const tenant of Array(50).keys()) await seal(set.vault, `tenant-${tenant}`);
    const { asked, vault } = failingFor(set, 'tenant-0', 'UNITE_CRYPTO_KEYS_UNAVAILABLE');
    await expect(run({ vault }, 'rewrap')).rejects.toMatchObject({ code: 'UNITE_CRYPTO_KEYS_UNAVAILABLE' });
    expect(asked.length).toBeLessThan(50);
  });

  test('ends when it is interrupted, with what it has', async () => {
    const set = memoryVault();
    for (const tenant of ['acme', 'globex']) await seal(set.vault, tenant);
    const result = await run(set, 'rewrap', { signal: AbortSignal.abort() });
    expect(result).toMatchObject({ exitCode: 1, data: { tenants: 0, isInterrupted: true } });
    expect(result.text).toContain('Interrupted: run it again for the rest.');
  });

  test('says how far it is, and lists no more than 20 failures', async () => {
    const tenants = Array.from({ length: 1_030 }, (_, at) => `tenant-${at}`);
    const vault = {
      status: () => ({}),
      keys: {
        async *tenants() {
          yield* tenants;
        },
        async rewrap(tenantId: string) {
          if (tenantId < 'tenant-103') throw new CryptoError('UNITE_CRYPTO_UNWRAP_FAILED', 'it fails');
          return 1;
        },
      },
    } as unknown as KeysCommandOptions['vault'];
    const { notes, data } = await run({ vault }, 'rewrap');
    const failed = tenants.filter((tenant) => tenant < 'tenant-103').length;
    expect(failed).toBeGreaterThan(20);
    expect(notes[0]).toBe('500 tenants');
    expect(data).toMatchObject({ failed, tenants: 1_030 - failed, rewrapped: 1_030 - failed });
    expect((data as { failures: [] }).failures).toHaveLength(20);
  });

  /** A vault that fails for one tenant. */
  function failingFor(set: ReturnType<typeof memoryVault>, failing: string, code: CryptoError['code']) {
    const asked: string[] = [];
    const rewrap = async (tenantId: string) => {
      asked.push(tenantId);
      if (tenantId === failing) throw new CryptoError(code, 'it fails');
      return set.vault.keys.rewrap(tenantId);
    };
    const { keys } = set.vault;
    return {
      asked,
      vault: {
        status: () => set.vault.status(),
        keys: { ...keys, tenants: () => keys.tenants(), rewrap } as unknown as typeof keys,
      },
    };
  }
});

describe('keys status', () => {
  test('of a tenant: its keys without secrets, or that there are none', async () => {
    const set = memoryVault();
    await seal(set.vault, 'acme');
    await set.vault.keys.rotate('acme', { activeAfterMs: 0 });
    const known = await run(set, 'status', { options: { tenant: 'acme' } });
    expect(known.text).toMatch(
      /^Tenant acme has 2 data keys:\n {2}\d+ {2}primary .*\n {2}\d+ {2}previous .*memory$/,
    );
    expect(known.exitCode ?? 0).toBe(0);
    const unknown = await run(set, 'status', { options: { tenant: 'nobody' } });
    expect(unknown).toMatchObject({ exitCode: 1, text: 'Tenant nobody has no keys.' });
    await set.vault.keys.shred('acme');
    const shredded = await run(set, 'status', { options: { tenant: 'acme' } });
    expect(shredded.text).toMatch(/^The keys of tenant acme were destroyed on \d{4}-\d\d-\d\d\.$/);
    expect((await run(set, 'status')).data).toMatchObject({ tenants: 1, shreddedTenants: 1, dataKeys: 0 });
  });

  test('does with a provider that lists no root keys, or not when they were made', async () => {
    const { vault, keys } = memoryVault();
    await seal(vault, 'acme');
    const { data, text } = await run({ vault }, 'status');
    expect(data).toMatchObject({ provider: 'memory', rootKeys: undefined, dataKeysByRootKey: { memory: 1 } });
    expect(text).toContain('1 data keys');
    const rootKeys = async () => [{ id: 'arn', state: 'primary' as const }];
    const hosted = await run({ vault, keys: { ...keys, rootKeys } }, 'status');
    expect(hosted.text).toContain('  arn  primary: 0 data keys');
  });
});

describe('keys shred', () => {
  test('does nothing to a tenant that is not there, nor without --yes', async () => {
    const set = memoryVault();
    await seal(set.vault, 'acme');
    const unknown = await run(set, 'shred', { tenant: 'acmee', options: { yes: true } });
    expect(unknown).toMatchObject({ exitCode: 1, data: { isShredded: false, dataKeys: 0 } });
    expect(await set.vault.keys.describe('acmee')).toBeUndefined();
    const unsure = await run(set, 'shred', { tenant: 'acme', options: { yes: false } });
    expect(unsure).toMatchObject({ exitCode: 1, data: { isShredded: false, dataKeys: 1 } });
    expect((await set.vault.keys.describe('acme'))?.keys).toHaveLength(1);
  });

  test('may be run again', async () => {
    const set = memoryVault();
    await seal(set.vault, 'acme');
    const once = await run(set, 'shred', { tenant: 'acme', options: { yes: true } });
    const twice = await run(set, 'shred', { tenant: 'acme' });
    expect(once.data).toMatchObject({ isShredded: true, destroyed: 1 });
    expect(twice.data).toMatchObject({ isShredded: true, destroyed: 0 });
  });

  test('does not say that it is done where a store has not done it', async () => {
    const { vault } = memoryVault();
    await seal(vault, 'acme');
    const forgetful = {
      status: () => vault.status(),
      keys: { describe: (tenantId: string) => vault.keys.describe(tenantId), shred: async () => 1 },
    } as unknown as typeof vault;
    const result = await run({ vault: forgetful }, 'shred', { tenant: 'acme', options: { yes: true } });
    expect(result).toMatchObject({ exitCode: 1, data: { isShredded: false } });
    expect(result.text).toContain('still there');
  });
});

describe('keys inventory', () => {
  test('lists what the vault and the provider use, and what else is given', async () => {
    const set = memoryVault();
    set.vault.field('contacts', 'email', { search: 'equality' });
    const inventory = { application: 'crm', passwords: [{ algorithm: 'scrypt', parameters: 'ln=17' }] };
    const { data, text } = await run({ ...set, inventory }, 'inventory');
    const names = (data as { components: { name: string }[] }).components.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['XAES-256-GCM', 'HMAC-SHA-256', 'scrypt', 'data keys of vault', 'memory']),
    );
    expect(text).toContain('contacts.email text, index of 128 bits');
    expect((await run({ vault: set.vault }, 'inventory')).text).not.toContain('root key of memory');
  });
});

test.each([
  [{}, 'keysCommand: option "vault" must be an object, got undefined'],
  [{ vault: {}, path: 'keys.json' }, 'keysCommand: unknown option "path"'],
  [{ vault: {}, keyringPath: '' }, 'keysCommand: option "keyringPath" must be a non-empty string, got ""'],
])('the options are checked: %j', (options, message) => {
  expect(() => keysCommand(options as KeysCommandOptions)).toThrow(message);
});
