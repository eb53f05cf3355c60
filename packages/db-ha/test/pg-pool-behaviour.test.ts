import { create as createDomain } from 'node:domain';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type PostgresCluster, startPostgres } from '@unite/services';
import pg from 'pg';
import Cursor from 'pg-cursor';
import QueryStream from 'pg-query-stream';
import { CommitUnknownError, createCluster } from '../src';
import type { Cluster, ClusterOptions } from '../src/types';

// What code written for `pg.Pool` counts on. Where a cluster is different on purpose, the test says so.

let servers: PostgresCluster;
const opened: Cluster<pg.Pool>[] = [];

beforeAll(async () => {
  servers = await startPostgres({ replicas: 0 });
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((pool) => pool.close()));
});

afterAll(async () => {
  await servers.close();
});

function open(options: Partial<ClusterOptions<pg.Pool>> = {}): Cluster<pg.Pool> {
  const pool = createCluster({ nodes: [{ url: servers.primaryUrl }], Pool: pg.Pool, ...options });
  opened.push(pool);
  return pool;
}

async function ready(options: Partial<ClusterOptions<pg.Pool>> = {}): Promise<Cluster<pg.Pool>> {
  const pool = open(options);
  await pool.ready();
  return pool;
}

const one = { max: 1 };

/** What a callback is given. */
function called(start: (callback: (...values: unknown[]) => void) => unknown): Promise<unknown[]> {
  return new Promise((resolve) => {
    expect(start((...values) => resolve(values))).toBeUndefined();
  });
}

async function kill(pid: number | undefined): Promise<void> {
  const killer = new pg.Client({ connectionString: servers.primaryUrl });
  await killer.connect();
  await killer.query('SELECT pg_terminate_backend($1)', [pid]);
  await killer.end();
}

async function pidOf(client: { query: pg.ClientBase['query'] }): Promise<number | undefined> {
  return (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid;
}

describe('queries', () => {
  it('take a text, values, a configuration, and give what the driver gives', async () => {
    const pool = open();
    const text = 'SELECT $1::text AS name';
    const answers = [
      await pool.query("SELECT 'Ada' AS name"),
      await pool.query(text, ['Ada']),
      await pool.query({ text, values: ['Ada'] }),
      await pool.query({ name: 'by-name', text, values: ['Ada'] }),
    ];
    for (const { rows, rowCount, command, fields } of answers) {
      expect({ rows, rowCount, command }).toEqual({
        rows: [{ name: 'Ada' }],
        rowCount: 1,
        command: 'SELECT',
      });
      expect(fields[0]?.name).toBe('name');
    }
    const arrays = await pool.query({ text: 'SELECT 1, 2', rowMode: 'array' });
    expect(arrays.rows).toEqual([[1, 2]]);
  });

  it('call back, without a promise', async () => {
    const pool = open();
    const text = 'SELECT $1::int AS one';
    const [none, plain] = await called((back) => pool.query('SELECT 1 AS one', back));
    const [, valued] = await called((back) => pool.query(text, [1], back));
    const [, configured] = await called((back) => pool.query({ text, values: [1] }, back));
    const [failed, nothing] = await called((back) => pool.query('SELEC', back));
    expect(none).toBeUndefined();
    for (const result of [plain, valued, configured]) expect(result).toMatchObject({ rows: [{ one: 1 }] });
    expect(failed).toMatchObject({ code: '42601' });
    expect(nothing).toBeUndefined();
  });

  it('tell whoever forgot the query, by a promise or a callback', async () => {
    const pool = open();
    const nothing = undefined as unknown as string;
    await expect(pool.query(nothing)).rejects.toThrow('the first argument must be a text');
    const [error] = await called((back) => pool.query(back as unknown as string));
    expect(error).toBeInstanceOf(TypeError);
    const [other] = await called((back) => pool.query(nothing, back));
    expect(other).toBeInstanceOf(TypeError);
  });

  it('leave the pool usable after any number of errors, and keep the connection', async () => {
    const pool = await ready({ pool: one });
    const pid = await pidOf(pool);
    for (let n = 0; n < 20; n++)
      await expect(pool.query('SELECT missing')).rejects.toMatchObject({ code: '42703' });
    expect(await pidOf(pool)).toBe(pid);
  });

  it('survive a callback that throws', async () => {
    const pool = await ready({ pool: one });
    const failure = new Error('on purpose');
    const fail = () => {
      throw failure;
    };
    const thrown: unknown[] = [];
    // Node's older way to hear of what is thrown in a callback; the newer one is the test runner's own.
    const domain = createDomain();
    domain.on('error', (error) => thrown.push(error));
    const client = await pool.connect();
    domain.run(() => client.query('SELECT 1', fail));
    await client.query('SELECT 1');
    client.release();
    domain.run(() => pool.query('SELECT 1', fail));
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    expect(thrown).toEqual([failure, failure]);
  });

  it('call back no sooner than the next turn', async () => {
    const pool = await ready();
    let isSame = true;
    const turns = [
      called((back) => pool.query('SELECT 1', (...values) => back(isSame, ...values))),
      called((back) =>
        pool.connect((_, client) => {
          client?.release();
          back(isSame);
        }),
      ),
    ];
    isSame = false;
    for (const [seen] of await Promise.all(turns)) expect(seen).toBe(false);
  });

  it('fail as a whole without a server, and leave no connection behind', async () => {
    const pool = open({
      nodes: [{ url: 'postgres://nobody:x@127.0.0.1:1/none' }],
      failover: { timeoutMs: 100 },
    });
    const [error, client, done] = await called((back) => pool.connect(back));
    expect(error).toMatchObject({ code: 'UNITE_DB_NO_PRIMARY' });
    expect(client).toBeUndefined();
    expect(done).toBeInstanceOf(Function);
    await expect(pool.query('SELECT 1')).rejects.toMatchObject({ code: 'UNITE_DB_NO_PRIMARY' });
    expect(pool.totalCount).toBe(0);
  });
});

describe('queries with a protocol of their own', () => {
  it('are a cursor', async () => {
    const client = await open().connect();
    const cursor = client.query(new Cursor('SELECT * FROM generate_series(1, $1::int) AS n', [5]));
    expect(await cursor.read(3)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    await cursor.close();
    client.release();
  });

  it('are a stream', async () => {
    const pool = open({ pool: one });
    const client = await pool.connect();
    const stream = client.query(new QueryStream('SELECT * FROM generate_series(1, 1000) AS n', []));
    let sum = 0;
    for await (const { n } of stream) sum += n;
    client.release();
    expect(sum).toBe(500_500);
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  it('end by themselves where they are the driver’s own', async () => {
    const pool = open({ pool: one });
    // The types of `pg` know a query object by what it emits, not as something to wait for.
    const query = (text: string) => pool.query(new pg.Query(text)) as unknown as Promise<pg.QueryResult>;
    expect((await query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await expect(query('SELEC')).rejects.toMatchObject({ code: '42601' });
  });

  it('hold no connection for ever where they need a client and were given the pool', async () => {
    const pool = await ready({ pool: one, queryTimeoutMs: 300 });
    const cursor = pool.query(new Cursor('SELECT 1')) as unknown as Promise<unknown>;
    // On purpose: `pg` keeps the connection for good.
    await expect(cursor).rejects.toMatchObject({ code: expect.stringMatching(/^UNITE_DB_/) });
    // Each try has as little time as the cursor had, in which a busy machine may not get to connect again.
    let answer: pg.QueryResult | undefined;
    while (!answer) answer = await pool.query('SELECT 1 AS one').catch(() => undefined);
    expect(answer.rows).toEqual([{ one: 1 }]);
  });

  it('do not count as writes where nothing can be written', async () => {
    const pool = open();
    const client = await pool.readOnly().connect();
    const cursor = client.query(new Cursor('SELECT 1'));
    await cursor.close();
    client.release();
    expect(pool.sessionTokenNow()).toBeUndefined();
  });
});

describe('borrowed clients', () => {
  it('are lent by a promise and by a callback', async () => {
    const pool = await ready({ pool: one });
    const client = await pool.connect();
    client.release();
    const [error, same, done] = await called((back) => pool.connect(back));
    expect(error).toBeUndefined();
    expect(same).toBe(client);
    (done as () => void)();
    expect(pool.idleCount).toBe(1);
  });

  it('call back from their queries too', async () => {
    const client = await open().connect();
    const [, result] = await called((back) => client.query('SELECT $1::int AS one', [1], back));
    const [, bare] = await called((back) => client.query('SELECT 1 AS one', back));
    const [error] = await called((back) => client.query('SELEC', back));
    client.release();
    for (const answer of [result, bare]) expect(answer).toMatchObject({ rows: [{ one: 1 }] });
    expect(error).toMatchObject({ code: '42601' });
  });

  it('cannot be released twice', async () => {
    const pool = open({ pool: one });
    const [, client, done] = await called((back) => pool.connect(back));
    const { release } = client as pg.PoolClient;
    (done as () => void)();
    for (const again of [release, done as () => void, release])
      expect(() => again()).toThrow('Release called on client which has already been released');
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  it.each([new Error('broken'), true])('are closed when they are released with %p', async (reason) => {
    const pool = await ready({ pool: one });
    const client = await pool.connect();
    const pid = await pidOf(client);
    client.release(reason);
    expect(pool.idleCount).toBe(0);
    expect(await pidOf(pool)).not.toBe(pid);
  });

  it('are closed when they are released inside a transaction', async () => {
    const pool = await ready({ pool: one });
    const client = await pool.connect();
    const pid = await pidOf(client);
    await client.query('BEGIN');
    client.release();
    expect(await pidOf(pool)).not.toBe(pid);
  });

  it('are counted, and so are those who wait for one', async () => {
    const pool = await ready({ pool: one });
    const counts = () => [pool.totalCount, pool.idleCount, pool.waitingCount];
    expect(counts()).toEqual([0, 0, 0]);
    const client = await pool.connect();
    expect(counts()).toEqual([1, 0, 0]);
    const waiting = [pool.connect(), pool.connect()];
    await new Promise(setImmediate);
    expect(counts()).toEqual([1, 0, 2]);
    client.release();
    (await waiting[0])?.release();
    (await waiting[1])?.release();
    expect(counts()).toEqual([1, 1, 0]);
  });

  it('are lent in the order of asking', async () => {
    const pool = await ready({ pool: one });
    const first = await pool.connect();
    const order: number[] = [];
    const waiting = [1, 2, 3, 4].map(async (place) => {
      const client = await pool.connect();
      order.push(place);
      client.release();
    });
    first.release();
    await Promise.all(waiting);
    expect(order).toEqual([1, 2, 3, 4]);
  });

  it('are of the class that the pool was given, and live as long as it says', async () => {
    class Greeting extends pg.Client {
      readonly greeting = 'hello';
    }
    class GreetingPool extends pg.Pool {
      constructor(config: pg.PoolConfig) {
        super({ ...config, Client: Greeting, maxUses: 3 });
      }
    }
    const pool = open({ Pool: GreetingPool, pool: one });
    const pids = new Set<number | undefined>();
    for (let use = 0; use < 9; use++) {
      const client = await pool.connect();
      expect((client as unknown as Greeting).greeting).toBe('hello');
      pids.add(await pidOf(client));
      client.release();
    }
    expect(pids.size).toBe(3);
  });

  it('wait no longer than a query may take', async () => {
    const pool = await ready({ pool: one, queryTimeoutMs: 200 });
    const client = await pool.connect();
    const late = { code: 'UNITE_DB_DEADLINE_EXCEEDED' };
    await expect(pool.connect()).rejects.toMatchObject(late);
    await expect(pool.query('SELECT 1')).rejects.toMatchObject(late);
    const next = pool.connect();
    client.release();
    (await next).release();
    expect([pool.totalCount, pool.idleCount, pool.waitingCount]).toEqual([1, 1, 0]);
  });

  it('are not waited for where a server takes connections and says nothing', async () => {
    const silent = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as { port: number };
    const pool = open({
      nodes: [{ url: `postgres://u:p@127.0.0.1:${port}/d` }],
      probeTimeoutMs: 100,
      failover: { timeoutMs: 200 },
    });
    await expect(pool.connect()).rejects.toMatchObject({ code: 'UNITE_DB_NO_PRIMARY' });
    await pool.close();
    silent.close();
  });

  it('keep the server’s word on a statement, whatever its code', async () => {
    const client = await open().connect();
    await expect(client.query('DROP DATABASE missing')).rejects.toMatchObject({ code: '3D000' });
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    client.release();
  });
});

describe('broken connections', () => {
  it('do not end the process when they are idle, and are replaced', async () => {
    const pool = await ready({ pool: one });
    const errors: unknown[] = [];
    pool.on('error', (error) => errors.push(error));
    const removed = once(pool, 'remove');
    await kill(await pidOf(pool));
    await removed;
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    // On purpose: `pg` tells of it, and ends the process where nobody listens.
    expect(errors).toEqual([]);
  });

  it('fail what is asked of them in a transaction with what was wrong first', async () => {
    const pool = await ready({ pool: one });
    const client = await pool.connect();
    const pid = await pidOf(client);
    await client.query('BEGIN');
    const sleeping = client.query('SELECT pg_sleep(30)');
    const lost = expect(sleeping).rejects.toMatchObject({ code: 'UNITE_DB_CONNECTION_LOST' });
    await kill(pid);
    await lost;
    const first = await sleeping.catch((error: unknown) => error);
    await expect(client.query('ROLLBACK')).rejects.toBe(first);
    client.release();
    expect(await pidOf(pool)).not.toBe(pid);
  });

  it('leave a commit unknown, which a rollback after it does not hide', async () => {
    const pool = await ready({ pool: one });
    await pool.query(`
      CREATE TABLE slow (id int);
      CREATE FUNCTION sleep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(30); RETURN NULL; END $$;
      CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON slow DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION sleep()`);
    const client = await pool.connect();
    const pid = await pidOf(client);
    await client.query('BEGIN');
    await client.query('INSERT INTO slow VALUES (1)');
    const commit = client.query('COMMIT').catch((error: unknown) => error);
    await kill(pid);
    const error = await commit;
    expect(CommitUnknownError.isInstance(error)).toBe(true);
    await expect(client.query('ROLLBACK')).rejects.toBe(error);
    client.release();
    expect((await pool.query('SELECT FROM slow')).rowCount).toBe(0);
  });

  it('can be released as in every finally when their time was up', async () => {
    const pool = await ready({ pool: one, queryTimeoutMs: 500 });
    const client = await pool.connect();
    await client.query('BEGIN');
    // Nothing that holds a lock on itself can be cancelled sooner than it looks for it.
    await expect(client.query('SELECT pg_sleep(30)')).rejects.toMatchObject({
      code: 'UNITE_DB_DEADLINE_EXCEEDED',
    });
    await client.query('ROLLBACK').catch(() => undefined);
    expect(() => client.release()).not.toThrow();
    expect(() => client.release()).toThrow('already been released');
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });
});

describe('events', () => {
  it('tell of every connection in its order, with its client', async () => {
    const pool = await ready({ pool: one });
    const heard: unknown[] = [];
    for (const event of ['connect', 'acquire', 'remove'] as const)
      pool.on(event, (client) => heard.push(event, client));
    pool.on('release', (error, client) => heard.push('release', error, client));
    const client = await pool.connect();
    client.release();
    const again = await pool.connect();
    const failure = new Error('broken');
    const removed = once(pool, 'remove');
    again.release(failure);
    await removed;
    expect(heard.filter((value) => typeof value === 'string')).toEqual([
      'connect',
      'acquire',
      'release',
      'acquire',
      'release',
      'remove',
    ]);
    for (const value of heard.filter((value) => value instanceof pg.Client)) expect(value).toBe(client);
    expect(heard).toContain(failure);
  });

  it('tell of queries as well', async () => {
    const pool = await ready();
    const counts = { acquire: 0, release: 0 };
    pool.on('acquire', () => counts.acquire++);
    pool.on('release', () => counts.release++);
    await Promise.all(Array.from({ length: 20 }, () => pool.query('SELECT 1')));
    expect(counts).toEqual({ acquire: 20, release: 20 });
  });

  it('tell of connections that nobody used for too long', async () => {
    const pool = await ready({ pool: { idleTimeoutMs: 20 } });
    const removed = once(pool, 'remove');
    await pool.query('SELECT 1');
    await removed;
    expect([pool.totalCount, pool.idleCount]).toEqual([0, 0]);
  });
});

describe('ending', () => {
  it('needs no use before', async () => {
    expect(await open().end()).toBeUndefined();
    expect(await called((back) => open().end(back as () => void))).toEqual([undefined, undefined]);
  });

  it('lets queries finish that run, and refuses new ones', async () => {
    const pool = await ready();
    const running = pool.query('SELECT 1 AS one');
    const ending = pool.end();
    expect(pool.ending).toBe(true);
    const refusal = { code: 'UNITE_DB_CLOSED' };
    await expect(pool.query('SELECT 1')).rejects.toMatchObject(refusal);
    await expect(pool.connect()).rejects.toMatchObject(refusal);
    const [error] = await called((back) => pool.query('SELECT 1', back));
    expect(error).toMatchObject(refusal);
    expect((await running).rows).toEqual([{ one: 1 }]);
    await ending;
    expect(pool.totalCount).toBe(0);
  });

  it('lets a borrowed client finish its transaction', async () => {
    const pool = await ready();
    const client = await pool.connect();
    await client.query('BEGIN');
    const closing = pool.close();
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await client.query('COMMIT');
    client.release();
    expect(await closing).toEqual({ drained: true, aborted: 0 });
  });

  it('cuts off what does not come to its end, and says why', async () => {
    const pool = await ready();
    const client = await pool.connect();
    await client.query('BEGIN');
    expect(await pool.close({ timeoutMs: 50 })).toEqual({ drained: false, aborted: 1 });
    await expect(client.query('COMMIT')).rejects.toMatchObject({ code: 'UNITE_DB_CLOSED' });
    expect(() => client.release()).not.toThrow();
  });

  it('can be asked for again', async () => {
    const pool = open();
    await pool.query('SELECT 1');
    await pool.end();
    // On purpose: `pg` rejects the second time, and nobody is helped by that.
    await expect(pool.end()).resolves.toBeUndefined();
  });
});
