import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createVault } from '../../../src';
import { addRootKey, createKeyringFile, fileKeyring, setRootKeyState } from '../../../src/keys';
import { temporaryFolders } from '../support/temporary-folder';

const folder = temporaryFolders();
const place = { tenantId: 'acme', rowId: 1 };

/** A vault as another process has it: nothing is shared but the files. */
function open(path: string) {
  const vault = createVault({ keys: fileKeyring(path) });
  return { vault, email: vault.field('contacts', 'email', { search: 'equality' }) };
}

test('from the first key to the shredding, with nothing but a file and the folder beside it', async () => {
  const path = join(await folder(), 'keys.json');
  await createKeyringFile(path, { id: '2026-05' });
  const one = open(path);
  const stored = await one.email.encrypt('ada@example.com', place);
  const other = open(path);
  expect(await other.email.decrypt(stored, place)).toBe('ada@example.com');
  expect(await other.email.index('ada@example.com', place)).toBe(
    await one.email.index('ada@example.com', place),
  );

  await addRootKey(path, { id: '2026-11', makePrimary: true });
  expect(await one.vault.keys.rewrap('acme')).toBe(1);
  expect(await one.vault.keys.rewrap('acme')).toBe(0);
  await setRootKeyState(path, '2026-05', 'destroyed');
  expect(await open(path).email.decrypt(stored, place)).toBe('ada@example.com');

  expect(await one.vault.keys.shred('acme')).toBe(1);
  await expect(open(path).email.decrypt(stored, place)).rejects.toMatchObject({
    code: 'UNITE_CRYPTO_TENANT_SHREDDED',
  });
});

test('processes that meet a tenant for the first time at once have one key', async () => {
  const path = join(await folder(), 'keys.json');
  await createKeyringFile(path);
  const all = Array.from({ length: 10 }, () => open(path));
  const stored = await Promise.all(all.map(({ email }) => email.encrypt('ada@example.com', place)));
  const read = await Promise.all(
    all.map(({ email }, at) => email.decrypt(stored[(at + 1) % all.length] as string, place)),
  );
  expect(new Set(read)).toEqual(new Set(['ada@example.com']));
  expect((await all[0]?.vault.keys.describe('acme'))?.keys).toHaveLength(1);
});
