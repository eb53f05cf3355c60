import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { manualClock } from '@unite/shared/testing';
import type pg from 'pg';
import { createVault, type EncryptedTable, type Vault } from '../../src';
import { keyStoreSql, memoryKeyring, memoryKeyStore, postgresKeyStore } from '../../src/keys';
import { createSweep, type SweepOptions, type SweepProgress, sweepSql } from '../../src/rotate';
import { startDatabase, type TestDatabase } from '../support/start-database';

let database: TestDatabase;
let pool: pg.Pool;
let vault: Vault;
let contacts: EncryptedTable;

beforeAll(async () => {
  database = await startDatabase();
  pool = database.pool();
  await pool.query(sweepSql());
});
afterAll(async () => database?.[Symbol.asyncDispose]());

beforeEach(async () => {
  await pool.query(`
    DROP TABLE IF EXISTS contacts;
    TRUNCATE unite_crypto_sweeps;
    CREATE TABLE contacts (
      tenant_id text NOT NULL, id int NOT NULL, email text, email_index text, photo bytea, note text,
      PRIMARY KEY (tenant_id, id)
    )`);
  vault = createVault({ keys: memoryKeyring() });
  contacts = declare(vault);
});

function declare(by: Vault, options: { plaintext?: { until: string } } = {}): EncryptedTable {
  return by.table('contacts', {
    rowId: 'id',
    tenantId: 'tenant_id',
    columns: { email: { index: 'email_index', ...options }, photo: { type: 'bytes' } },
  }) as unknown as EncryptedTable;
}

interface Contact {
  readonly tenant_id: string;
  readonly id: number;
  readonly email?: string | null;
  readonly email_index?: string | null;
  readonly photo?: Uint8Array | null;
}

async function insert(rows: readonly Contact[], table = contacts): Promise<void> {
  for (const row of rows) await store((await table.encrypt(row)) as Contact);
}

function store({ tenant_id, id, email, email_index, photo }: Contact) {
  return pool.query(
    'INSERT INTO contacts (tenant_id, id, email, email_index, photo) VALUES ($1, $2, $3, $4, $5)',
    [tenant_id, id, email, email_index, photo],
  );
}

async function stored(): Promise<Contact[]> {
  const { rows } = await pool.query(
    'SELECT tenant_id, id, email, email_index, photo FROM contacts ORDER BY tenant_id, id',
  );
  return rows;
}

const people = (tenant_id: string, count: number): Contact[] =>
  Array.from({ length: count }, (_, at) => ({
    tenant_id,
    id: at + 1,
    email: `${at + 1}@${tenant_id}.example`,
    photo: Buffer.from(`${tenant_id} ${at}`),
  }));

const sweep = (options: Partial<SweepOptions> = {}) =>
  createSweep({ pool, vault, table: contacts, batchRows: 7, ...options });

/** All values, in plaintext, and that each is under the primary key and found by its index. */
async function expectCurrent(rows: readonly Contact[]): Promise<void> {
  const now = await stored();
  for (const { tenant_id: tenantId, email, photo, email_index } of now) {
    if (!email) continue;
    await expect(contacts.field('email').isCurrent(email, { tenantId })).resolves.toBe(true);
    if (photo) await expect(contacts.field('photo').isCurrent(photo, { tenantId })).resolves.toBe(true);
    expect(email_index).not.toBeNull();
  }
  const plain = await contacts.decryptAll(now);
  expect(plain.map(({ email, photo }) => [email ?? null, photo ?? null])).toEqual(
    rows.map(({ email, photo }) => [email ?? null, photo ?? null]),
  );
  for (const [at, row] of rows.entries()) {
    if (!row.email) continue;
    const index = await contacts.field('email').index(row.email, { tenantId: row.tenant_id });
    expect(now[at]?.email_index).toBe(index);
  }
}

describe('a rotation', () => {
  test('brings every row of every tenant to its primary key, and finds nothing more to do', async () => {
    const rows = [
      ...people('acme', 20),
      ...people('globex', 15),
      { tenant_id: 'initech', id: 1, email: null },
    ];
    await insert(rows);
    await vault.keys.rotate('acme', { activeAfterMs: 0 });
    await vault.keys.rotate('globex', { activeAfterMs: 0 });
    const heard: SweepProgress[] = [];
    const report = await sweep().run({ onProgress: (progress) => heard.push(progress) });
    expect(report).toMatchObject({
      table: 'contacts',
      complete: true,
      stopped: false,
      resumed: false,
      tenants: 3,
      rounds: 2,
      rewritten: 35,
      skipped: 0,
      failed: 0,
      failedRows: [],
      scanned: 72,
    });
    await expectCurrent(rows);
    expect(heard.filter(({ tenantId, round }) => tenantId === 'acme' && round === 1)).toEqual([
      { table: 'contacts', tenantId: 'acme', round: 1, scanned: 7, rewritten: 7, skipped: 0, failed: 0 },
      { table: 'contacts', tenantId: 'acme', round: 1, scanned: 14, rewritten: 14, skipped: 0, failed: 0 },
      { table: 'contacts', tenantId: 'acme', round: 1, scanned: 20, rewritten: 20, skipped: 0, failed: 0 },
    ]);
    await expect(sweep().run()).resolves.toMatchObject({ complete: true, rewritten: 0, resumed: false });
  });

  test('leaves columns as they are that are current already', async () => {
    await insert(people('acme', 3));
    await vault.keys.rotate('acme', { activeAfterMs: 0 });
    const email = await contacts.field('email').encrypt('new@acme.example', { rowId: 2, tenantId: 'acme' });
    const index = await contacts.field('email').index('new@acme.example', { tenantId: 'acme' });
    await pool.query('UPDATE contacts SET email = $1, email_index = $2 WHERE id = 2', [email, index]);
    await expect(sweep().run()).resolves.toMatchObject({ complete: true, rewritten: 3 });
    expect((await stored())[1]).toMatchObject({ email, email_index: index });
  });

  test('takes those tenants that are named, and no others', async () => {
    await insert([...people('acme', 2), ...people('globex', 2)]);
    await vault.keys.rotate('acme', { activeAfterMs: 0 });
    await vault.keys.rotate('globex', { activeAfterMs: 0 });
    const report = await sweep({ tenants: ['globex'] }).run();
    expect(report).toMatchObject({ complete: true, tenants: 1, rewritten: 2 });
    const [first] = await stored();
    await expect(contacts.field('email').isCurrent(String(first?.email), { tenantId: 'acme' })).resolves.toBe(
      false,
    );
  });

  test('learns of a rotation that another process made', async () => {
    const keys = memoryKeyring();
    vault = createVault({ keys });
    contacts = declare(vault);
    await insert(people('acme', 3));
    await createVault({ keys }).keys.rotate('acme', { activeAfterMs: 0 });
    await expect(sweep().run()).resolves.toMatchObject({ complete: true, rewritten: 3 });
  });

  test('goes through a table whose primary key has several columns, and whose tenant is that of the call', async () => {
    await pool.query(`
      DROP TABLE IF EXISTS "odd ""names""";
      CREATE TABLE "odd ""names""" (
        place uuid, "no" bigint, "Secret" varchar(300), PRIMARY KEY (place, "no"))`);
    const odd = vault.table('odd "names"', {
      rowId: ['place', 'no'],
      columns: { Secret: { type: 'json' } },
    }) as unknown as EncryptedTable;
    const places = ['7b6d3c0e-0000-4000-8000-000000000001', '7b6d3c0e-0000-4000-8000-000000000002'];
    for (const place of places) {
      for (const no of [1, 2, '9007199254740993']) {
        const { Secret } = await odd.encrypt({ place, no, Secret: { no } }, { tenantId: 'acme' });
        await pool.query('INSERT INTO "odd ""names""" VALUES ($1, $2, $3)', [place, no, Secret]);
      }
    }
    await vault.keys.rotate('acme', { activeAfterMs: 0 });
    const report = await sweep({ table: odd, tenants: ['acme'], batchRows: 2 }).run();
    expect(report).toMatchObject({ complete: true, rewritten: 6 });
    const { rows } = await pool.query('SELECT * FROM "odd ""names""" ORDER BY place, no');
    const plain = await odd.decryptAll(rows as { Secret: unknown }[], { tenantId: 'acme' });
    expect(plain.map(({ Secret }) => Secret)).toEqual(
      places.flatMap(() => [{ no: 1 }, { no: 2 }, { no: '9007199254740993' }]),
    );
  });

  test('takes a key for another whose letters LIKE would read as any', async () => {
    // The prefix of a ciphertext has "_" in it for many keys; rows whose prefix differs only there are stale.
    let prefix = '';
    while (!prefix.includes('_')) {
      await vault.keys.rotate('acme', { activeAfterMs: 0 });
      prefix = String(await contacts.field('email').currentPrefix({ tenantId: 'acme' }));
    }
    await insert(people('acme', 1));
    await pool.query(`UPDATE contacts SET email = replace(left(email, 8), '_', 'x') || substr(email, 9)`);
    await expect(sweep().run()).resolves.toMatchObject({ complete: false, failed: 1 });
  });
});

describe('a migration', () => {
  test('encrypts plaintext where that is declared, and fills in indexes', async () => {
    contacts = declare(vault, { plaintext: { until: '2999-01-01' } });
    const rows = people('acme', 9).map(({ photo: _, ...row }) => row);
    for (const row of rows) await store(row);
    await expect(sweep().run()).resolves.toMatchObject({ complete: true, rewritten: 9 });
    contacts = declare(vault);
    await expectCurrent(rows);
  });

  test('lists plaintext that is not declared, and leaves it', async () => {
    await store({ tenant_id: 'acme', id: 1, email: 'plain@acme.example' });
    const report = await sweep().run();
    expect(report).toMatchObject({
      complete: false,
      failed: 1,
      failedRows: [{ tenantId: 'acme', rowId: ['1'], code: 'UNITE_CRYPTO_FORMAT_INVALID' }],
    });
    expect((await stored())[0]?.email).toBe('plain@acme.example');
  });

  test('fills in an index that is missing, and leaves the ciphertext', async () => {
    const rows = people('acme', 5);
    await insert(rows);
    const before = await stored();
    await pool.query('UPDATE contacts SET email_index = NULL');
    await expect(sweep().run()).resolves.toMatchObject({ complete: true, rewritten: 5 });
    expect(await stored()).toEqual(before);
  });
});

describe('rows for which there is no way', () => {
  test('are listed by their keys, and stop no others', async () => {
    const rows = people('acme', 30);
    await insert(rows);
    await pool.query(
      'UPDATE contacts SET email = (SELECT email FROM contacts WHERE id = 1) WHERE id IN (3, 19)',
    );
    await vault.keys.rotate('acme', { activeAfterMs: 0 });
    const report = await sweep().run();
    expect(report).toMatchObject({ complete: false, rewritten: 28, failed: 2, rounds: 2 });
    expect(report.failedRows).toEqual(
      ['3', '19'].map((id) => ({
        tenantId: 'acme',
        rowId: [id],
        code: 'UNITE_CRYPTO_AUTHENTICATION_FAILED',
      })),
    );
  });

  test('are listed to a hundred, and counted to the last', async () => {
    await pool.query(
      `INSERT INTO contacts (tenant_id, id, email) SELECT 'acme', id, 'plain' FROM generate_series(1, 150) AS id`,
    );
    const report = await sweep({ batchRows: 60 }).run();
    expect(report.failed).toBe(150);
    expect(report.failedRows).toHaveLength(100);
  });

  test('include those that the database refuses', async () => {
    await insert(people('acme', 16));
    await pool.query(`ALTER TABLE contacts ADD CHECK (id <> 11 OR email = '') NOT VALID`);
    await vault.keys.rotate('acme', { activeAfterMs: 0 });
    const report = await sweep({ batchRows: 16 }).run();
    expect(report).toMatchObject({
      complete: false,
      rewritten: 15,
      failed: 1,
      failedRows: [{ tenantId: 'acme', rowId: ['11'], code: '23514' }],
    });
  });

  test('include those of nobody', async () => {
    await insert(people('acme', 2));
    await pool.query(`
      ALTER TABLE contacts DROP CONSTRAINT contacts_pkey, ALTER tenant_id DROP NOT NULL;
      INSERT INTO contacts (tenant_id, id, email) VALUES (NULL, 8, 'plain'), ('', 9, 'plain'), (NULL, 10, NULL)`);
    await vault.keys.rotate('acme', { activeAfterMs: 0 });
    const code = 'UNITE_CRYPTO_TENANT_MISSING';
    await expect(sweep().run()).resolves.toMatchObject({
      complete: false,
      rewritten: 2,
      tenants: 1,
      failed: 2,
      failedRows: [
        { tenantId: '', rowId: ['8'], code },
        { tenantId: '', rowId: ['9'], code },
      ],
    });
    await expect(sweep({ tenants: ['acme'] }).run()).resolves.toMatchObject({ complete: true });
  });

  test('do not include those of a tenant that was shredded', async () => {
    await insert([...people('acme', 2), ...people('globex', 2)]);
    await vault.keys.rotate('acme', { activeAfterMs: 0 });
    await vault.keys.shred('globex');
    await expect(sweep().run()).resolves.toMatchObject({
      complete: true,
      rewritten: 2,
      tenants: 2,
      shredded: 1,
    });
  });
});

describe('beside writers', () => {
  test('never writes over what was written between its reading and its writing', async () => {
    await insert(people('acme', 10));
    await vault.keys.rotate('acme', { activeAfterMs: 0 });
    // A value is changed just when the sweep has decrypted it: the widest gap that there is.
    const field = contacts.field('email');
    const change = async (id: number) => {
      const email = await field.encrypt('changed@acme.example', { rowId: id, tenantId: 'acme' });
      const index = await field.index('changed@acme.example', { tenantId: 'acme' });
      await pool.query('UPDATE contacts SET email = $1, email_index = $2 WHERE id = $3', [email, index, id]);
    };
    let changed = false;
    const table = new Proxy(contacts, {
      get: (target, name) =>
        name === 'field'
          ? (column: string) =>
              new Proxy(target.field(column), {
                get: (real, method) => {
                  const member: unknown = Reflect.get(real, method);
                  if (typeof member !== 'function') return member;
                  return async (...given: unknown[]) => {
                    if (method === 'decrypt' && !changed) {
                      changed = true;
                      await change(4);
                    }
                    return member.apply(real, given);
                  };
                },
              })
          : Reflect.get(target, name, target),
    });
    const report = await sweep({ table }).run();
    expect(report).toMatchObject({ complete: true, skipped: 1 });
    const plain = await contacts.decryptAll(await stored());
    expect(plain[3]?.email).toBe('changed@acme.example');
  });

  test('waits for no lock, and comes back for what was locked', async () => {
    await insert(people('acme', 5));
    await vault.keys.rotate('acme', { activeAfterMs: 0 });
    const holder = await pool.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT 1 FROM contacts WHERE id = 2 FOR UPDATE');
    let freed: Promise<unknown> | undefined;
    const report = await sweep({ timeoutMs: 20_000 }).run({
      onProgress({ round, skipped }) {
        if (round === 2 && skipped > 0) freed ??= holder.query('COMMIT');
      },
    });
    await freed;
    holder.release();
    expect(report).toMatchObject({ complete: true, rewritten: 5 });
    expect(report.skipped).toBeGreaterThanOrEqual(2);
    expect(report.rounds).toBeGreaterThanOrEqual(3);
  });
});

describe('a run that ends early', () => {
  test('goes on where it was, to the row', async () => {
    const rows = [...people('acme', 20), ...people('globex', 20)];
    await insert(rows);
    await vault.keys.rotate('acme', { activeAfterMs: 0 });
    await vault.keys.rotate('globex', { activeAfterMs: 0 });
    let batches = 0;
    const failure = sweep().run({
      onProgress() {
        batches += 1;
        if (batches === 4) throw new Error('killed here');
      },
    });
    await expect(failure).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_SWEEP_FAILED',
      message: 'The sweep ended early, and the next goes on from there: killed here',
    });
    const scanned: number[] = [];
    const report = await sweep().run({
      onProgress: ({ round, scanned: now }) => round === 1 && scanned.push(now),
    });
    expect(scanned).toEqual([14, 20]);
    expect(report).toMatchObject({ complete: true, resumed: true, rewritten: 40, tenants: 2 });
    await expectCurrent(rows);
  });

  test('begins anew where the tenant was rotated again', async () => {
    const rows = people('acme', 20);
    await insert(rows);
    await vault.keys.rotate('acme', { activeAfterMs: 0 });
    const stop = new AbortController();
    await sweep().run({ signal: stop.signal, onProgress: () => stop.abort() });
    await vault.keys.rotate('acme', { activeAfterMs: 0 });
    await expect(sweep().run()).resolves.toMatchObject({ complete: true, resumed: false, rewritten: 20 });
    await expectCurrent(rows);
  });

  test('by its signal ends after the batch, and says so', async () => {
    await insert(people('acme', 20));
    await vault.keys.rotate('acme', { activeAfterMs: 0 });
    const stop = new AbortController();
    const report = await sweep().run({ signal: stop.signal, onProgress: () => stop.abort() });
    expect(report).toMatchObject({ complete: false, stopped: true, rewritten: 7, rounds: 1 });
    const [aborted] = [AbortSignal.abort()];
    await expect(sweep().run({ signal: aborted })).resolves.toMatchObject({ stopped: true, tenants: 0 });
    await expect(sweep().run()).resolves.toMatchObject({ complete: true, resumed: true, rewritten: 20 });
  });

  test('by its connection is told, and the lock is free again', async () => {
    await insert(people('acme', 20));
    await vault.keys.rotate('acme', { activeAfterMs: 0 });
    const clock = manualClock();
    let failure: Promise<unknown> | undefined;
    await new Promise<void>((resolve) => {
      failure = sweep({ rowsPerSecond: 1, clock }).run({ onProgress: () => resolve() });
    });
    const outcome = expect(failure).rejects.toMatchObject({ code: 'UNITE_CRYPTO_SWEEP_FAILED' });
    await pool.query(
      `SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()`,
    );
    await clock.advance(1_000);
    await outcome;
    await expect(sweep().run()).resolves.toMatchObject({ complete: true, resumed: true, rewritten: 20 });
  });

  test('by its signal waits no longer for its turn', async () => {
    await insert(people('acme', 3));
    await vault.keys.rotate('acme', { activeAfterMs: 0 });
    const stop = new AbortController();
    const report = await sweep({ rowsPerSecond: 1, clock: manualClock() }).run({
      signal: stop.signal,
      onProgress: () => setImmediate(() => stop.abort()),
    });
    expect(report).toMatchObject({ stopped: true, rewritten: 1 });
  });

  test('by its clock is told', async () => {
    await insert(people('acme', 3));
    await vault.keys.rotate('acme', { activeAfterMs: 0 });
    const clock = { ...manualClock(), sleep: () => Promise.reject(new Error('no time')) };
    await expect(sweep({ rowsPerSecond: 1, clock }).run()).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_SWEEP_FAILED',
      cause: new Error('no time'),
    });
  });

  test('where keys cannot be asked for says so', async () => {
    await insert(people('acme', 3));
    const { store, keys } = { store: memoryKeyStore(), keys: memoryKeyring() };
    const down = createVault({ keys, store: { ...store, read: () => Promise.reject(new Error('down')) } });
    await expect(sweep({ vault: down, table: declare(down) }).run()).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_KEYS_UNAVAILABLE',
    });
  });

  test('where its pool has no connection for the key store says that it holds one', async () => {
    const own = database.pool({ max: 1 });
    await own.query(keyStoreSql());
    const keys = memoryKeyring();
    vault = createVault({ keys, store: postgresKeyStore(own) });
    await insert(people('acme', 3), declare(vault));
    const starved = createVault({ keys, store: postgresKeyStore(own, { timeoutMs: 200 }) });
    const table = declare(starved);
    await expect(sweep({ pool: own, vault: starved, table }).run()).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_KEYS_UNAVAILABLE',
      message: expect.stringMatching(/The sweep holds one connection of its pool: .* needs another$/),
      cause: { code: 'UNITE_CRYPTO_KEYS_UNAVAILABLE' },
    });
  });

  test('where somebody who may not decrypt runs it says so', async () => {
    const keys = memoryKeyring();
    vault = createVault({ keys });
    contacts = declare(vault);
    await insert(people('acme', 3));
    await vault.keys.rotate('acme', { activeAfterMs: 0 });
    const refusing = createVault({ keys, mayDecrypt: () => false });
    await expect(sweep({ vault: refusing, table: declare(refusing) }).run()).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_DECRYPT_DENIED',
    });
  });
});

test('of two at once the second is told', async () => {
  await insert(people('acme', 10));
  await vault.keys.rotate('acme', { activeAfterMs: 0 });
  const stop = new AbortController();
  let first: Promise<unknown> | undefined;
  // It has written a row, and waits for the time of the next.
  await new Promise<void>((resolve) => {
    first = sweep({ rowsPerSecond: 1, clock: manualClock() }).run({
      signal: stop.signal,
      onProgress: () => resolve(),
    });
  });
  await expect(sweep().run()).rejects.toMatchObject({
    code: 'UNITE_CRYPTO_SWEEP_RUNNING',
    message: 'Another sweep of contacts is under way',
  });
  stop.abort();
  await expect(first).resolves.toMatchObject({ stopped: true, rewritten: 1 });
  await expect(sweep().run()).resolves.toMatchObject({ complete: true, rewritten: 10 });
});

describe('a server', () => {
  const show = 'SHOW client_connection_check_interval';

  test('looks whether the sweep is still there, and at what the pool had after it', async () => {
    await insert(people('acme', 3));
    await vault.keys.rotate('acme', { activeAfterMs: 0 });
    const own = database.pool({ max: 1, options: '-c client_connection_check_interval=5s' });
    const connection = await own.connect();
    connection.release();
    let meanwhile: Promise<{ rows: unknown[] }> | undefined;
    await sweep({ pool: own }).run({
      onProgress() {
        meanwhile ??= connection.query(show);
      },
    });
    expect((await meanwhile)?.rows).toEqual([{ client_connection_check_interval: '1s' }]);
    expect((await own.query(show)).rows).toEqual([{ client_connection_check_interval: '5s' }]);
  });

  test.each([
    ['has no such setting', async () => ({ rows: [] })],
    [
      'refuses it',
      () => Promise.reject(Object.assign(new Error('must be 0'), { severity: 'ERROR', code: '22023' })),
    ],
  ])('that %s is swept without', async (_, answer) => {
    await insert(people('acme', 3));
    await vault.keys.rotate('acme', { activeAfterMs: 0 });
    await expect(sweep({ pool: answering(answer) }).run()).resolves.toMatchObject({ rewritten: 3 });
  });

  test('that breaks there ends the run', async () => {
    const broken = answering(() => Promise.reject(new Error('Connection terminated')));
    await expect(sweep({ pool: broken }).run()).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_SWEEP_FAILED',
      message: expect.stringContaining('Connection terminated'),
    });
  });

  /** The pool, where this is what comes of the setting. */
  function answering(answer: () => Promise<{ rows: unknown[] }>): SweepOptions['pool'] {
    return {
      async connect() {
        const client = await pool.connect();
        return {
          query: (text, values) =>
            text.includes('pg_settings') ? answer() : client.query(text, values as unknown[]),
          on: (event, listener) => client.on(event, listener),
          off: (event, listener) => client.off(event, listener),
          release: (error) => client.release(error),
        };
      },
    };
  }
});

test('writes no more rows in a second than it may', async () => {
  await insert(people('acme', 12));
  await vault.keys.rotate('acme', { activeAfterMs: 0 });
  const clock = manualClock();
  const startMs = clock.monotonicMs();
  const stop = setInterval(() => void clock.advance(100), 1);
  const report = await sweep({ rowsPerSecond: 4, clock }).run();
  clearInterval(stop);
  expect(report).toMatchObject({ complete: true, rewritten: 12 });
  // Three batches of four, each of them followed by its second.
  expect(clock.monotonicMs() - startMs).toBeGreaterThanOrEqual(3_000);
});

describe('what it cannot work with', () => {
  test('is named: the table of progress', async () => {
    await expect(sweep({ progressTable: 'nowhere' }).run()).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_SWEEP_FAILED',
      message: 'The sweep cannot run: there is no table nowhere; make it by the SQL of sweepSql()',
    });
  });

  test.each([
    ['there is no table contacts', 'DROP TABLE contacts'],
    ['the table contacts has no column email_index', 'ALTER TABLE contacts DROP email_index'],
    [
      'the column contacts.email is jsonb, and not text',
      'ALTER TABLE contacts ALTER email TYPE jsonb USING null',
    ],
    ['the column contacts.photo is text, and not bytea', 'ALTER TABLE contacts ALTER photo TYPE text'],
    [
      'the column contacts.email is bytea, and not text',
      'ALTER TABLE contacts ALTER email TYPE bytea USING null',
    ],
  ])('is named: %s', async (what, change) => {
    await pool.query(change);
    await expect(sweep().run()).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_SWEEP_FAILED',
      message: `The sweep cannot run: ${what}`,
    });
  });

  test('is named: options', () => {
    const given = { pool, vault, table: contacts };
    const make = (options: object) => () => createSweep({ ...given, ...options } as SweepOptions);
    expect(make({ pool: 'postgres://user:password@host' })).toThrow(
      'createSweep: option "pool" must be a pool of pg, got text',
    );
    expect(make({ batchRows: 0 })).toThrow('option "batchRows" must be a whole number from 1, got 0');
    expect(make({ tenants: [] })).toThrow('option "tenants" must be a list of tenants, got an array');
    expect(make({ vault: {} })).toThrow('option "vault" must be a vault, got an object');
    expect(make({ table: null })).toThrow('option "table" must be what vault.table() returns, got null');
    expect(() => sweepSql({ progressTable: 'a.b.c' })).toThrow('must be the name of a table, got "a.b.c"');
    const lone = vault.table('lone', { rowId: 'id', columns: { name: {} } });
    expect(make({ table: lone })).toThrow(
      'createSweep: option "tenants" must be the one tenant of lone, which has no column for it, got undefined',
    );
  });
});
