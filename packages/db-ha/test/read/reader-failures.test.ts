import { describe, expect, it } from '@jest/globals';
import { deferred } from '../deferred';
import {
  answers,
  createFakeCluster,
  heardBy,
  openFakeCluster,
  poolOf,
  promote,
  refused,
  silence,
  takeAway,
  untilCancelled,
} from '../fake-cluster';
import { type Answer, FakeServer, serverError } from '../fake-driver';

const select = 'SELECT 1';

/** A primary and two replicas, of which `c` is the one that chance picks. */
async function setUp(options: Parameters<typeof openFakeCluster>[1] = {}) {
  const replica = () => new FakeServer({ isReplica: true });
  const servers = { a: new FakeServer(), b: replica(), c: replica() };
  const opened = await openFakeCluster(servers, options);
  const stateOf = (name: string) => opened.db.status().nodes.find((node) => node.name === name);
  const heard = () => [servers.a, servers.b, servers.c].map(heardBy);
  return { ...servers, ...opened, stateOf, heard };
}

describe('a read that fails on a replica', () => {
  it.each([
    ['whose connection breaks', () => new Error('Connection terminated unexpectedly'), 'closed'],
    ['that shuts down', () => serverError('57P01', 'terminating connection', 'FATAL'), 'closed'],
    ['that replays what it contradicts', () => serverError('40001', 'conflict with recovery'), 'kept'],
  ])('%s is served by another', async (_how, failure, becomes) => {
    const { c, db, heard } = await setUp();
    c.answer = () => failure();
    await db.readOnly().query(select);
    expect(heard()).toEqual([[], [select], [select]]);
    expect(db.status().counts).toMatchObject({ retriedReads: 1, replicaReads: 1, primaryReads: 0 });
    expect(poolOf(db, 'c', 'read')?.idle).toBe(becomes === 'kept' ? 1 : undefined);
  });

  it('is served by the primary when every replica fails', async () => {
    const { b, c, db, heard } = await setUp();
    for (const replica of [b, c]) replica.answer = () => new Error('Connection terminated unexpectedly');
    await db.readOnly().query(select);
    expect(heard()).toEqual([[select], [select], [select]]);
    expect(db.status().counts).toMatchObject({ retriedReads: 2, replicaReads: 0, primaryReads: 1 });
  });

  it('is given up when it breaks one connection after the other: it may be what breaks them', async () => {
    const { a, b, c, db, clock, heard } = await setUp();
    for (const node of [a, b, c]) node.answer = () => new Error('Connection terminated unexpectedly');
    const given = expect(db.readOnly().query(select)).rejects.toMatchObject({
      code: 'UNITE_DB_CONNECTION_LOST',
      message: 'The read was given up after it had lost 5 connections (Connection terminated unexpectedly)',
    });
    for (let step = 0; step < 40; step++) await clock.advance(50);
    await given;
    expect(heard().flat()).toHaveLength(5);
  });

  it('has the last word where it is a verdict', async () => {
    const { c, db, heard } = await setUp();
    const mistake = serverError('42P01');
    c.answer = () => mistake;
    await expect(db.readOnly().query(select)).rejects.toBe(mistake);
    expect(heard()).toEqual([[], [], [select]]);
    expect(poolOf(db, 'c', 'read')).toMatchObject({ total: 1, idle: 1 });
  });

  it('has the last word where it may have given rows already', async () => {
    const { c, db, heard } = await setUp();
    const broken = new Error('Connection terminated unexpectedly');
    c.answer = () => broken;
    await expect(db.readOnly().query({ text: select, submit: () => undefined })).rejects.toBe(broken);
    expect(heard()).toEqual([[], [], [select]]);
    expect(poolOf(db, 'c', 'read')).toBeUndefined();
  });

  it('three times in a row leaves it alone for a while', async () => {
    const { c, db, stateOf, heard } = await setUp();
    c.answer = () => new Error('Connection terminated unexpectedly');
    for (let read = 0; read < 5; read++) await db.readOnly().query(select);
    expect(stateOf('c')).toMatchObject({ state: 'up', breaker: 'open' });
    expect(heard().map(({ length }) => length)).toEqual([0, 5, 3]);
  });
});

describe('a replica on which a borrowed connection broke', () => {
  it('is not lent to who tries again, before it has been asked how it is', async () => {
    const { c, db, clock, heard } = await setUp();
    const client = await db.readOnly().connect();
    c.hangs = 'connecting';
    c.answer = () => new Error('Connection terminated unexpectedly');
    await expect(client.query(select)).rejects.toMatchObject({ code: 'UNITE_DB_CONNECTION_LOST' });
    client.release();
    c.answer = answers();
    await borrowAndRead(db);
    expect(heard()).toEqual([[], [select], [select]]);
    c.thaw();
    await clock.advance(0);
    await borrowAndRead(db);
    expect(heard()).toEqual([[], [select], [select, select]]);
  });

  async function borrowAndRead(db: Awaited<ReturnType<typeof setUp>>['db']) {
    const client = await db.readOnly().connect();
    await client.query(select);
    client.release();
  }
});

describe('a read whose time is up', () => {
  it('is cancelled, and its connection closed', async () => {
    const { c, db, clock } = await setUp({ queryTimeoutMs: 100 });
    c.answer = answers(untilCancelled('SELECT 1'));
    const failed = expect(db.readOnly().query(select)).rejects.toMatchObject({
      code: 'UNITE_DB_DEADLINE_EXCEEDED',
      message: 'The time is up: a read on c; nothing took effect',
    });
    await clock.advance(100);
    await failed;
    expect(heardBy(c)).toEqual([select, 'SELECT pg_cancel_backend($1)']);
    expect(poolOf(db, 'c', 'read')).toBeUndefined();
  });

  it('while it waits for a connection sends nothing', async () => {
    const { c, db, clock } = await setUp({ queryTimeoutMs: 100 });
    c.hangs = 'connecting';
    const failed = expect(db.readOnly().query(select)).rejects.toMatchObject({
      code: 'UNITE_DB_DEADLINE_EXCEEDED',
      message: 'The time is up: waiting for a connection to c; nothing took effect',
    });
    await clock.advance(100);
    await failed;
    c.thaw();
    await clock.advance(0);
    expect(heardBy(c)).toEqual([]);
  });

  it('while nobody can be read is told so', async () => {
    const { a, b, c, db, clock, heard } = await setUp({ queryTimeoutMs: 1_000 });
    for (const server of [a, b, c]) takeAway(server);
    const failed = expect(db.readOnly().query(select)).rejects.toMatchObject({
      code: 'UNITE_DB_DEADLINE_EXCEEDED',
      message: 'The time is up: waiting for a node to read from; nothing took effect',
    });
    await clock.advance(1_000);
    await failed;
    expect(heard()).toEqual([[], [], []]);
  });
});

describe('without a connection to a replica', () => {
  it('the read goes to another', async () => {
    const { c, db, clock, stateOf, heard } = await setUp();
    c.refusal = refused();
    await db.readOnly().query(select);
    expect(heard()).toEqual([[], [select], []]);
    expect(db.status().counts).toMatchObject({ retriedReads: 1, refused: 0 });
    await clock.advance(0);
    expect(stateOf('c')).toMatchObject({ state: 'down', reason: 'takes no new connections' });
  });

  it('whose queue is full it goes to another, and nothing is said against the first', async () => {
    const servers = { a: new FakeServer(), b: new FakeServer({ isReplica: true }) };
    const { db } = await openFakeCluster(servers, { pool: { max: 1, maxWaiting: 1 } });
    const first = deferred<Answer>();
    servers.b.answer = () => first.promise;
    const reads = [db.readOnly().query(select), db.readOnly().query(select)];
    // As many as would open its breaker.
    for (let read = 0; read < 3; read++) await db.readOnly().query('SELECT 2');
    expect([heardBy(servers.a).length, heardBy(servers.b)]).toEqual([3, [select]]);
    first.resolve({});
    await Promise.all(reads);
    expect(db.status()).toMatchObject({
      nodes: [{}, { state: 'up', breaker: 'closed' }],
      counts: { refused: 3, retriedReads: 3, primaryReads: 3, replicaReads: 2 },
    });
  });

  it('nor to the primary the caller is refused where all queues are full', async () => {
    const server = new FakeServer();
    server.answer = silence;
    const { db, clock } = await openFakeCluster({ a: server }, { pool: { max: 1, maxWaiting: 1 } });
    for (let read = 0; read < 2; read++)
      db.readOnly()
        .query(select)
        .catch(() => undefined);
    await expect(db.readOnly().query(select)).rejects.toMatchObject({ code: 'UNITE_DB_QUEUE_FULL' });
    await clock.advance(0);
    expect(db.status().counts).toMatchObject({ refused: 1 });
    expect(heardBy(server)).toEqual([select]);
  });
});

describe('without anybody to read', () => {
  it('a read waits for one', async () => {
    const { a, b, c, db, clock, heard } = await setUp();
    for (const server of [a, b, c]) takeAway(server);
    const read = db.readOnly().query(select);
    await clock.advance(1_000);
    b.refusal = undefined;
    await clock.advance(3_000);
    await read;
    expect(heard()).toEqual([[], [select], []]);
  });

  it('for as long as a failover may take, and is told what was tried', async () => {
    const { a, b, c, db, clock } = await setUp({ failover: { timeoutMs: 2_000 } });
    for (const server of [a, b, c]) takeAway(server);
    const failed = expect(db.readOnly().query(select)).rejects.toMatchObject({
      code: 'UNITE_DB_NO_READER',
      message: expect.stringMatching(
        /^No node can be read\. a: connect ECONNREFUSED; .*The last one tried: connect ECONNREFUSED\.$/,
      ),
      cause: { code: 'ECONNREFUSED' },
    });
    await clock.advance(3_000);
    await failed;
  });

  it('because none was ever there, nothing was tried', async () => {
    const servers = { a: new FakeServer() };
    servers.a.refusal = refused();
    const { db, clock } = createFakeCluster(servers, { failover: { timeoutMs: 1_000 } });
    const failed = expect(db.readOnly().query(select)).rejects.toMatchObject({
      code: 'UNITE_DB_NO_READER',
      message: 'No node can be read. a: connect ECONNREFUSED.',
    });
    await clock.advance(2_000);
    await failed;
  });

  it('because everybody refuses the user, it is told so at once', async () => {
    const servers = { a: new FakeServer(), b: new FakeServer({ isReplica: true }) };
    const refusal = serverError('28P01', 'password authentication failed', 'FATAL');
    for (const server of [servers.a, servers.b]) server.refusal = refusal;
    const { db } = createFakeCluster(servers);
    await expect(db.readOnly().query(select)).rejects.toMatchObject({
      code: 'UNITE_DB_ACCESS_DENIED',
      cause: refusal,
    });
  });

  it('of one cluster, it is refused', async () => {
    const { db, a } = await setUp();
    const b = new FakeServer({ isReplica: true, systemId: 'another' });
    const mixed = createFakeCluster({ a, b });
    await expect(mixed.db.ready()).rejects.toMatchObject({ code: 'UNITE_DB_MIXED_CLUSTERS' });
    await expect(mixed.db.readOnly().query(select)).rejects.toMatchObject({
      code: 'UNITE_DB_MIXED_CLUSTERS',
    });
    await db.readOnly().query(select);
  });
});

describe('without a primary', () => {
  it('a replica is read all the same, though its breaker is open', async () => {
    const { a, b, c, db, clock, heard, stateOf } = await setUp();
    for (const server of [a, b]) takeAway(server);
    await clock.advance(12_000);
    c.answer = () => new Error('Connection terminated unexpectedly');
    const read = db.readOnly().query(select);
    await clock.advance(60);
    expect(stateOf('c')).toMatchObject({ state: 'up', breaker: 'open' });
    c.answer = answers();
    await clock.advance(100);
    await read;
    expect(heard().map(({ length }) => length > 0)).toEqual([false, false, true]);
    expect(db.status().counts.replicaReads).toBe(1);
  });

  it('nobody knows what a session has to see, so its reads wait for the next one', async () => {
    const { a, b, c, db, clock } = await setUp();
    await db.query('INSERT INTO t VALUES (1)');
    takeAway(a);
    await clock.advance(12_000);
    const read = db.readOnly().query(select);
    await clock.advance(1_000);
    expect([heardBy(b), heardBy(c)]).toEqual([[], []]);
    promote(b);
    c.timeline = 2;
    await clock.advance(1_000);
    await read;
    expect(db.status()).toMatchObject({ primary: 'b', counts: { failovers: 1 } });
  });
});
