import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import type { Cluster } from '../../src';
import { eventually } from './support/eventually';
import { held, type Lab, startLab } from './support/start-lab';
import { timed } from './support/timed';

let lab: Lab;
let db: Cluster<pg.Pool>;
const escaped: unknown[] = [];
const onEscape = (error: unknown) => escaped.push(error);

beforeAll(async () => {
  process.on('uncaughtException', onEscape).on('unhandledRejection', onEscape);
  lab = await startLab();
  await lab.ask(lab.primary, 'CREATE TABLE things (id int)');
});
beforeEach(() => {
  db = lab.open({ pool: { max: 1, applicationName: 'hygiene' } });
});
afterEach(async () => {
  await db.close({ timeoutMs: 500 });
  await lab.ask(lab.primary, 'TRUNCATE things');
  expect(escaped).toEqual([]);
});
afterAll(async () => {
  process.off('uncaughtException', onEscape).off('unhandledRejection', onEscape);
  await lab?.[Symbol.asyncDispose]();
});

async function pidOf(pool: { query: pg.Pool['query'] }): Promise<number> {
  const { rows } = await pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]?.pid ?? 0;
}

async function terminate(pid: number, node = lab.primary): Promise<void> {
  await lab.ask(node, 'SELECT pg_terminate_backend($1)', [pid]);
  await eventually(async () => {
    return (await lab.ask(node, 'SELECT 1 FROM pg_stat_activity WHERE pid = $1', [pid])).length === 0;
  });
  // Its last words lie in the socket now, and are read in the next turn of the loop.
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
}

describe('a connection that the server ends', () => {
  it('while it is idle is replaced, without an error event', async () => {
    const events: unknown[] = [];
    (db as unknown as pg.Pool).on('error', (error) => events.push(error));
    const pid = await pidOf(db);
    await terminate(pid);
    expect(await pidOf(db)).not.toBe(pid);
    expect(events).toEqual([]);
  });

  it('while it is idle is replaced for reads as well', async () => {
    const only = lab.open({ nodes: [lab.nodes[0], lab.nodes[1]], pool: { max: 1 } });
    const pid = await pidOf(only.readOnly());
    await terminate(pid, lab.one);
    expect(await pidOf(only.readOnly())).not.toBe(pid);
    await only.close();
  });

  it('all of them at once, under load, costs reads nothing', async () => {
    const busy = lab.open({ pool: { applicationName: 'busy' } });
    await busy.ready();
    const reads = Array.from({ length: 200 }, async (_, n) => {
      await new Promise((resolve) => setTimeout(resolve, n));
      return busy.readOnly().query('SELECT pg_sleep(0.005)');
    });
    for (const node of [lab.one, lab.two])
      await lab.ask(
        node,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'busy'`,
      );
    const ends = await Promise.allSettled(reads);
    expect(ends.filter(({ status }) => status === 'rejected')).toEqual([]);
    await busy.close();
  });

  it('between two queries of a transaction has it run again', async () => {
    let attempts = 0;
    const result = await db.transaction(async (tx) => {
      attempts += 1;
      await tx.query('INSERT INTO things VALUES (1)');
      if (attempts === 1) {
        const { rows } = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
        await terminate(rows[0]?.pid ?? 0);
      }
      await tx.query('INSERT INTO things VALUES (2)');
      return attempts;
    });
    expect(result).toBe(2);
    expect((await db.query('SELECT id FROM things ORDER BY id')).rows).toEqual([{ id: 1 }, { id: 2 }]);
  });

  it('between the work and the commit has it run again', async () => {
    let attempts = 0;
    await db.transaction(async (tx) => {
      attempts += 1;
      const { rows } = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await tx.query('INSERT INTO things VALUES (1)');
      if (attempts === 1) await terminate(rows[0]?.pid ?? 0);
    });
    expect(attempts).toBe(2);
    expect((await db.query('SELECT id FROM things')).rowCount).toBe(1);
  });

  it('in the hands of a borrower is told of at the next query, and dropped', async () => {
    const client = await db.connect();
    const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
    await terminate(rows[0]?.pid);
    await expect(client.query('INSERT INTO things VALUES (1)')).rejects.toMatchObject({
      code: 'UNITE_DB_CONNECTION_LOST',
    });
    client.release();
    expect(await pidOf(db)).not.toBe(rows[0]?.pid);
  });

  it('during a single write leaves it unknown', async () => {
    const end = timed(() => db.query('INSERT INTO things SELECT 1 FROM pg_sleep(20)'));
    await eventually(() => lab.terminate('INSERT INTO things SELECT 1%'));
    expect((await end).error).toMatchObject({ code: 'UNITE_DB_COMMIT_UNKNOWN', cause: { code: '57P01' } });
    await db.query('SELECT 1');
  });

  it('during a read has it served by another node', async () => {
    const wide = lab.open();
    await wide.ready();
    const letGo = await Promise.all([lab.hold(lab.one), lab.hold(lab.two)]);
    const end = timed(() => wide.readOnly().query(held));
    const node = await eventually(async () => {
      for (const each of [lab.one, lab.two]) if (await lab.working(each, held)) return each;
      return undefined;
    });
    expect(await lab.terminate(`${held}%`, node)).toBe(1);
    await Promise.all(letGo.map((go) => go()));
    expect((await end).error).toBeUndefined();
    expect(wide.status().counts.retriedReads).toBe(1);
    await wide.close();
  });
});

describe('a borrowed client', () => {
  it('released inside a transaction does not come back', async () => {
    const client = await db.connect();
    const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
    await client.query('BEGIN');
    await client.query('INSERT INTO things VALUES (1)');
    client.release();
    expect(await pidOf(db)).not.toBe(rows[0]?.pid);
    expect((await db.query('SELECT id FROM things')).rows).toEqual([]);
  });

  it('released inside a failed transaction does not come back', async () => {
    const client = await db.connect();
    await client.query('BEGIN');
    await expect(client.query('SELECT 1 / 0')).rejects.toMatchObject({ code: '22012' });
    client.release();
    expect((await db.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  it.each([new Error('broken'), true])('released with %p is closed', async (how) => {
    const client = await db.connect();
    const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
    client.release(how);
    expect(await pidOf(db)).not.toBe(rows[0]?.pid);
  });

  it('released in good order comes back', async () => {
    const client = await db.connect();
    const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
    client.release();
    expect(await pidOf(db)).toBe(rows[0]?.pid);
    expect(() => client.release()).toThrow('already been released');
  });
});

describe('the queue for a connection', () => {
  it('is bounded, and served in the order of coming', async () => {
    const short = lab.open({ pool: { max: 1, maxWaiting: 5 } });
    await short.ready();
    const letGo = await lab.hold(lab.primary);
    const first = short.query(held);
    await eventually(() => lab.working(lab.primary, held));
    const order: number[] = [];
    const waiting = Array.from({ length: 5 }, (_, n) => short.query('SELECT 1').then(() => order.push(n)));
    await eventually(() => short.waitingCount === 5);
    const refused = await timed(() => short.query('SELECT 1'));
    expect(refused.error).toMatchObject({ code: 'UNITE_DB_QUEUE_FULL' });
    expect(short.waitingCount).toBe(5);
    expect(short.status().counts.refused).toBe(1);
    await letGo();
    await Promise.all([first, ...waiting]);
    expect(order).toEqual([0, 1, 2, 3, 4]);
    await short.close();
  });
});

describe('a connection’s age', () => {
  it('beyond maxLifetimeMs closes it when it comes back', async () => {
    const young = lab.open({ pool: { max: 1, maxLifetimeMs: 100 } });
    const first = await pidOf(young);
    await eventually(async () => (await pidOf(young)) !== first, 15_000);
    expect(young.status().nodes[0]?.pools[0]?.total).toBeLessThanOrEqual(1);
    await young.close();
  });

  it('idle beyond idleTimeoutMs closes it', async () => {
    const lazy = lab.open({ pool: { idleTimeoutMs: 50 } });
    await lazy.query('SELECT 1');
    await eventually(() => lazy.status().nodes[0]?.pools.length === 0, 15_000);
    await lazy.query('SELECT 1');
    await lazy.close();
  });
});

describe('a prepared statement', () => {
  const statement = { name: 'all-things', text: 'SELECT * FROM things' };

  afterEach(async () => {
    await lab.ask(lab.primary, 'ALTER TABLE things DROP COLUMN IF EXISTS name');
  });

  it('is prepared once a connection', async () => {
    await db.query(statement);
    await db.query(statement);
    const { rows } = await db.query('SELECT count(*)::int AS count FROM pg_prepared_statements');
    expect(rows).toEqual([{ count: 1 }]);
  });

  it('works after its table changed', async () => {
    await db.query(statement);
    await lab.ask(lab.primary, 'ALTER TABLE things ADD COLUMN name text');
    expect((await db.query(statement)).fields.map(({ name }) => name)).toEqual(['id', 'name']);
    expect((await db.query(statement)).rows).toEqual([]);
  });

  it('works after its table changed, on a replica', async () => {
    const reader = lab.open({ nodes: [lab.nodes[0], lab.nodes[1]], pool: { max: 1 } });
    await reader.readOnly().query(statement);
    await lab.ask(lab.primary, 'ALTER TABLE things ADD COLUMN name text');
    await lab.replayed();
    expect((await reader.readOnly().query(statement)).fields.map(({ name }) => name)).toEqual(['id', 'name']);
    await reader.close();
  });

  it('in a transaction is not sent twice: the transaction has failed', async () => {
    await db.query(statement);
    await lab.ask(lab.primary, 'ALTER TABLE things ADD COLUMN name text');
    const end = await timed(() => db.transaction((tx) => tx.query(statement)));
    if (end.error) expect(end.error).toMatchObject({ code: '0A000' });
    else expect(end.result?.rows).toEqual([]);
    expect((await db.query(statement)).rows).toEqual([]);
  });
});

describe('a server with too many connections', () => {
  it('is tried again within the time', async () => {
    await lab.ask(lab.primary, `CREATE ROLE narrow LOGIN PASSWORD 'narrow' CONNECTION LIMIT 1`);
    await lab.ask(lab.primary, 'GRANT pg_monitor TO narrow');
    const url = new URL(lab.primary.url);
    url.username = 'narrow';
    url.password = 'narrow';
    const narrow = lab.open({ nodes: [{ url: url.href }] });
    // Its one connection is the one that asks the server what it is.
    const waiting = timed(() => narrow.query('SELECT 1 AS one'));
    await eventually(() => narrow.status().counts.retriedWrites > 0);
    await lab.ask(lab.primary, 'ALTER ROLE narrow CONNECTION LIMIT 10');
    expect((await waiting).error).toBeUndefined();
    await narrow.close();
  });
});
