import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type pg from 'pg';
import { createVault, type EncryptedTable, type Vault } from '../../src';
import { memoryKeyring } from '../../src/keys';
import { type EncryptedQueries, encryptedQueries } from '../../src/pg';
import { startDatabase, type TestDatabase } from '../support/start-database';

let database: TestDatabase;
let pool: pg.Pool;
let vault: Vault;
let contacts: EncryptedTable;
let db: EncryptedQueries;

beforeAll(async () => {
  database = await startDatabase();
  pool = database.pool();
});
afterAll(async () => database?.[Symbol.asyncDispose]());

beforeEach(async () => {
  await pool.query(`
    DROP TABLE IF EXISTS contacts;
    CREATE TABLE contacts (
      tenant_id text, id int, "Na""me" text DEFAULT 'nobody', email text, email_index text, code text, code_index text,
      photo bytea, PRIMARY KEY (tenant_id, id)
    )`);
  vault = createVault({ keys: memoryKeyring() });
  contacts = vault.table('contacts', {
    rowId: 'id',
    tenantId: 'tenant_id',
    columns: {
      email: { index: 'email_index' },
      code: { index: 'code_index', search: { bits: 16 } },
      photo: { type: 'bytes' },
    },
  });
  db = encryptedQueries(pool);
});

const ada = { tenant_id: 'acme', id: 1, email: 'ada@example.com', photo: Buffer.from([1, 2]) };

test('rows go in and come out in plaintext, and are ciphertext in between', async () => {
  await expect(db.insert(contacts, ada)).resolves.toMatchObject({ ...ada, 'Na"me': 'nobody' });
  const { rows } = await pool.query('SELECT * FROM contacts');
  expect(rows[0].email).not.toContain('ada@');
  expect(rows[0].photo.length).toBe(2 + 78);
  const read = await db.select(contacts, 'SELECT * FROM contacts WHERE "Na""me" LIKE $1', ['no%']);
  expect(read).toMatchObject([ada]);
  await expect(db.select(contacts, 'SELECT 1 AS one')).rejects.toMatchObject({
    code: 'UNITE_CRYPTO_PLACE_INVALID',
  });
});

test('an update changes what is given, with its index, in the row that is named', async () => {
  await db.insert(contacts, ada);
  await db.insert(contacts, { ...ada, id: 2, email: null });
  const changed = { tenant_id: 'acme', id: 1, email: 'new@example.com', photo: undefined, 'Na"me': 'Ada' };
  await expect(db.update(contacts, changed)).resolves.toMatchObject({ ...changed, photo: ada.photo });
  await expect(db.find(contacts, { tenant_id: 'acme', email: 'new@example.com' })).resolves.toMatchObject([
    { id: 1 },
  ]);
  await expect(db.find(contacts, { tenant_id: 'acme', email: ada.email })).resolves.toEqual([]);
  await expect(db.update(contacts, { ...changed, id: 3 })).resolves.toBeUndefined();
  // What was read may be written back.
  const [row] = await db.find(contacts, { tenant_id: 'acme', id: 1 });
  await expect(db.update(contacts, { ...row, email: 'third@example.com' })).resolves.toMatchObject({
    email: 'third@example.com',
  });
});

test('a search finds under every key, by several values, and by none', async () => {
  await db.insert(contacts, ada);
  await vault.keys.rotate('acme', { activeAfterMs: 0 });
  await db.insert(contacts, { ...ada, id: 2 });
  await db.insert(contacts, { ...ada, id: 3, email: null });
  await db.insert(contacts, { ...ada, tenant_id: 'globex' });
  const ids = async (where: object) => (await db.find<{ id: number }>(contacts, where)).map(({ id }) => id);
  await expect(ids({ tenant_id: 'acme', email: ada.email })).resolves.toEqual([1, 2]);
  await expect(ids({ tenant_id: 'acme', email: ada.email, id: 2 })).resolves.toEqual([2]);
  await expect(ids({ email: null })).resolves.toEqual([3]);
  await expect(ids({})).resolves.toHaveLength(4);
});

test('a table without a column for the tenant takes it from the call', async () => {
  const lone = vault.table('contacts', {
    rowId: ['tenant_id', 'id'],
    columns: { email: { index: 'email_index' } },
  });
  const acme = { tenantId: 'acme' };
  await db.insert(lone, { tenant_id: 'x', id: 1, email: 'a' }, acme);
  await db.update(lone, { tenant_id: 'x', id: 1, email: 'b' }, acme);
  await expect(db.find(lone, { email: 'b' }, acme)).resolves.toMatchObject([{ id: 1, email: 'b' }]);
  await expect(db.select(lone, 'SELECT * FROM contacts', [], acme)).resolves.toMatchObject([{ email: 'b' }]);
  await expect(db.find(lone, { email: 'b' })).rejects.toMatchObject({ code: 'UNITE_CRYPTO_TENANT_MISSING' });
});

test('a key in another spelling than the database has it in is neither stored nor found to be changed', async () => {
  await pool.query(`
    DROP TABLE IF EXISTS people;
    CREATE TABLE people (id uuid, number bigint, code char(4), email text, PRIMARY KEY (id, number, code))`);
  const people = vault.table('people', { rowId: ['id', 'number', 'code'], columns: { email: {} } });
  const acme = { tenantId: 'acme' };
  const good = { id: 'abcdef00-0000-4000-8000-00000000000a', number: 5, code: 'x   ', email: 'ada@x' };
  const bad = [{ id: good.id.toUpperCase() }, { number: '05' }, { number: ' 5' }, { code: 'x' }];
  for (const key of bad) {
    await expect(db.insert(people, { ...good, ...key }, acme)).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_PLACE_INVALID',
      message: expect.stringMatching(
        /^people: id and number and code must be given as PostgreSQL gives it back/,
      ),
    });
  }
  await expect(db.find(people, {}, acme)).resolves.toEqual([]);
  await expect(db.insert(people, good, acme)).resolves.toEqual({ ...good, number: '5' });
  // Other errors come as they are.
  await expect(db.insert(people, good, acme)).rejects.toMatchObject({ code: '23505' });
  for (const key of bad) {
    await expect(db.update(people, { ...good, ...key, email: 'new' }, acme)).resolves.toBeUndefined();
  }
  await expect(db.find(people, {}, acme)).resolves.toEqual([{ ...good, number: '5' }]);
  await expect(db.update(people, { ...good, email: 'new' }, acme)).resolves.toMatchObject({ email: 'new' });
  // Nothing is bound to it.
  await expect(db.insert(people, { ...good, number: '06', email: null }, acme)).resolves.toMatchObject({
    number: '6',
  });
});

test('a search finds plaintext that is not swept yet, by its exact text, while the column may have it', async () => {
  const until = (day: string) =>
    createVault({ keys: memoryKeyring() }).table('contacts', {
      rowId: 'id',
      tenantId: 'tenant_id',
      columns: { email: { index: 'email_index', plaintext: { until: day } } },
    });
  await pool.query(
    "INSERT INTO contacts (tenant_id, id, email) VALUES ('acme', 1, 'ada@x'), ('acme', 2, 'bob@x')",
  );
  const open = until('9999-01-01');
  await db.insert(open, { ...ada, id: 3, photo: null, email: 'ada@x' });
  const where = { tenant_id: 'acme', email: 'ada@x' };
  await expect(db.find(open, where)).resolves.toMatchObject([{ id: 1 }, { id: 3 }]);
  await expect(db.find(open, { ...where, id: 2 })).resolves.toEqual([]);
  await expect(db.find(until('2020-01-01'), where)).resolves.toEqual([]);
});

test('works within a transaction', async () => {
  const client = await pool.connect();
  await client.query('BEGIN');
  const within = encryptedQueries(client);
  await within.insert(contacts, ada);
  await expect(within.find(contacts, { tenant_id: 'acme', email: ada.email })).resolves.toHaveLength(1);
  await client.query('ROLLBACK');
  client.release();
  await expect(db.find(contacts, {})).resolves.toEqual([]);
});

describe('refused, and never sent, is', () => {
  const acme = { tenant_id: 'acme' };
  test.each<[string, (queries: EncryptedQueries) => Promise<unknown>, string]>([
    [
      'an update of no row',
      (queries) => queries.update(contacts, { email: 'x' }),
      'an update of contacts needs id and tenant_id',
    ],
    [
      'an update of nothing',
      (queries) => queries.update(contacts, { ...acme, id: 1 }),
      'an update of contacts changes nothing',
    ],
    [
      "an index of one's own",
      (queries) => queries.update(contacts, { ...acme, id: 1, email_index: 'x' }),
      'contacts.email_index is filled in by itself; write contacts.email',
    ],
    [
      'a search without index',
      (queries) => queries.find(contacts, { ...acme, photo: Buffer.alloc(1) }),
      'contacts.photo is declared without "index", and cannot be searched',
    ],
    [
      'a search that finds others too',
      (queries) => queries.find(contacts, { ...acme, code: 'x' }),
      'the index of contacts.code has 16 bits, which find rows of other values too; ask for table.find() and compare',
    ],
    [
      'a search for nothing',
      (queries) => queries.find(contacts, { ...acme, email: undefined }),
      'contacts.email is searched for undefined',
    ],
  ])('%s', async (_, query, message) => {
    const sent: unknown[] = [];
    const queries = encryptedQueries({
      async query(text) {
        sent.push(text);
        return { rows: [] };
      },
    });
    await expect(query(queries)).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_QUERY_REFUSED',
      message: `encryptedQueries: ${message}`,
    });
    expect(sent).toEqual([]);
  });

  test('a row without the key that it is bound to', async () => {
    await expect(db.insert(contacts, { ...acme, email: 'x' })).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_PLACE_INVALID',
    });
    await expect(db.insert(contacts, { id: 1, email: 'x' })).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_PLACE_INVALID',
    });
  });

  test('what is no database', () => {
    expect(() => encryptedQueries('postgres://u:p@h' as never)).toThrow(
      'encryptedQueries: the database must be a pool of pg, got text',
    );
    expect(() => encryptedQueries(null as never)).toThrow('must be a pool of pg, got null');
  });
});
