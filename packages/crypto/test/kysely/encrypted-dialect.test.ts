import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { CompiledQuery, type Generated, Kysely, PostgresDialect, sql } from 'kysely';
import type pg from 'pg';
import Cursor from 'pg-cursor';
import { createVault, type Vault } from '../../src';
import { memoryKeyring } from '../../src/keys';
import { encryptedDialect } from '../../src/kysely';
import { startDatabase, type TestDatabase } from '../support/start-database';

interface Contact {
  tenant_id: string;
  id: number;
  name: string | null;
  email: string | null;
  email_index: Generated<string | null>;
  profile: Generated<{ vip: boolean } | null>;
  code: Generated<string | null>;
  code_index: Generated<string | null>;
}

interface Note {
  id: number;
  contact_id: number;
  text: string;
}

interface Database {
  contacts: Contact;
  notes: Note;
}

let database: TestDatabase;
let pool: pg.Pool;
let vault: Vault;
let db: Kysely<Database>;

beforeAll(async () => {
  database = await startDatabase();
  pool = database.pool();
});
afterAll(async () => database?.[Symbol.asyncDispose]());

beforeEach(async () => {
  await pool.query(`
    DROP TABLE IF EXISTS contacts, notes;
    CREATE TABLE contacts (
      tenant_id text NOT NULL, id int NOT NULL, name text, email text, email_index text, profile text,
      code text, code_index text, PRIMARY KEY (tenant_id, id)
    );
    CREATE TABLE notes (id int PRIMARY KEY, contact_id int, text text)`);
  vault = createVault({ keys: memoryKeyring() });
  db = open();
});

function open(): Kysely<Database> {
  const contacts = vault.table('contacts', {
    rowId: 'id',
    tenantId: 'tenant_id',
    columns: {
      email: { index: 'email_index', search: { normalizer: (text) => text.trim().toLowerCase() } },
      profile: { type: 'json' },
      code: { index: 'code_index', search: { bits: 32 } },
    },
  });
  return new Kysely<Database>({
    dialect: encryptedDialect(new PostgresDialect({ pool, cursor: Cursor }), [contacts]),
  });
}

const ada = { tenant_id: 'acme', id: 1, name: 'Ada', email: 'ada@example.com' };
const bob = { tenant_id: 'acme', id: 2, name: 'Bob', email: 'bob@example.com' };

async function raw(): Promise<Record<string, unknown>[]> {
  return (await pool.query('SELECT * FROM contacts ORDER BY tenant_id, id')).rows;
}

const refused = (message: string) => ({
  code: 'UNITE_CRYPTO_QUERY_REFUSED',
  message: `encryptedDialect: ${message}`,
});

describe('what is written', () => {
  test('is ciphertext with its index, and is read as it was', async () => {
    await db
      .insertInto('contacts')
      .values({ ...ada, profile: { vip: true } })
      .execute();
    const [stored] = await raw();
    // With what stands around it: three letters may be in any ciphertext.
    expect(JSON.stringify(stored)).not.toMatch(/ada@|vip\\?"/);
    expect(stored?.email_index).toHaveLength(22);
    await expect(db.selectFrom('contacts').selectAll().execute()).resolves.toEqual([
      { ...stored, ...ada, profile: { vip: true } },
    ]);
  });

  test('of several rows each has its own, also where some have none', async () => {
    const rows = [
      { ...ada, profile: { vip: true } },
      { ...bob, email: null },
      { tenant_id: 'globex', id: 1, name: 'Eve', email: 'eve@example.com' },
      { tenant_id: 'globex', id: 2, name: 'Zoe', email: undefined as never },
    ];
    await db.insertInto('contacts').values(rows).execute();
    const read = await db
      .selectFrom('contacts')
      .select(['tenant_id', 'id', 'email', 'email_index'])
      .orderBy('tenant_id')
      .orderBy('id')
      .execute();
    expect(read.map(({ email }) => email)).toEqual(['ada@example.com', null, 'eve@example.com', null]);
    expect(read.map(({ email_index }) => typeof email_index)).toEqual([
      'string',
      'object',
      'string',
      'object',
    ]);
  });

  test('by UPDATE is bound to the row that it names', async () => {
    await db.insertInto('contacts').values([ada, bob]).execute();
    await db
      .updateTable('contacts')
      .set({ email: 'new@example.com', name: 'Ada L.' })
      .where((eb) => eb.and([eb('id', '=', 1), eb('tenant_id', '=', 'acme')]))
      .execute();
    await db.updateTable('contacts as c').set({ email: null }).where('c.id', '=', 2).execute();
    const read = await db.selectFrom('contacts').selectAll().orderBy('id').execute();
    expect(read).toMatchObject([
      { id: 1, name: 'Ada L.', email: 'new@example.com' },
      { id: 2, name: 'Bob', email: null, email_index: null },
    ]);
    await expect(
      db
        .selectFrom('contacts')
        .select('id')
        .where('email', '=', 'new@example.com')
        .where('tenant_id', '=', 'acme')
        .execute(),
    ).resolves.toEqual([{ id: 1 }]);
  });

  test('is returned decrypted by RETURNING', async () => {
    await expect(db.insertInto('contacts').values(ada).returningAll().execute()).resolves.toMatchObject([
      ada,
    ]);
    const updated = db
      .updateTable('contacts')
      .set({ email: 'new@example.com' })
      .where('tenant_id', '=', 'acme')
      .where('id', '=', 1)
      .returning(['tenant_id', 'id', 'email as mail']);
    await expect(updated.execute()).resolves.toEqual([{ tenant_id: 'acme', id: 1, mail: 'new@example.com' }]);
    await expect(
      db
        .deleteFrom('contacts')
        .where('tenant_id', '=', 'acme')
        .where('email', '=', 'new@example.com')
        .returningAll()
        .execute(),
    ).resolves.toMatchObject([{ ...ada, email: 'new@example.com' }]);
  });

  test('on conflict takes the place of what was there, with its index', async () => {
    const upsert = (email: string | null) =>
      db
        .insertInto('contacts')
        .values({ ...ada, email })
        .onConflict((conflict) =>
          conflict
            .columns(['tenant_id', 'id'])
            .doUpdateSet((eb) => ({ email: eb.ref('excluded.email'), name: 'again' })),
        )
        .execute();
    await upsert('ada@example.com');
    await upsert('new@example.com');
    const found = db
      .selectFrom('contacts')
      .selectAll()
      .where('tenant_id', '=', 'acme')
      .where('email', '=', 'new@example.com');
    await expect(found.execute()).resolves.toMatchObject([{ name: 'again', email: 'new@example.com' }]);
    await db
      .insertInto('contacts')
      .values(ada)
      .onConflict((conflict) => conflict.columns(['tenant_id', 'id']).doUpdateSet({ email: null }))
      .execute();
    expect((await raw())[0]).toMatchObject({ email: null, email_index: null });
    await db
      .insertInto('contacts')
      .values(ada)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    expect((await raw())[0]).toMatchObject({ email: null });
  });
});

describe('a search', () => {
  beforeEach(async () => {
    await db
      .insertInto('contacts')
      .values([ada, bob, { ...ada, tenant_id: 'globex' }])
      .execute();
  });

  test('finds by = and in, as the field is normalized, under previous keys too', async () => {
    await vault.keys.rotate('acme', { activeAfterMs: 0 });
    await db
      .insertInto('contacts')
      .values({ ...ada, id: 3 })
      .execute();
    const acme = db.selectFrom('contacts').where('tenant_id', '=', 'acme').select('id').orderBy('id');
    await expect(acme.where('email', '=', ' ADA@example.com').execute()).resolves.toEqual([
      { id: 1 },
      { id: 3 },
    ]);
    await expect(acme.where('email', 'in', ['bob@example.com', 'nobody']).execute()).resolves.toEqual([
      { id: 2 },
    ]);
    await expect(
      acme.where((eb) => eb.or([eb('email', '=', 'bob@example.com'), eb('name', '=', 'nobody')])).execute(),
    ).resolves.toEqual([{ id: 2 }]);
    const listed = acme.where((eb) => eb('email', 'in', [eb.val('bob@example.com'), eb.val('nobody')]));
    await expect(listed.execute()).resolves.toEqual([{ id: 2 }]);
    await expect(acme.where('email', 'is', null).execute()).resolves.toEqual([]);
    await expect(acme.where('email', 'is not', null).where('id', '<', 3).execute()).resolves.toHaveLength(2);
  });

  test('works in subqueries, joins and with other names', async () => {
    await db.insertInto('notes').values({ id: 9, contact_id: 2, text: 'hello' }).execute();
    await expect(
      db
        .selectFrom('notes')
        .selectAll()
        .where('contact_id', 'in', (eb) =>
          eb
            .selectFrom('contacts')
            .select('id')
            .where('tenant_id', '=', 'acme')
            .where('email', '=', 'bob@example.com'),
        )
        .execute(),
    ).resolves.toEqual([{ id: 9, contact_id: 2, text: 'hello' }]);
    const joined = db
      .selectFrom('contacts as c')
      .leftJoin('notes as n', 'n.contact_id', 'c.id')
      .where('c.tenant_id', '=', 'acme')
      .select(['c.tenant_id as tenant', 'c.id', 'c.email as mail', 'n.text', 'n.id as note'])
      .orderBy('c.id');
    await expect(joined.execute()).resolves.toEqual([
      { tenant: 'acme', id: 1, mail: 'ada@example.com', text: null, note: null },
      { tenant: 'acme', id: 2, mail: 'bob@example.com', text: 'hello', note: 9 },
    ]);
    const all = db
      .selectFrom('notes')
      .leftJoin('contacts', 'contacts.id', 'notes.contact_id')
      .selectAll('contacts')
      .select('text')
      .where('contacts.email', '=', 'bob@example.com')
      .where('contacts.tenant_id', '=', 'acme');
    await expect(all.execute()).resolves.toMatchObject([{ ...bob, text: 'hello' }]);
  });

  test('may stand in a condition of another statement', async () => {
    await db
      .insertInto('notes')
      .values([
        { id: 1, contact_id: 1, text: '' },
        { id: 2, contact_id: 2, text: '' },
      ])
      .execute();
    await db
      .mergeInto('notes')
      .using('contacts', (join) =>
        join.onRef('contacts.id', '=', 'notes.contact_id').on('contacts.tenant_id', '=', 'acme'),
      )
      .whenMatched()
      .thenUpdateSet({ text: 'merged' })
      .execute();
    const withNotes = db
      .selectFrom('contacts as c')
      .select('c.id')
      .where('c.tenant_id', '=', 'acme')
      .where('c.email', '=', 'bob@example.com')
      .where((eb) => eb.exists(eb.selectFrom('notes').selectAll().whereRef('notes.contact_id', '=', 'c.id')));
    await expect(withNotes.execute()).resolves.toEqual([{ id: 2 }]);
    const { rows } = await pool.query('SELECT text FROM notes');
    expect(rows).toEqual([{ text: 'merged' }, { text: 'merged' }]);
  });

  test('needs no tenant in a table that has no column for it, where the context has one', async () => {
    const lone = createVault({ keys: memoryKeyring(), tenantId: 'acme' }).table('contacts', {
      rowId: 'id',
      columns: { email: { index: 'email_index', search: {} } },
    });
    const single = new Kysely<Database>({
      dialect: encryptedDialect(new PostgresDialect({ pool }), [lone]),
    });
    await single
      .insertInto('contacts')
      .values({ ...ada, tenant_id: 'x' })
      .execute();
    await single
      .updateTable('contacts')
      .set({ email: 'new@example.com' })
      .where('id', '=', 1)
      .where('tenant_id', '=', 'x')
      .execute();
    const found = single
      .selectFrom('contacts')
      .select(['id', 'email'])
      .where('email', '=', 'new@example.com');
    await expect(found.execute()).resolves.toEqual([{ id: 1, email: 'new@example.com' }]);
  });

  test('is of the tenant of the context where the query names none', async () => {
    const query = db.selectFrom('contacts').select('id').where('email', '=', 'ada@example.com');
    await expect(query.execute()).rejects.toMatchObject({ code: 'UNITE_CRYPTO_TENANT_MISSING' });
  });
});

test('works in transactions, in streams and with the schema named', async () => {
  await expect(
    db.transaction().execute(async (transaction) => {
      await transaction.insertInto('contacts').values(ada).execute();
      throw new Error('rolled back');
    }),
  ).rejects.toThrow('rolled back');
  await expect(raw()).resolves.toEqual([]);
  await db
    .transaction()
    .execute((transaction) => transaction.insertInto('contacts').values([ada, bob]).execute());
  const emails: (string | null)[] = [];
  for await (const { email } of db.selectFrom('contacts').selectAll().orderBy('id').stream(1))
    emails.push(email);
  expect(emails).toEqual(['ada@example.com', 'bob@example.com']);
  await expect(
    db
      .withSchema('public')
      .selectFrom('contacts')
      .selectAll()
      .where('tenant_id', '=', 'acme')
      .where('email', '=', 'ada@example.com')
      .execute(),
  ).resolves.toMatchObject([ada]);
  await expect(db.selectFrom('contacts').selectAll().explain()).resolves.not.toHaveLength(0);
});

test('leaves what has nothing to do with it as it is', async () => {
  await db.insertInto('notes').values({ id: 1, contact_id: 1, text: 'email' }).execute();
  await expect(db.selectFrom('notes').selectAll().execute()).resolves.toHaveLength(1);
  await expect(sql`SELECT 1 AS one`.execute(db)).resolves.toMatchObject({ rows: [{ one: 1 }] });
  await db.schema.createTable('others').addColumn('email', 'text').execute();
  await db.schema.dropTable('others').execute();
  await db.insertInto('contacts').values(ada).execute();
  await expect(
    db
      .selectFrom('contacts')
      .select((eb) => eb.fn.countAll().as('count'))
      .execute(),
  ).resolves.toEqual([{ count: '1' }]);
  await expect(
    db
      .selectFrom('contacts')
      .select((eb) => eb.fn.countAll('contacts').as('count'))
      .execute(),
  ).resolves.toEqual([{ count: '1' }]);
  await expect(
    db
      .selectFrom(sql<{ one: number }>`(SELECT 1 AS one)`.as('t'))
      .innerJoin('contacts', 'contacts.id', 't.one')
      .select(['one', 'name'])
      .execute(),
  ).resolves.toEqual([{ one: 1, name: 'Ada' }]);
  await db.updateTable('contacts').set({ name: 'Ada L.' }).execute();
  await expect(db.introspection.getTables()).resolves.not.toHaveLength(0);
  await db
    .insertInto('contacts')
    .columns(['tenant_id', 'id', 'name'])
    .expression((eb) => eb.selectFrom('notes').select(['text', 'id', 'text']))
    .execute();
  await expect(raw()).resolves.toHaveLength(2);
});

test("lets SQL of one's own pass that only reads what is not encrypted", async () => {
  await db.insertInto('contacts').values(ada).execute();
  await expect(sql`select name from ${sql.table('contacts')};`.execute(db)).resolves.toMatchObject({
    rows: [{ name: 'Ada' }],
  });
  await expect(sql`insert into notes values (1, 1, ${'contacts.email'})`.execute(db)).resolves.toBeDefined();
  const counted = db
    .selectFrom(sql<{ n: string }>`(select count(*) as n from contacts)`.as('c'))
    .select('n')
    .where(sql<boolean>`n > ${0}`);
  await expect(counted.execute()).resolves.toEqual([{ n: '1' }]);
  const locked = db.selectFrom('contacts').select('id').modifyEnd(sql`for no key update of contacts`);
  await expect(locked.execute()).resolves.toEqual([{ id: 1 }]);
  const inner = db
    .selectFrom('contacts')
    .select('id')
    .where('tenant_id', '=', 'acme')
    .where('email', '=', ada.email);
  await expect(sql`select count(*) as n from (${inner}) as c`.execute(db)).resolves.toMatchObject({
    rows: [{ n: '1' }],
  });
});

describe('a key in another spelling than the database has it in', () => {
  interface Spelled {
    people: {
      id: string;
      number: string | number | bigint;
      name?: string | null;
      email: string | null;
      email_index: Generated<string | null>;
    };
  }
  const uuid = 'abcdef00-0000-4000-8000-00000000000a';
  const otherSpelling = {
    code: 'UNITE_CRYPTO_PLACE_INVALID',
    message: expect.stringMatching(/^people: id and number must be given as PostgreSQL gives it back/),
  };
  let people: Kysely<Spelled>;

  beforeEach(async () => {
    await pool.query(`
      DROP TABLE IF EXISTS people;
      CREATE TABLE people (id uuid, number bigint, name text, email text, email_index text UNIQUE, PRIMARY KEY (id, number))`);
    const table = createVault({ keys: memoryKeyring(), tenantId: 'acme' }).table('people', {
      rowId: ['id', 'number'],
      columns: { email: { index: 'email_index' } },
    });
    people = new Kysely<Spelled>({
      dialect: encryptedDialect(new PostgresDialect({ pool, cursor: Cursor }), [table]),
    });
  });

  const all = () => people.selectFrom('people').select(['id', 'number', 'email']).orderBy('number').execute();

  test('keeps what an UPDATE would have bound to it', async () => {
    await people.insertInto('people').values({ id: uuid, number: 7, email: 'ada@x' }).execute();
    const update = (id: string, number: string | number) =>
      people
        .updateTable('people')
        .set({ email: 'new@x' })
        .where('id', '=', id)
        .where('number', '=', number)
        .executeTakeFirst();
    for (const [id, number] of [
      [uuid.toUpperCase(), 7],
      [uuid, '07'],
      [uuid, ' 7'],
    ] as const) {
      await expect(update(id, number)).resolves.toMatchObject({ numUpdatedRows: 0n });
    }
    await expect(all()).resolves.toEqual([{ id: uuid, number: '7', email: 'ada@x' }]);
    await expect(update(uuid, 7)).resolves.toMatchObject({ numUpdatedRows: 1n });
    await expect(all()).resolves.toEqual([{ id: uuid, number: '7', email: 'new@x' }]);
  });

  test('is not inserted, also one of many, in a stream and on conflict', async () => {
    const rows = (id: string, number: string | number | bigint) => [
      { id: uuid, number: 1n, email: 'eve@x' },
      { id, number, email: 'ada@x' },
    ];
    const insert = (id: string, number: string | number) =>
      people.insertInto('people').values(rows(id, number));
    await expect(insert(uuid.toUpperCase(), 7).execute()).rejects.toMatchObject(otherSpelling);
    await expect(insert(uuid, '07').returningAll().execute()).rejects.toMatchObject(otherSpelling);
    await expect(insert(uuid, ' 7').returningAll().stream(1).next()).rejects.toMatchObject(otherSpelling);
    await expect(all()).resolves.toEqual([]);
    await insert(uuid, 7).execute();
    await expect(insert(uuid, 7).execute()).rejects.toMatchObject({ code: '23505' });
    const upsert = (number: string) =>
      people
        .insertInto('people')
        .values({ id: uuid, number, email: 'new@x' })
        .onConflict((on) =>
          on.columns(['id', 'number']).doUpdateSet((eb) => ({ email: eb.ref('excluded.email') })),
        )
        .execute();
    await expect(upsert('07')).rejects.toMatchObject(otherSpelling);
    await upsert('7');
    await expect(all()).resolves.toMatchObject([{ email: 'eve@x' }, { email: 'new@x' }]);
  });

  test('does not matter where nothing is bound to it, and changes nothing about what an INSERT tells', async () => {
    const insert = people.insertInto('people');
    const rows = [
      { id: uuid, number: '1', email: 'ada@x' },
      { id: uuid.toUpperCase(), number: '02', email: null },
    ];
    await expect(insert.values(rows).executeTakeFirst()).resolves.toMatchObject({
      numInsertedOrUpdatedRows: 2n,
    });
    await expect(
      insert.values({ id: uuid, number: 3, email: 'bob@x' }).returning(['id', 'number', 'email']).execute(),
    ).resolves.toEqual([{ id: uuid, number: '3', email: 'bob@x' }]);
    const [result] = await Promise.all([
      people.executeQuery(insert.values({ id: uuid, number: 4, email: null }).compile()),
    ]);
    expect(result.rows).toEqual([]);
    const bound = await people.executeQuery(insert.values({ id: uuid, number: 5, email: 'eve@x' }).compile());
    expect(bound.rows).toEqual([]);
    await expect(insert.values({ id: uuid, number: 6, email: 'x' }).explain()).resolves.not.toHaveLength(0);
  });

  test('is not inserted where another row may conflict, which has a key of its own', async () => {
    const upsert = (number: string, email: string) =>
      people
        .insertInto('people')
        .values([
          { id: uuid, number, email },
          { id: uuid, number: '9', email: null },
        ])
        .onConflict((on) => on.column('email_index').doUpdateSet({ name: 'there' }))
        .returning(['number', 'name'])
        .execute();
    await people.insertInto('people').values({ id: uuid, number: 1, email: 'ada@x' }).execute();
    await expect(upsert('07', 'bob@x')).rejects.toMatchObject(otherSpelling);
    await expect(upsert('07', 'ada@x')).resolves.toEqual([
      { number: '1', name: 'there' },
      { number: '9', name: null },
    ]);
    await expect(all()).resolves.toMatchObject([{ email: 'ada@x' }, { email: null }]);
  });
});

test('a search finds plaintext that is not swept yet, by its exact text, while the column may have it', async () => {
  const until = (day: string) =>
    new Kysely<Database>({
      dialect: encryptedDialect(new PostgresDialect({ pool }), [
        vault.table('contacts', {
          rowId: 'id',
          tenantId: 'tenant_id',
          columns: {
            email: {
              index: 'email_index',
              search: { normalizer: (text) => text.trim().toLowerCase() },
              plaintext: { until: day },
            },
          },
        }),
      ]),
    });
  vault = createVault({ keys: memoryKeyring() });
  const open = until('9999-01-01');
  await pool.query(
    "INSERT INTO contacts (tenant_id, id, email) VALUES ('acme', 1, 'Ada@x'), ('acme', 2, 'bob@x')",
  );
  await open
    .insertInto('contacts')
    .values({ ...ada, id: 3, email: 'ada@x' })
    .execute();
  const ids = async (from: Kysely<Database>, emails: string[]) => {
    const acme = from.selectFrom('contacts').select('id').where('tenant_id', '=', 'acme').orderBy('id');
    const rows = await acme.where('email', 'in', emails).where('id', '>', 0).execute();
    return rows.map(({ id }) => id);
  };
  await expect(ids(open, ['Ada@x'])).resolves.toEqual([1, 3]);
  await expect(ids(open, ['ada@x', 'bob@x'])).resolves.toEqual([2, 3]);
  vault = createVault({ keys: memoryKeyring() });
  await expect(ids(until('2020-01-01'), ['Ada@x', 'bob@x'])).resolves.toEqual([]);
});

describe('refused, and never sent, is', () => {
  const bound = 'its ciphertext is bound';
  const nothingElse = 'can be written, selected and compared by = and in, and nothing else';
  const within =
    'is selected within another query, where it cannot be decrypted; select it in the outermost one';
  const contacts = () => db.selectFrom('contacts');
  const cases: readonly [string, () => { execute(): Promise<unknown> }, string][] = [
    [
      'LIKE',
      () => contacts().select('id').where('email', 'like', 'a%'),
      'contacts.email is encrypted, and can be compared by = and in with values, and not by like',
    ],
    [
      '<',
      () => contacts().select('id').where('email', '<', 'a'),
      'contacts.email is encrypted, and can be compared by = and in with values, and not by <',
    ],
    [
      '!=',
      () => contacts().select('id').where('email', '!=', 'a'),
      'contacts.email is encrypted, and can be compared by = and in with values, and not by !=',
    ],
    [
      'another column as the value',
      () => contacts().select('id').whereRef('email', '=', 'name'),
      'contacts.email is encrypted, and can be compared by = and in with values, and not by =',
    ],
    [
      'a comparison from the right',
      () => contacts().select('id').whereRef('name', '=', 'email'),
      `contacts.email is encrypted, and ${nothingElse}`,
    ],
    [
      'a column without index',
      () =>
        contacts()
          .select('id')
          .where('profile', '=', 'x' as never),
      'contacts.profile is declared without "index", and cannot be searched',
    ],
    [
      'an index of few bits',
      () => contacts().select('id').where('code', '=', 'x'),
      'the index of contacts.code has 32 bits, which find rows of other values too; ask for table.find() and compare',
    ],
    [
      'ORDER BY',
      () => contacts().select('id').orderBy('email'),
      `contacts.email is encrypted, and ${nothingElse}`,
    ],
    [
      'ORDER BY another name',
      () => contacts().select(['tenant_id', 'id', 'email as mail']).orderBy('mail'),
      `mail is encrypted, and ${nothingElse}`,
    ],
    [
      'a function',
      () => contacts().select((eb) => eb.fn('lower', ['email']).as('low')),
      `contacts.email is encrypted, and ${nothingElse}`,
    ],
    [
      'a row as a whole',
      () => contacts().select((eb) => eb.fn('row_to_json', ['contacts' as never]).as('json')),
      `contacts is encrypted, and ${nothingElse}`,
    ],
    [
      'a row as a whole, by its table',
      () => contacts().select((eb) => eb.fn('to_json', [eb.table('contacts')]).as('json')),
      `contacts is encrypted, and ${nothingElse}`,
    ],
    [
      'values that are none',
      () =>
        contacts()
          .select('id')
          .where((eb) => eb('email', 'in', [eb.val('x'), eb.ref('name')] as never)),
      'contacts.email is encrypted, and can be compared by = and in with values, and not by in',
    ],
    [
      "an operator of one's own",
      () => contacts().select('id').where('email', sql`~~`, 'x'),
      'contacts.email is encrypted, and can be compared by = and in with values, and not by this operator',
    ],
    [
      'an UPDATE of the index',
      () => db.updateTable('contacts').set({ email_index: 'x' }),
      'contacts.email_index is filled in by itself; write contacts.email',
    ],
    [
      'a conflict of a constraint',
      () =>
        db
          .insertInto('contacts')
          .values(ada)
          .onConflict((on) =>
            on.constraint('contacts_pkey').doUpdateSet((eb) => ({ email: eb.ref('excluded.email') })),
          ),
      `ON CONFLICT must be on (tenant_id, id) to set contacts.email: ${bound} to the row`,
    ],
    [
      'all of several tables, one by one',
      () =>
        contacts()
          .innerJoin('notes', 'notes.contact_id', 'contacts.id')
          .selectAll('contacts')
          .selectAll('notes'),
      'columns of other tables may be called as those of contacts; name the columns rather than select all of several tables',
    ],
    [
      'GROUP BY',
      () => contacts().select('name').groupBy(['name', 'email']),
      `contacts.email is encrypted, and ${nothingElse}`,
    ],
    [
      'DISTINCT',
      () => contacts().selectAll().distinct(),
      'encrypted columns cannot be returned by DISTINCT or UNION: no two ciphertexts are the same',
    ],
    [
      'UNION',
      () =>
        contacts()
          .select(['tenant_id', 'id', 'email'])
          .union(db.selectFrom('contacts').select(['tenant_id', 'id', 'name as email'])),
      'encrypted columns cannot be returned by DISTINCT or UNION: no two ciphertexts are the same',
    ],
    [
      'a selection without the key',
      () => contacts().select(['id', 'email']),
      'to decrypt contacts.email, the query must return contacts.tenant_id too',
    ],
    [
      'a selection without anything to bind to',
      () => db.selectFrom('contacts as c').select('c.email'),
      'to decrypt c.email, the query must return c.tenant_id and c.id too',
    ],
    [
      'a name that is no plain one',
      () => contacts().select((eb) => eb.ref('email').as(sql`mail` as never)),
      'contacts.email needs a plain name in the result',
    ],
    [
      'all of several tables',
      () => contacts().innerJoin('notes', 'notes.contact_id', 'contacts.id').selectAll(),
      'columns of other tables may be called as those of contacts; name the columns rather than select all of several tables',
    ],
    [
      'two columns of one name',
      () =>
        contacts()
          .innerJoin('notes', 'notes.contact_id', 'contacts.id')
          .selectAll('contacts')
          .select('notes.id'),
      'two columns of the result are called "id"; rename the other one',
    ],
    [
      'a column twice',
      () => contacts().selectAll().select('email as mail'),
      'contacts: all columns, and one of them again under another name; take one of both',
    ],
    [
      'a subquery that selects it',
      () => db.selectFrom(contacts().select(['id', 'email']).as('c')).selectAll(),
      `contacts.email ${within}`,
    ],
    [
      'a subquery that selects all',
      () => db.selectFrom(contacts().selectAll().as('c')).selectAll(),
      `contacts.* ${within}`,
    ],
    [
      'a WITH that selects it',
      () =>
        db
          .with('c', (with_) => with_.selectFrom('contacts').selectAll())
          .selectFrom('c')
          .selectAll(),
      `contacts.* ${within}`,
    ],
    [
      'an INSERT without id',
      () => db.insertInto('contacts').values({ tenant_id: 'acme', email: 'x' } as never),
      'an INSERT of contacts.email needs id, to which its ciphertext is bound',
    ],
    [
      'an INSERT of an expression',
      () => db.insertInto('contacts').values({ ...ada, email: sql<string>`'x'` }),
      'contacts.email takes a value, and no expression',
    ],
    [
      'an INSERT of the index',
      () => db.insertInto('contacts').values({ ...ada, email_index: 'x' }),
      'contacts.email_index is filled in by itself; write contacts.email',
    ],
    [
      'an INSERT of a query',
      () =>
        db
          .insertInto('contacts')
          .columns(['id', 'email'])
          .expression((eb) => eb.selectFrom('notes').select(['id', 'text'])),
      'contacts: an INSERT into encrypted columns takes values, and no query',
    ],
    [
      'an INSERT of a query without columns',
      () => db.insertInto('contacts').expression((eb) => eb.selectFrom('notes').select(['text']) as never),
      'contacts: an INSERT into encrypted columns takes values, and no query',
    ],
    ['REPLACE', () => db.replaceInto('contacts').values(ada), "contacts: only PostgreSQL's INSERT is known"],
    [
      'MERGE',
      () =>
        db.mergeInto('contacts').using('notes', 'notes.contact_id', 'contacts.id').whenMatched().thenDelete(),
      'MERGE INTO contacts is not known; use INSERT … ON CONFLICT',
    ],
    [
      'a conflict of other columns',
      () =>
        db
          .insertInto('contacts')
          .values(ada)
          .onConflict((on) => on.column('name').doUpdateSet((eb) => ({ email: eb.ref('excluded.email') }))),
      `ON CONFLICT must be on (tenant_id, id) to set contacts.email: ${bound} to the row`,
    ],
    [
      'a conflict that sets another value',
      () =>
        db
          .insertInto('contacts')
          .values(ada)
          .onConflict((on) => on.columns(['tenant_id', 'id']).doUpdateSet({ email: 'x' })),
      'ON CONFLICT … DO UPDATE sets contacts.email to excluded.email or null, and nothing else',
    ],
    [
      'a conflict that copies it',
      () =>
        db
          .insertInto('contacts')
          .values(ada)
          .onConflict((on) =>
            on.columns(['tenant_id', 'id']).doUpdateSet((eb) => ({ name: eb.ref('excluded.email') })),
          ),
      `excluded.email is encrypted, and ${nothingElse}`,
    ],
    [
      'an UPDATE of no row',
      () => db.updateTable('contacts').set({ email: 'x' }).where('name', '=', 'Ada'),
      `an UPDATE of contacts.email must name its row, to which the ciphertext is bound: where tenant_id = … and id = …`,
    ],
    [
      'an UPDATE of several',
      () =>
        db
          .updateTable('contacts')
          .set({ email: 'x' })
          .where('tenant_id', '=', 'acme')
          .where('id', 'in', [1, 2]),
      `an UPDATE of contacts.email must name its row, to which the ciphertext is bound: where id = …`,
    ],
    [
      'an UPDATE of one or another',
      () =>
        db
          .updateTable('contacts')
          .set({ email: 'x' })
          .where('tenant_id', '=', 'acme')
          .where((eb) => eb.or([eb('id', '=', 1), eb('id', '=', 2)])),
      `an UPDATE of contacts.email must name its row, to which the ciphertext is bound: where id = …`,
    ],
    [
      'an UPDATE by an expression',
      () => db.updateTable('contacts').set((eb) => ({ email: eb.ref('name') })),
      'contacts.email takes a value, and no expression',
    ],
    [
      'an UPDATE that copies it',
      () => db.updateTable('contacts').set((eb) => ({ name: eb.ref('email') })),
      `contacts.email is encrypted, and ${nothingElse}`,
    ],
    [
      'an UPDATE of the key',
      () => db.updateTable('contacts').set({ id: 3 }),
      "contacts.id cannot be changed: the row's ciphertexts are bound to it; insert the row anew",
    ],
    [
      'a name of whom nobody knows',
      () =>
        contacts()
          .select('id')
          .where((eb) =>
            eb.exists(
              eb
                .selectFrom('notes')
                .select('notes.id')
                .where('email' as never, '=', 'x' as never),
            ),
          ),
      '"email" may be of several tables; say which one: contacts.email or notes.email',
    ],
    [
      'SQL within a query',
      () => contacts().select('id').where(sql<boolean>`lower(email) = 'x'`),
      `SQL of one's own names the encrypted column "email", which is not looked into; use a Kysely without encryptedDialect for it`,
    ],
    [
      'SQL by itself',
      () => ({ execute: () => sql`INSERT INTO contacts (email) VALUES ('x')`.execute(db) }),
      `SQL of one's own names the encrypted column "email", which is not looked into; use a Kysely without encryptedDialect for it`,
    ],
  ];

  const own = "SQL of one's own names";
  const named = `${own} the encrypted column "email", which is not looked into; use a Kysely without encryptedDialect for it`;
  const noSelect = `${own} contacts and is no plain SELECT, so that it may write what is not encrypted; use a Kysely without encryptedDialect for it`;
  test.each<[string, () => Promise<unknown>, string]>([
    [
      'a column by ref',
      () => sql`update contacts set ${sql.ref('email')} = ${'x'} where id = 1`.execute(db),
      named,
    ],
    [
      'a column by id',
      () => sql`update contacts set ${sql.id('email')} = ${'x'} where id = 1`.execute(db),
      named,
    ],
    ['a table', () => sql`update ${sql.table('contacts')} set email = ${'x'}`.execute(db), named],
    [
      'a table with its schema',
      () =>
        sql`insert into ${sql.table('public.contacts')} (tenant_id, id, email) values ('acme', 1, ${'x'})`.execute(
          db,
        ),
      named,
    ],
    [
      'columns in upper case',
      () => sql`insert into contacts (TENANT_ID, ID, EMAIL) values ('acme', 1, 'x')`.execute(db),
      named,
    ],
    [
      'a table in upper case',
      () => sql`INSERT INTO CONTACTS VALUES ('acme', 1, 'Ada', 'x')`.execute(db),
      noSelect,
    ],
    ['no columns', () => sql`insert into contacts values ('acme', 1, 'Ada', ${'x'})`.execute(db), noSelect],
    [
      'pieces',
      () => sql`insert into ${sql.raw('con')}tacts values ('acme', 1, 'Ada', ${'x'})`.execute(db),
      noSelect,
    ],
    [
      'a query that is compiled already',
      () =>
        db.executeQuery(
          CompiledQuery.raw('insert into contacts values ($1, $2, $3, $4)', ['acme', 1, 'Ada', 'x']),
        ),
      noSelect,
    ],
    [
      'a second statement',
      () => sql`select 1; insert into contacts values ('acme', 1, 'Ada', 'x')`.execute(db),
      noSelect,
    ],
    [
      'a WITH of its own',
      () =>
        sql`with c as (insert into contacts values ('acme', 1, 'Ada', 'x') returning 1) select * from c`.execute(
          db,
        ),
      noSelect,
    ],
    [
      'a WITH of a query',
      () =>
        db
          .with(
            'c',
            () =>
              sql<{ one: number }>`(insert into contacts values ('acme', 1, 'Ada', 'x') returning 1 as one)`,
          )
          .selectFrom('c')
          .selectAll()
          .execute(),
      noSelect,
    ],
    [
      'another table of a query',
      () => db.selectFrom('notes').select(sql`(select EMAIL from contacts limit 1)`.as('mail')).execute(),
      named,
    ],
    ['an order', () => contacts().select('id').orderBy(sql`EMAIL`).execute(), named],
    ['an order by id', () => contacts().select('id').orderBy(sql.id('email')).execute(), named],
    ['a condition', () => contacts().select('id').where(sql<boolean>`EMAIL = 'x'`).execute(), named],
    [
      'the table of an UPDATE',
      () => db.updateTable(sql<Contact>`contacts`.as('c')).set({ email: 'x' }).execute(),
      "contacts is named by SQL of one's own; name it by Kysely, so that it is known",
    ],
    [
      'the table of a SELECT',
      () =>
        db
          .selectFrom(sql<Contact>`only ${sql.table('contacts')}`.as('c'))
          .select('c.email')
          .execute(),
      "contacts is named by SQL of one's own; name it by Kysely, so that it is known",
    ],
  ])("SQL of one's own with %s", async (_, query, message) => {
    await expect(query()).rejects.toMatchObject(refused(message));
    await expect(raw()).resolves.toEqual([]);
  });

  test.each(cases)('%s', async (_, query, message) => {
    await expect(query().execute()).rejects.toMatchObject(refused(message));
    await expect(raw()).resolves.toEqual([]);
  });

  test('what is no dialect and no table', () => {
    expect(() => encryptedDialect(null as never, [])).toThrow('the dialect must be one of Kysely, got null');
    expect(() => encryptedDialect(new PostgresDialect({ pool }), [{}] as never)).toThrow(
      'encryptedDialect: tables must be a list of what vault.table() returns, got an array',
    );
  });
});
