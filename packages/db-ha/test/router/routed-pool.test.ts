import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { integer, pgTable, text } from 'drizzle-orm/pg-core';
import { Kysely, PostgresDialect } from 'kysely';
import * as parser from 'libpg-query';
import pg from 'pg';
import { createRouter, type RoutableCluster, type RouteMessage, type Router } from '../../src/router';
import { startTwoPools, type TwoPools } from './two-pools';

const schema = `
  CREATE TABLE notes (id int PRIMARY KEY, body text);
  CREATE UNLOGGED TABLE scratch (id int);
  CREATE SEQUENCE counter;
  CREATE VIEW counting AS SELECT nextval('counter') AS n;
  CREATE VIEW log_position AS SELECT pg_current_wal_lsn() AS lsn;
  CREATE FUNCTION fail() RETURNS int LANGUAGE sql STABLE AS 'SELECT 1 / 0';
`;
/** `true` on a replica; the router is told that it only reads. */
const where = 'SELECT pg_is_in_recovery() AS replica';

let pools: TwoPools;
let router: Router;
let pool: pg.Pool;
beforeAll(async () => {
  pools = await startTwoPools(schema);
});
afterAll(async () => {
  await pools?.[Symbol.asyncDispose]();
});
beforeEach(async () => {
  router = await createRouter({ parser, safeFunctions: ['pg_is_in_recovery', 'fail'] });
  pool = router.route(pools.cluster);
  pools.reads.length = 0;
  await pools.primary.query('TRUNCATE notes');
});

/** No connection is borrowed. */
function expectAllReturned(): void {
  expect(pools.primary.totalCount - pools.primary.idleCount).toBe(0);
  expect(pools.replica.totalCount - pools.replica.idleCount).toBe(0);
}

describe('query', () => {
  it('reads from a replica and writes to the primary, however it is called', async () => {
    expect((await pool.query(where)).rows).toEqual([{ replica: true }]);
    expect((await pool.query(`${where}, $1::int AS n`, [1])).rows).toEqual([{ replica: true, n: 1 }]);
    expect((await pool.query({ text: where, rowMode: 'array', name: 'where' })).rows).toEqual([[true]]);
    expect((await pool.query({ text: `${where}, $1::int AS n` }, [2])).rows).toEqual([
      { replica: true, n: 2 },
    ]);
    const write = await pool.query(
      'INSERT INTO notes VALUES (1) RETURNING id, pg_is_in_recovery() AS replica',
    );
    expect(write.rows).toEqual([{ id: 1, replica: false }]);
    expect((await pool.query('SELECT * FROM notes')).rowCount).toBe(1);
    expectAllReturned();
  });

  it('answers through a callback where it is given one', async () => {
    const answers = await Promise.all([
      new Promise((resolve) =>
        expect(pool.query(where, (_, result) => resolve(result.rows))).toBeUndefined(),
      ),
      new Promise((resolve) => pool.query(`${where} WHERE $1`, [true], (_, result) => resolve(result.rows))),
      new Promise((resolve) => pool.query({ text: where }, (_, result) => resolve(result.rows))),
      new Promise((resolve) =>
        pool.query('SELECT fail()', (error) => resolve((error as pg.DatabaseError).code)),
      ),
      new Promise((resolve) => pool.query('SELEC 1', (error) => resolve((error as pg.DatabaseError).code))),
    ]);
    const read = [{ replica: true }];
    expect(answers).toEqual([read, read, read, '22012', '42601']);
  });

  it('hands to the primary what is not text', async () => {
    const submitted = new pg.Query(where);
    const row = once(submitted, 'row');
    pool.query(submitted);
    expect(await row).toEqual([{ replica: false }, expect.anything()]);
    const config = { text: where, callback: () => undefined };
    expect((await pool.query(config)).rows).toEqual([{ replica: false }]);
  });

  it('passes on what reads put up with', async () => {
    await router.route(pools.cluster, { consistency: 'eventual' }).query(where);
    await pool.query(where);
    expect(pools.reads).toEqual([{ consistency: 'eventual' }, undefined]);
  });

  it('leaves errors that any server would give alone', async () => {
    const onPrimary = jest.spyOn(pools.primary, 'query');
    await expect(pool.query('SELECT fail()')).rejects.toMatchObject({ code: '22012' });
    expect(onPrimary).not.toHaveBeenCalled();
    expect(router.classify('SELECT fail()')).toEqual({ target: 'replica' });
    onPrimary.mockRestore();
  });

  it.each([
    'SELECT n > 0 AS ok FROM counting',
    'SELECT lsn IS NOT NULL AS ok FROM log_position',
    'SELECT count(*) = 0 AS ok FROM scratch',
  ])('sends what a replica refuses to the primary, and the next time at once: %s', async (text) => {
    expect((await pool.query(text)).rows).toEqual([{ ok: true }]);
    expect(pools.reads).toHaveLength(1);
    expect(router.classify(text)).toEqual({ target: 'primary', reason: 'refused by a replica' });
    expect((await pool.query(text)).rows).toEqual([{ ok: true }]);
    expect(pools.reads).toHaveLength(1);
  });

  it('says on its channel where statements went, and not what they were', async () => {
    const messages: unknown[] = [];
    const listener = (message: unknown) => messages.push(message);
    subscribe('unite:db-ha:route', listener);
    try {
      await pool.query(where);
      await pool.query('SELECT 1 FOR UPDATE');
      await pool.query(new pg.Query('SELECT 1'));
      const client = await pool.connect();
      await client.query(where);
      await client.query('BEGIN');
      await client.query(where);
      await client.query('COMMIT');
      client.release();
    } finally {
      unsubscribe('unite:db-ha:route', listener);
    }
    expect(messages).toEqual([
      { target: 'replica', reason: undefined },
      { target: 'primary', reason: 'locking clause' },
      { target: 'primary', reason: 'no text' },
      { target: 'replica', reason: undefined },
      { target: 'primary', reason: 'not a read' },
    ] satisfies RouteMessage[]);
  });
});

describe('connect', () => {
  it('takes no connection before a statement needs one', async () => {
    const connect = jest.spyOn(pools.primary, 'connect');
    const client = await pool.connect();
    expect(client.getTransactionStatus()).toBe('I');
    client.release();
    const reader = await pool.connect();
    expect((await reader.query(where)).rows).toEqual([{ replica: true }]);
    reader.release();
    expect(connect).not.toHaveBeenCalled();
    expect(() => reader.release()).toThrow('already been released');
    expectAllReturned();
    connect.mockRestore();
  });

  it('stays on the primary from the first statement that is no read until it is released', async () => {
    const client = await pool.connect();
    expect((await client.query(where)).rows).toEqual([{ replica: true }]);
    await client.query('BEGIN');
    expect(client.getTransactionStatus()).toBe('T');
    await client.query('INSERT INTO notes VALUES (1)');
    expect((await client.query('SELECT * FROM notes')).rowCount).toBe(1);
    expect((await pool.query('SELECT * FROM notes')).rowCount).toBe(0);
    await client.query('COMMIT');
    expect((await client.query(where)).rows).toEqual([{ replica: false }]);
    client.release();
    expectAllReturned();
  });

  it.each([
    'SET application_name = x',
    'SELECT pg_advisory_xact_lock(1)',
    'BEGIN READ ONLY',
    'CREATE TEMP TABLE t (id int)',
  ])('stays there after %s too', async (statement) => {
    const client = await pool.connect();
    await client.query(statement);
    expect((await client.query(where)).rows).toEqual([{ replica: false }]);
    client.release(true);
  });

  it('keeps the order of statements that nobody waited for', async () => {
    const client = await pool.connect();
    const count = 'SELECT count(*)::int AS n, pg_is_in_recovery() AS replica FROM notes';
    const results = await Promise.all([
      client.query(count),
      client.query('INSERT INTO notes VALUES (1)'),
      client.query(count),
      client.query('INSERT INTO notes VALUES (2)'),
      client.query(count),
    ]);
    expect(results.map((result) => result.rows[0])).toEqual([
      { n: 0, replica: true },
      undefined,
      { n: 1, replica: false },
      undefined,
      { n: 2, replica: false },
    ]);
    client.release();
  });

  it('goes on after a failed statement', async () => {
    const client = await pool.connect();
    await expect(client.query('SELECT fail()')).rejects.toMatchObject({ code: '22012' });
    expect((await client.query(where)).rows).toEqual([{ replica: true }]);
    await expect(client.query('INSERT INTO nowhere VALUES (1)')).rejects.toMatchObject({ code: '42P01' });
    expect((await client.query(where)).rows).toEqual([{ replica: false }]);
    client.release();
  });

  it('takes a statement that a replica refused to the primary, on the same client', async () => {
    const client = await pool.connect();
    expect((await client.query('SELECT n > 0 AS ok FROM counting')).rows).toEqual([{ ok: true }]);
    expect((await client.query(where)).rows).toEqual([{ replica: false }]);
    client.release();
    expectAllReturned();
  });

  it('gives the connection back after what still runs, and takes no more', async () => {
    const client = await pool.connect();
    const late = client.query('INSERT INTO notes VALUES (1)');
    client.release();
    expect((await late).rowCount).toBe(1);
    await new Promise(process.nextTick);
    expectAllReturned();
    await expect(client.query(where)).rejects.toThrow('Client was released');
    const failure = await new Promise((resolve) => client.query(where, (error) => resolve(error)));
    expect(failure).toMatchObject({ message: expect.stringContaining('Client was released') });
  });

  it('closes the connection when it is released with an error', async () => {
    const client = await pool.connect();
    await client.query('BEGIN');
    const before = pools.primary.totalCount;
    client.release(new Error('suspicious'));
    expect(pools.primary.totalCount).toBe(before - 1);
  });

  it('answers callbacks, its own and its client’s', async () => {
    const rows = await new Promise((resolve, reject) => {
      pool.connect((error, client, release) => {
        if (error || !client) return reject(error);
        client.query(where, (_, result) => {
          release();
          resolve(result.rows);
        });
      });
    });
    expect(rows).toEqual([{ replica: true }]);
    expectAllReturned();
  });

  it('gives a cursor back at once, and submits it to the primary in its turn', async () => {
    const client = await pool.connect();
    const insert = client.query('INSERT INTO notes VALUES (1)');
    const submitted = new pg.Query('SELECT id, pg_is_in_recovery() AS replica FROM notes');
    expect(client.query(submitted)).toBe(submitted);
    const [[row]] = await Promise.all([once(submitted, 'row'), once(submitted, 'end'), insert]);
    expect(row).toEqual({ id: 1, replica: false });
    const rows = await new Promise((resolve) => {
      const config = { text: where, callback: (_: unknown, result: pg.QueryResult) => resolve(result.rows) };
      void client.query(config);
    });
    expect(rows).toEqual([{ replica: false }]);
    client.release();
  });

  it('lets each statement fail in its own way when there is no connection', async () => {
    const failing = { ...pick(pools.cluster), connect: () => Promise.reject(new Error('down')) };
    const client = await router.route<pg.Pool>(failing).connect();
    await expect(client.query('BEGIN')).rejects.toThrow('down');
    const submitted = new pg.Query(where);
    const failed = once(submitted, 'error').catch((error: unknown) => error);
    client.query(submitted);
    expect(await failed).toMatchObject([{ message: 'down' }]);
    const called = await new Promise((resolve) => {
      const config = { text: where, callback: resolve };
      expect(client.query(config)).toBeUndefined();
    });
    expect(called).toMatchObject({ message: 'down' });
    await expect(client.query(null as never)).rejects.toThrow('down');
    client.release();
  });

  it('escapes as the driver does', async () => {
    const client = await pool.connect();
    for (const item of ['plain', `it's "quoted"`, 'back\\slash', '']) {
      expect(client.escapeIdentifier(item)).toBe(pg.escapeIdentifier(item));
      expect(client.escapeLiteral(item)).toBe(pg.escapeLiteral(item));
    }
    client.release();
  });

  function pick(cluster: RoutableCluster<pg.Pool>): RoutableCluster<pg.Pool> {
    const { readOnly, end, on, totalCount, idleCount, waitingCount, connect } = cluster;
    return { readOnly, end, on, totalCount, idleCount, waitingCount, connect };
  }
});

describe('events', () => {
  it('reach listeners that were there before the connection, and leave nothing on it', async () => {
    const client = await pool.connect();
    const notices: unknown[] = [];
    const forgotten = jest.fn();
    client.on('notice', (notice) => notices.push(notice.message));
    client.on('notice', forgotten).removeListener('notice', forgotten);
    const notified = once(client, 'notification');
    await client.query("DO $$ BEGIN RAISE NOTICE 'hello'; END $$");
    await client.query('LISTEN news');
    await client.query("NOTIFY news, 'extra'");
    expect((await notified)[0]).toMatchObject({ channel: 'news', payload: 'extra' });
    await client.query('UNLISTEN news');
    client.release();
    expect(notices).toEqual(['hello']);
    expect(forgotten).not.toHaveBeenCalled();

    const bare = await pools.primary.connect();
    expect(['notice', 'notification', 'error'].map((event) => bare.listenerCount(event))).toEqual([0, 0, 0]);
    bare.release();
  });

  it('of a broken connection reach whoever listens, and end no process where nobody does', async () => {
    const listening = await pool.connect();
    const deaf = await pool.connect();
    const heard = once(listening, 'error').catch((error: unknown) => [error]);
    for (const client of [listening, deaf]) {
      const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
      await pools.primary.query('SELECT pg_terminate_backend($1, 5000)', [rows[0].pid]);
      await expect(client.query('INSERT INTO notes VALUES (1)')).rejects.toThrow();
    }
    expect((await heard)[0]).toBeInstanceOf(Error);
    listening.release(true);
    deaf.release(true);
    expectAllReturned();
  });

  it('of the pool are the cluster’s', async () => {
    const listener = jest.fn();
    expect(pool.on('acquire', listener)).toBe(pool);
    await pool.query('DELETE FROM notes');
    expect(pool.listenerCount('acquire')).toBe(1);
    expect(pool.off('acquire', listener)).toBe(pool);
    expect(pool.once('release', listener).addListener('remove', listener).emit('release')).toBe(true);
    expect(pool.removeAllListeners('remove').listenerCount('remove')).toBe(0);
    expect(listener).toHaveBeenCalledTimes(2);
  });
});

describe('query builders', () => {
  it('Kysely reads from replicas and runs transactions on the primary', async () => {
    interface Tables {
      notes: { id: number; body: string | null };
    }
    const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: router.route(pools.cluster) }) });
    await db.insertInto('notes').values({ id: 1, body: 'a' }).execute();
    const reads = pools.reads.length;
    expect(await db.selectFrom('notes').selectAll().where('id', '=', 1).execute()).toEqual([
      { id: 1, body: 'a' },
    ]);
    expect(pools.reads.length).toBe(reads + 1);
    await db.transaction().execute(async (transaction) => {
      await transaction.insertInto('notes').values({ id: 2, body: 'b' }).execute();
      expect(await transaction.selectFrom('notes').select('id').execute()).toHaveLength(2);
    });
    expect(pools.reads.length).toBe(reads + 1);
    await db.selectFrom('notes').select('id').forUpdate().execute();
    expect(pools.reads.length).toBe(reads + 1);
    expectAllReturned();
  });

  it('Drizzle reads from replicas and runs transactions on one connection of the primary', async () => {
    const notes = pgTable('notes', { id: integer().primaryKey(), body: text() });
    const db = drizzle(pool);
    await db.insert(notes).values({ id: 1, body: 'a' });
    expect(await db.select().from(notes)).toEqual([{ id: 1, body: 'a' }]);
    expect(pools.reads.length).toBe(1);
    await expect(
      db.transaction(async (transaction) => {
        await transaction.insert(notes).values({ id: 2, body: 'b' });
        expect(await transaction.select().from(notes)).toHaveLength(2);
        await transaction.execute(sql`SELECT fail()`);
      }),
    ).rejects.toThrow();
    expect(await db.select().from(notes)).toHaveLength(1);
    expect(pools.reads.length).toBe(2);
    expectAllReturned();
  });
});

describe('the rest of the pool', () => {
  it('is the cluster’s', async () => {
    const { primaryUrl } = { primaryUrl: String(pools.primary.options.connectionString) };
    for (const end of [
      (routed: pg.Pool) => routed.end(),
      (routed: pg.Pool) => new Promise<void>((resolve) => routed.end(resolve)),
    ]) {
      const own = new pg.Pool({ connectionString: primaryUrl });
      const routed = router.route<pg.Pool>(Object.assign(own, { readOnly: () => own }));
      await routed.query('SELECT 1');
      expect([routed.totalCount, routed.idleCount, routed.waitingCount, routed.expiredCount]).toEqual([
        1, 1, 0, 0,
      ]);
      expect(routed.options).toBe(own.options);
      await end(routed);
      expect([routed.ending, routed.ended, own.ended]).toEqual([true, true, true]);
    }
  });
});
