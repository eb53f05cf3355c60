import { describe, expect, it } from '@jest/globals';
import { settle } from '@unite/shared/testing';
import { answers, createFakeCluster, heardBy, openFakeCluster, poolOf, silence } from './fake-cluster';
import { FakePool, FakeServer, serverError } from './fake-driver';

const insert = 'INSERT INTO t VALUES (1)';

async function setUp() {
  const servers = { a: new FakeServer(), b: new FakeServer({ isReplica: true }) };
  servers.a.answer = answers({ INSERT: () => ({ rowCount: 1 }) });
  return { ...servers, ...(await openFakeCluster(servers, { pool: { max: 4 } })) };
}

/** What a callback was told, by a method that must not return a promise beside it. */
function told(call: (callback: (...given: unknown[]) => void) => unknown): Promise<unknown[]> {
  return new Promise((resolve) => {
    const returned = call((...given) => resolve(given));
    expect(returned).toBeUndefined();
  });
}

describe('the pool', () => {
  it("is one of the driver's, with its counts", async () => {
    const { a, db, clock } = await setUp();
    expect(db).toBeInstanceOf(FakePool);
    expect(db.readOnly()).toBeInstanceOf(FakePool);
    expect(db).toMatchObject({ totalCount: 0, idleCount: 0, waitingCount: 0, expiredCount: 0 });
    a.answer = silence;
    for (let n = 0; n < 5; n++) db.query(insert).catch(() => undefined);
    await settle();
    expect(db).toMatchObject({ options: { max: 4 }, totalCount: 4, idleCount: 0, waitingCount: 1 });
    a.crash();
    await clock.advance(1_000);
    expect(db).toMatchObject({ waitingCount: 0, ending: false, ended: false });
  });

  it('opens nothing before it is used', async () => {
    const servers = { a: new FakeServer() };
    const { db, clock } = createFakeCluster(servers);
    expect([servers.a.configs, clock.sleepers()]).toEqual([[], 0]);
    await db.query(insert);
    expect(heardBy(servers.a)).toEqual([insert]);
  });

  it('refuses what is no statement, and sends nothing', async () => {
    const { a, db } = await setUp();
    await expect(db.query(undefined)).rejects.toThrow('the first argument must be a text');
    await expect(db.query(insert, 'no array')).rejects.toThrow('the values must be an array, got string');
    await expect(db.query({ text: insert, values: 7 })).rejects.toThrow(TypeError);
    expect(heardBy(a)).toEqual([]);
  });
});

describe('a callback', () => {
  it('is told what a promise would be', async () => {
    const { a, db } = await setUp();
    expect(await told((done) => db.query(insert, done))).toEqual([
      undefined,
      expect.objectContaining({ rowCount: 1 }),
    ]);
    expect(await told((done) => db.query(insert, [], done))).toMatchObject([undefined, { rowCount: 1 }]);
    const violation = serverError('23505');
    a.answer = () => violation;
    expect(await told((done) => db.query(insert, [], done))).toEqual([violation]);
    expect(heardBy(a)).toEqual([insert, insert, insert]);
  });

  it('is told that the statement was forgotten', async () => {
    const { db } = await setUp();
    expect(await told((done) => db.query(done))).toEqual([expect.any(TypeError)]);
    expect(await told((done) => db.query(undefined, done))).toEqual([expect.any(TypeError)]);
  });

  it('is given a client, and how to give it back', async () => {
    const { db } = await setUp();
    const [error, client, release] = await told((done) => db.connect(done));
    expect([error, (client as { release: unknown }).release]).toEqual([undefined, release]);
    expect(poolOf(db, 'a', 'write')).toMatchObject({ total: 1, idle: 0 });
    (release as () => void)();
    expect(poolOf(db, 'a', 'write')).toMatchObject({ total: 1, idle: 1 });
  });

  it('is told why there is none', async () => {
    const { a, db } = await setUp();
    a.refusal = serverError('28P01', 'password authentication failed', 'FATAL');
    const [error, client, release] = await told((done) => db.connect(done));
    expect([error, client]).toEqual([expect.objectContaining({ code: 'UNITE_DB_ACCESS_DENIED' }), undefined]);
    expect((release as () => unknown)()).toBeUndefined();
  });

  it('hears of the end', async () => {
    const { a, db } = await setUp();
    const end = db.end as (callback: (...given: unknown[]) => void) => unknown;
    expect(await told((done) => end.call(db, done))).toEqual([undefined, undefined]);
    expect([db.ended, a.open.size]).toEqual([true, 0]);
  });
});

describe('the end', () => {
  it.each(['end', 'close', Symbol.asyncDispose] as const)('by %p ends the cluster, once', async (how) => {
    const { a, b, db } = await setUp();
    await db[how]();
    await db[how]();
    expect([db.ended, a.open.size, b.open.size]).toEqual([true, 0, 0]);
    await expect(db.query(insert)).rejects.toMatchObject({ code: 'UNITE_DB_CLOSED' });
  });

  it('of a read-only view leaves the cluster as it is', async () => {
    const { db } = await setUp();
    await db.readOnly().end();
    await db.readOnly().query('SELECT 1');
    await db.query(insert);
    expect(db.ended).toBe(false);
  });
});

describe('a read-only view', () => {
  it('is the same for the same consistency', async () => {
    const { db } = await setUp();
    expect(db.readOnly()).toBe(db.readOnly({ consistency: 'session' }));
    expect(db.readOnly({ consistency: 'eventual' })).not.toBe(db.readOnly());
    expect(() => db.readOnly({ consistency: 'some' as never })).toThrow(TypeError);
  });

  it('reads where that allows it', async () => {
    const { a, b, db } = await setUp();
    await db.readOnly().query('SELECT 1');
    await db.readOnly({ consistency: 'eventual' }).query('SELECT 2');
    await db.readOnly({ consistency: 'strong' }).query('SELECT 3');
    expect([heardBy(a), heardBy(b)]).toEqual([['SELECT 3'], ['SELECT 1', 'SELECT 2']]);
    expect(db.status().counts).toMatchObject({ replicaReads: 2, primaryReads: 1 });
  });

  it('sees at least what a token stands for', async () => {
    const { a, b, db, clock } = await setUp();
    const after = { systemId: a.systemId, timeline: 1, lsn: b.lsn + 1n };
    const read = db.readOnly({ after }).query('SELECT 1');
    await clock.advance(10);
    expect(heardBy(b)).toEqual([]);
    b.lsn += 1n;
    await clock.advance(10);
    await read;
    expect(heardBy(b)).toEqual(['SELECT 1']);
  });

  it('lends connections of its own, counted where they lead', async () => {
    const { a, b, db } = await setUp();
    for (const consistency of ['eventual', 'strong'] as const) {
      const client = await db.readOnly({ consistency }).connect();
      await client.query('SELECT 1');
      client.release();
    }
    expect([heardBy(a), heardBy(b)]).toEqual([['SELECT 1'], ['SELECT 1']]);
    expect(db.status().counts).toMatchObject({ replicaReads: 1, primaryReads: 1 });
    expect(poolOf(db, 'a', 'read')).toMatchObject({ max: 2, total: 1, idle: 1 });
  });
});
