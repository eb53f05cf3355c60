import { describe, expect, test } from '@jest/globals';
import { createVault } from '../../src';
import { memoryKeyring } from '../../src/keys';

function contactsOf(tenantId?: string) {
  const vault = createVault({ keys: memoryKeyring() });
  return vault.table('contacts', {
    rowId: 'id',
    ...(tenantId && { tenantId }),
    columns: { email: { index: 'email_index' }, notes: { type: 'json' }, phone: {} },
  });
}

describe('a table', () => {
  test('encrypts and decrypts the columns that are there', async () => {
    const contacts = contactsOf();
    const row = { id: 7, name: 'Ada', email: 'ada@example.com', notes: { vip: true }, phone: null };
    const stored = await contacts.encrypt(row, { tenantId: 'acme' });
    expect(stored).toMatchObject({ id: 7, name: 'Ada', phone: null, email_index: expect.any(String) });
    expect(stored.email).not.toBe(row.email);
    expect(row.email).toBe('ada@example.com');
    const { email_index: _, ...read } = await contacts.decrypt(stored, { tenantId: 'acme' });
    expect(read).toEqual(row);
    await expect(contacts.encrypt({ id: 7 }, { tenantId: 'acme' })).resolves.toEqual({ id: 7 });
    await expect(contacts.encrypt({ id: 7, email: null }, { tenantId: 'acme' })).resolves.toEqual({
      id: 7,
      email: null,
      email_index: null,
    });
    await expect(contacts.find('email', 'ada@example.com', { tenantId: 'acme' })).resolves.toEqual({
      column: 'email_index',
      values: [stored.email_index],
    });
    await expect(contacts.find('phone', '1', { tenantId: 'acme' })).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_SEARCH_UNDECLARED',
    });
    expect(contacts.field('email')).toMatchObject({ table: 'contacts', column: 'email' });
  });

  test('reads the tenant of each row from its column', async () => {
    const contacts = contactsOf('workspace_id');
    const rows = ['acme', 'globex', 'acme'].map((workspace_id, id) => ({
      id,
      workspace_id,
      email: `${id}@x.org`,
    }));
    const stored = await Promise.all(rows.map((row) => contacts.encrypt(row)));
    const read = await contacts.decryptAll(stored);
    expect(read.map(({ email }) => email)).toEqual(['0@x.org', '1@x.org', '2@x.org']);
    await expect(contacts.decryptAll({ rows: stored } as never)).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_VALUE_INVALID',
      message: 'contacts: the rows must be an array, got an object',
    });
    await expect(
      contacts.decrypt({ ...(stored[0] as object), workspace_id: 'globex' }),
    ).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_TENANT_MISMATCH',
    });
    await expect(contacts.decrypt(stored[0] as object, { tenantId: 'globex' })).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_TENANT_MISMATCH',
      message: 'contacts: the row\'s column "workspace_id" names another tenant than the call',
    });
    await expect(contacts.encrypt({ id: 1, email: 'x' })).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_PLACE_INVALID',
      message: 'contacts: the row has no column "workspace_id", to which its encrypted columns are bound',
    });
  });

  test('binds to a primary key of several columns', async () => {
    const vault = createVault({ keys: memoryKeyring(), tenantId: 'acme' });
    const lines = vault.table('lines', { rowId: ['order_id', 'line'], columns: { note: {} } });
    const stored = await lines.encrypt({ order_id: 1, line: 12, note: 'a' });
    await expect(lines.decrypt(stored)).resolves.toMatchObject({ note: 'a' });
    await expect(lines.decrypt({ ...stored, order_id: 11, line: 2 })).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_AUTHENTICATION_FAILED',
    });
    await expect(lines.encrypt({ order_id: 1, note: 'a' })).rejects.toThrow('has no column "line"');
    await expect(lines.encrypt({ order_id: 1, line: null, note: 'a' })).rejects.toThrow(
      'has no column "line"',
    );
  });

  test.each<[string, object, string]>([
    [
      'no row id',
      { columns: {} },
      'option "rowId" must be the name of a column, or a list of some, got undefined',
    ],
    [
      'an empty list',
      { rowId: [], columns: {} },
      'option "rowId" must be the name of a column, or a list of some',
    ],
    [
      'an index that is no name',
      { rowId: 'id', columns: { a: { index: '' } } },
      'columns.a.index must be a non-empty string, got ""',
    ],
    [
      'a column that is its own index',
      { rowId: 'id', columns: { email: { index: 'email' } } },
      'vault.table("t"): columns.email and columns.email.index are both the column "email"',
    ],
    [
      'the row id for an index',
      { rowId: 'id', columns: { email: { index: 'id' } } },
      'vault.table("t"): rowId and columns.email.index are both the column "id"',
    ],
    [
      'the tenant for an index',
      { rowId: 'id', tenantId: 'org', columns: { email: { index: 'org' } } },
      'vault.table("t"): tenantId and columns.email.index are both the column "org"',
    ],
    [
      'another column for an index',
      { rowId: 'id', columns: { email: { index: 'phone' }, phone: {} } },
      'vault.table("t"): columns.phone and columns.email.index are both the column "phone"',
    ],
    [
      'one index for two columns',
      { rowId: 'id', columns: { email: { index: 'i' }, phone: { index: 'i' } } },
      'vault.table("t"): columns.email.index and columns.phone.index are both the column "i"',
    ],
    [
      'a row id that is encrypted',
      { rowId: ['no', 'id'], columns: { id: {} } },
      'vault.table("t"): rowId and columns.id are both the column "id"',
    ],
    [
      'a tenant that is encrypted',
      { rowId: 'id', tenantId: 'org', columns: { org: {} } },
      'vault.table("t"): tenantId and columns.org are both the column "org"',
    ],
    [
      'a tenant that is the row id',
      { rowId: 'org', tenantId: 'org', columns: {} },
      'vault.table("t"): rowId and tenantId are both the column "org"',
    ],
    [
      'a column that is no object',
      { rowId: 'id', columns: { a: 'text' } },
      'vault.table("t"): columns.a must be an object, got "text"',
    ],
    [
      'an option that is none',
      { rowId: 'id', columns: { a: { sarch: true } } },
      'vault.field("t", "a"): unknown option "sarch"',
    ],
  ])('refuses %s', (_, options, message) => {
    const vault = createVault({ keys: memoryKeyring() });
    expect(() => vault.table('t', options as never)).toThrow(message);
  });

  test('stores and reads a row as it was given, whatever becomes of it', async () => {
    const vault = createVault({ keys: memoryKeyring(), tenantId: 'acme' });
    const files = vault.table('files', {
      rowId: 'id',
      columns: {
        name: {},
        notes: { type: 'json' },
        content: { type: 'bytes', index: 'content_index' },
        preview: { type: 'bytes' },
      },
    });
    const row = () => ({
      id: 1,
      name: 'a',
      notes: { vip: true },
      content: Buffer.from('before'),
      preview: Buffer.from('small'),
    });
    const given = row();
    const writing = files.encrypt(given);
    given.notes.vip = false;
    given.content.fill('X');
    given.preview.fill('X');
    const stored = await writing;
    await expect(files.find('content', Buffer.from('before'))).resolves.toMatchObject({
      values: [stored.content_index],
    });
    vault.forget();
    const copy = { ...stored, content: Buffer.from(stored.content), preview: Buffer.from(stored.preview) };
    const reading = files.decrypt(copy);
    copy.content.fill('X');
    copy.preview.fill('X');
    await expect(reading).resolves.toMatchObject(row());
  });

  test('says which types are stored', async () => {
    const vault = createVault({ keys: memoryKeyring(), tenantId: 'acme' });
    const files = vault.table('files', {
      rowId: 'id',
      columns: { name: { index: 'name_index' }, notes: { type: 'json' }, content: { type: 'bytes' } },
    });
    interface File {
      readonly id: number;
      readonly name: string;
      readonly notes: { readonly vip: boolean } | null;
      readonly content?: Buffer;
      readonly size: number;
    }
    const file: File = { id: 1, name: 'a', notes: { vip: true }, content: Buffer.from('x'), size: 1 };
    const stored = await files.encrypt(file);
    const notes: string | null = stored.notes;
    const content: Uint8Array | undefined = stored.content;
    const index: string | null | undefined = stored.name_index;
    const size: number = stored.size;
    // @ts-expect-error it may be null
    const neverNull: string = stored.notes;
    // @ts-expect-error it is text now
    const vip: boolean | undefined = stored.notes?.vip;
    expect([notes, neverNull]).toEqual(Array(2).fill(expect.any(String)));
    expect([content, index, size, vip]).toEqual([expect.any(Buffer), expect.any(String), 1, undefined]);
  });

  test('names the columns that there are', () => {
    expect(() => contactsOf().field('mail' as never)).toThrow(
      'vault.table("contacts"): no encrypted column "mail"; known are email, notes, phone',
    );
  });
});

test('a codec binds entries to their keys, whoever the tenant is', async () => {
  const vault = createVault({ keys: memoryKeyring(), mayDecrypt: () => false });
  const codec = vault.codec('cache');
  const stored = await codec.encode(Buffer.from('entry'), { key: 'a' });
  expect(Buffer.from(stored).includes('entry')).toBe(false);
  await expect(codec.decode(stored, { key: 'a' })).resolves.toEqual(Buffer.from('entry'));
  await expect(codec.decode(stored, { key: 'b' })).rejects.toMatchObject({
    code: 'UNITE_CRYPTO_AUTHENTICATION_FAILED',
  });
  await expect(vault.codec('other').decode(stored, { key: 'a' })).rejects.toMatchObject({
    code: 'UNITE_CRYPTO_COMMITMENT_MISMATCH',
  });
});

test('a codec encrypts what is one tenant’s by the key of that tenant, with which it is gone', async () => {
  const vault = createVault({ keys: memoryKeyring() });
  const codec = vault.codec('cache');
  const own = { key: 'a', tenantId: 'acme' };
  const ofAcme = await codec.encode(Buffer.from('entry'), own);
  const ofAll = await codec.encode(Buffer.from('entry'), { key: 'b' });
  await expect(codec.decode(ofAcme, own)).resolves.toEqual(Buffer.from('entry'));
  await expect(codec.decode(ofAcme, { key: 'a', tenantId: 'other' })).rejects.toMatchObject({
    code: 'UNITE_CRYPTO_TENANT_MISMATCH',
  });
  await vault.keys.shred('acme');
  await expect(codec.decode(ofAcme, own)).rejects.toMatchObject({ code: 'UNITE_CRYPTO_TENANT_SHREDDED' });
  await expect(codec.decode(ofAll, { key: 'b' })).resolves.toEqual(Buffer.from('entry'));
});
