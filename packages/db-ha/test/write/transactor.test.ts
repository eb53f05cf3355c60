import { describe, expect, it, jest } from '@jest/globals';
import { manualClock, settle } from '@unite/shared/testing';
import type { Transaction } from '../../src';
import { answers, heardBy, openFakeCluster, poolOf, promote, silence, untilCancelled } from '../fake-cluster';
import { type Answer, FakeServer, serverError } from '../fake-driver';

const insert = 'INSERT INTO t VALUES (1)';
const commit = 'COMMIT;SELECT pg_current_wal_lsn()::text AS lsn';
const pair = () => ({ a: new FakeServer(), b: new FakeServer({ isReplica: true }) });

async function setUp(options: Parameters<typeof openFakeCluster>[1] = {}) {
  const servers = pair();
  servers.a.answer = answers();
  servers.b.answer = answers();
  return { ...servers, ...(await openFakeCluster(servers, options)) };
}

it('runs its work between BEGIN and COMMIT on the primary, and keeps the connection', async () => {
  const { a, b, db } = await setUp();
  const result = await db.transaction(async (tx) => {
    await tx.query({ text: insert });
    return 'done';
  });
  expect(result).toBe('done');
  expect([heardBy(a), heardBy(b)]).toEqual([['BEGIN', insert, commit], []]);
  expect(poolOf(db, 'a', 'write')).toMatchObject({ total: 1, idle: 1 });
  expect(db.sessionTokenNow()).toEqual({ systemId: a.systemId, timeline: 1, lsn: 0x3000148n });
});

it('has the isolation that is asked for', async () => {
  const { a, db } = await setUp();
  await db.transaction(async () => undefined, { isolation: 'serializable' });
  expect(heardBy(a)[0]).toBe('BEGIN ISOLATION LEVEL serializable');
});

describe('work that fails', () => {
  it('is rolled back, and the connection kept', async () => {
    const { a, db } = await setUp();
    const mistake = new Error('of the work');
    const work = async () => {
      throw mistake;
    };
    await expect(db.transaction(work)).rejects.toBe(mistake);
    expect(heardBy(a)).toEqual(['BEGIN', 'ROLLBACK']);
    expect(poolOf(db, 'a', 'write')).toMatchObject({ total: 1, idle: 1 });
  });

  it('has its connection closed where it cannot be rolled back', async () => {
    const { a, db } = await setUp();
    const mistake = new Error('of the work');
    a.answer = answers({ ROLLBACK: () => serverError('57P01', 'terminating connection', 'FATAL') });
    const work = async () => {
      throw mistake;
    };
    await expect(db.transaction(work)).rejects.toBe(mistake);
    expect(poolOf(db, 'a', 'write')).toBeUndefined();
    expect(db.status().counts).toMatchObject({ retriedTransactions: 0, unknownCommits: 0 });
  });
});

describe('a transaction that lost against others', () => {
  it('is run again from the start, after a pause that grows', async () => {
    const { a, db, clock } = await setUp();
    const said: Answer[] = [serverError('40001'), serverError('40P01')];
    a.answer = answers({ INSERT: () => said.shift() ?? { rowCount: 1 } });
    let runs = 0;
    const done = db.transaction(async (tx) => {
      runs += 1;
      return (await tx.query(insert)).rowCount;
    });
    // Half of 10 and half of 20 ms.
    await clock.advance(4);
    expect(runs).toBe(1);
    await clock.advance(1);
    expect(runs).toBe(2);
    await clock.advance(9);
    expect(runs).toBe(2);
    await clock.advance(1);
    expect(await done).toBe(1);
    expect(heardBy(a)).toEqual([
      ...['BEGIN', insert, 'ROLLBACK'],
      ...['BEGIN', insert, 'ROLLBACK'],
      ...['BEGIN', insert, commit],
    ]);
    expect(db.status().counts.retriedTransactions).toBe(2);
    expect(poolOf(db, 'a', 'write')).toMatchObject({ total: 1, idle: 1 });
  });

  it('is given up after so many attempts, with what the server said', async () => {
    const { a, db, clock } = await setUp();
    const conflict = serverError('40001');
    a.answer = answers({ INSERT: () => conflict });
    const done = expect(db.transaction((tx) => tx.query(insert), { maxAttempts: 2 })).rejects.toBe(conflict);
    await clock.advance(5);
    await done;
    expect(heardBy(a).filter((text) => text === 'BEGIN')).toHaveLength(2);
    expect(db.status().counts.retriedTransactions).toBe(1);
  });

  it('is told so at its commit too', async () => {
    const { a, db, clock } = await setUp();
    const said: Answer[] = [serverError('40001')];
    const well = answers();
    a.answer = (text, values) => (text === commit && said.shift()) || well(text, values);
    const done = db.transaction((tx) => tx.query(insert));
    await clock.advance(5);
    await done;
    expect(heardBy(a)).toEqual(['BEGIN', insert, commit, 'ROLLBACK', 'BEGIN', insert, commit]);
    expect(poolOf(db, 'a', 'write')).toMatchObject({ total: 1, idle: 1 });
  });

  it('is not run again when the time is up before', async () => {
    const { a, db, clock } = await setUp();
    a.answer = answers({ INSERT: () => serverError('40001') });
    const done = expect(db.transaction((tx) => tx.query(insert), { timeoutMs: 25 })).rejects.toMatchObject({
      code: 'UNITE_DB_DEADLINE_EXCEEDED',
      message: 'The time is up: before trying a transaction again; nothing took effect',
    });
    // Tried at 0, 5 and 15 ms; the next would be at 35.
    await clock.advance(1_000);
    await done;
    expect(heardBy(a).filter((text) => text === 'BEGIN')).toHaveLength(3);
    expect(db.status().counts).toMatchObject({ retriedTransactions: 3, unknownCommits: 0 });
  });
});

it("hands on what an application's own clock throws while it waits", async () => {
  const clock = manualClock();
  const broken = new Error('of the clock');
  const { sleep } = clock;
  // The pause before a second attempt, and no other.
  clock.sleep = (ms, signal) => (ms === 5 ? Promise.reject(broken) : sleep(ms, signal));
  const server = new FakeServer();
  server.answer = answers({ INSERT: () => serverError('40001') });
  const { db } = await openFakeCluster({ a: server }, {}, clock);
  await expect(db.transaction((tx) => tx.query(insert))).rejects.toBe(broken);
  expect(heardBy(server)).toEqual(['BEGIN', insert, 'ROLLBACK']);
});

describe('a primary that was replaced during a transaction', () => {
  it('says so itself, and the work is run again on its successor', async () => {
    const { a, b, db, clock } = await setUp();
    await db.query('SELECT 1');
    a.answer = answers({
      INSERT: () => serverError('25006', 'cannot execute INSERT in a read-only transaction'),
    });
    a.isReplica = true;
    promote(b);
    const done = db.transaction((tx) => tx.query(insert));
    await clock.advance(1_000);
    await done;
    expect(heardBy(a)).toEqual(['SELECT 1', 'BEGIN', insert, 'ROLLBACK']);
    expect(heardBy(b)).toEqual(['BEGIN', insert, commit]);
    expect(db.status()).toMatchObject({ primary: 'b', counts: { failovers: 1, retriedTransactions: 1 } });
  });

  it('or is silent, and the work is run again on its successor', async () => {
    const { a, b, db, clock } = await setUp({ healthCheckEveryMs: 500 });
    a.answer = answers({ INSERT: silence });
    const done = db.transaction((tx) => tx.query(insert));
    await clock.advance(100);
    promote(b);
    await clock.advance(1_000);
    await done;
    // What still runs there is cancelled for the locks that it holds; a commit never reaches it.
    expect(heardBy(a)).toEqual(['BEGIN', insert, 'SELECT pg_cancel_backend($1)']);
    expect(heardBy(b)).toEqual(['BEGIN', insert, commit]);
    expect(db.status().counts).toMatchObject({ retriedTransactions: 1, unknownCommits: 0 });
    expect(poolOf(db, 'a', 'write')).toBeUndefined();
  });

  it('is told behind a pooler by the server that it leads to, before anything is sent there', async () => {
    const servers = pair();
    const { db, clock } = await openFakeCluster(servers, {
      nodes: ['a', 'b'].map((name) => ({ url: `postgres://${name}/app`, name, pooler: 'transaction' })),
    });
    for (const server of [servers.a, servers.b]) server.answer = answers();
    await db.transaction((tx) => tx.query(insert));
    expect(heardBy(servers.a)).toEqual(['BEGIN', insert, commit]);
    servers.a.isReplica = true;
    promote(servers.b);
    const done = db.transaction((tx) => tx.query(insert));
    await clock.advance(1_000);
    await done;
    expect(heardBy(servers.a).slice(3)).toEqual(['BEGIN', 'ROLLBACK']);
    expect(heardBy(servers.b)).toEqual(['BEGIN', insert, commit]);
    expect(db.status().counts.retriedTransactions).toBe(1);
  });
});

describe('a transaction whose connection breaks before the commit', () => {
  it('took no effect and is run again', async () => {
    const { a, db, clock } = await setUp();
    let runs = 0;
    const done = db.transaction(async (tx) => {
      runs += 1;
      if (runs === 1) a.answer = answers({ INSERT: silence });
      return tx.query(insert);
    });
    await settle();
    a.answer = answers();
    a.crash();
    await clock.advance(100);
    await done;
    expect(runs).toBe(2);
    expect(heardBy(a)).toEqual(['BEGIN', insert, 'BEGIN', insert, commit]);
    expect(db.status().counts).toMatchObject({ retriedTransactions: 1, unknownCommits: 0 });
  });

  it('is not committed when the work forgave that', async () => {
    const { a, db, clock } = await setUp();
    a.answer = answers({ INSERT: silence });
    const done = db.transaction(
      async (tx) => {
        await tx.query(insert).catch(() => undefined);
        // The same again, and nothing is sent.
        await expect(tx.query('SELECT 1')).rejects.toThrow('Connection terminated unexpectedly');
      },
      { maxAttempts: 1 },
    );
    const refused = expect(done).rejects.toMatchObject({
      code: 'UNITE_DB_CONNECTION_LOST',
      message: 'The connection to a broke during a transaction; nothing took effect',
      cause: { message: 'Connection terminated unexpectedly' },
    });
    await settle();
    a.crash();
    await clock.advance(100);
    await refused;
    expect(heardBy(a)).toEqual(['BEGIN', insert]);
  });
});

describe('a transaction whose time is up before the commit', () => {
  it('has its statement cancelled and its connection closed', async () => {
    const { a, db, clock } = await setUp();
    a.answer = answers(untilCancelled('INSERT'));
    const done = expect(db.transaction((tx) => tx.query(insert), { timeoutMs: 100 })).rejects.toMatchObject({
      code: 'UNITE_DB_DEADLINE_EXCEEDED',
      message: 'The time is up: a transaction on a; nothing took effect',
    });
    await clock.advance(100);
    await done;
    expect(heardBy(a)).toEqual(['BEGIN', insert, 'SELECT pg_cancel_backend($1)']);
    expect(poolOf(db, 'a', 'write')).toBeUndefined();
  });

  it('is told so though the work has an error of its own for that', async () => {
    const { a, db, clock } = await setUp();
    a.answer = answers({ INSERT: silence });
    const work = (tx: { query(text: string): Promise<unknown> }) =>
      tx.query(insert).catch(() => {
        throw new Error('of the work');
      });
    const done = expect(db.transaction(work, { timeoutMs: 100 })).rejects.toMatchObject({
      code: 'UNITE_DB_DEADLINE_EXCEEDED',
    });
    await clock.advance(100);
    await done;
    expect(heardBy(a)).not.toContain(commit);
    expect(poolOf(db, 'a', 'write')).toBeUndefined();
  });
});

describe('the transaction in the hands of its work', () => {
  it('takes no statement that would end it, and none that is none', async () => {
    const { a, db } = await setUp();
    await db.transaction(async (tx) => {
      await expect(tx.query('COMMIT')).rejects.toThrow(TypeError);
      await expect(tx.query({ text: 'SELECT 1; ROLLBACK' })).rejects.toThrow('throw to roll back');
      await expect(tx.query(undefined as never)).rejects.toThrow('the first argument must be a text');
    });
    expect(heardBy(a)).toEqual(['BEGIN', commit]);
  });

  it('is over when that returns', async () => {
    const { a, db } = await setUp();
    const tx = await db.transaction(async (transaction) => transaction);
    await expect(tx.query(insert)).rejects.toThrow('The transaction is over');
    expect(heardBy(a)).toEqual(['BEGIN', commit]);
  });
});

it('a statement that ended the transaction by itself leaves everything unknown, and nothing is done again', async () => {
  const a = new FakeServer();
  const { db } = await openFakeCluster({ a });
  a.answer = answers();
  // As the fake reads it, this ends the transaction; as we do, it has no word of it.
  const work = jest.fn((tx: Transaction) => tx.query('ENDLESS'));
  await expect(db.transaction(work)).rejects.toMatchObject({
    code: 'UNITE_DB_COMMIT_UNKNOWN',
    message: expect.stringContaining('A statement ended the transaction'),
  });
  expect(work).toHaveBeenCalledTimes(1);
  expect(heardBy(a)).toEqual(['BEGIN', 'ENDLESS']);
  expect(db.status().counts.unknownCommits).toBe(1);
});
