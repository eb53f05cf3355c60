import { describe, expect, it } from '@jest/globals';
import { deferred } from '../deferred';
import {
  answers,
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

const insert = 'INSERT INTO t VALUES (1)';
const pair = () => ({ a: new FakeServer(), b: new FakeServer({ isReplica: true }) });

it('sends a write to the primary, once, and keeps the connection', async () => {
  const servers = pair();
  const { db } = await openFakeCluster(servers);
  servers.a.answer = answers({ INSERT: () => ({ command: 'INSERT', rowCount: 1 }) });
  await expect(db.query(insert)).resolves.toMatchObject({ command: 'INSERT', rowCount: 1 });
  expect([heardBy(servers.a), heardBy(servers.b)]).toEqual([[insert], []]);
  expect(poolOf(db, 'a', 'write')).toMatchObject({ total: 1, idle: 1 });
});

describe('without a connection nothing has been sent', () => {
  it('so a write is tried again after a pause', async () => {
    const servers = pair();
    const { db, clock } = await openFakeCluster(servers);
    servers.a.refusal = refused();
    const written = db.query(insert);
    await clock.advance(19);
    servers.a.refusal = undefined;
    expect(heardBy(servers.a)).toEqual([]);
    await clock.advance(1);
    await expect(written).resolves.toMatchObject({ rowCount: 0 });
    expect(heardBy(servers.a)).toEqual([insert]);
    expect(db.status().counts).toMatchObject({ retriedWrites: 1, unknownCommits: 0 });
  });

  it('until the time is up, which it can be during the pause', async () => {
    const servers = pair();
    const { db, clock } = await openFakeCluster(servers, { queryTimeoutMs: 50 });
    servers.a.refusal = refused();
    const written = expect(db.query(insert)).rejects.toMatchObject({
      code: 'UNITE_DB_DEADLINE_EXCEEDED',
      message: 'The time is up: waiting for a; nothing took effect',
    });
    await clock.advance(50);
    await written;
    // At 0, 20 and 40 ms.
    expect(db.status().counts).toMatchObject({ retriedWrites: 3, unknownCommits: 0 });
    servers.a.refusal = undefined;
    await clock.advance(1_000);
    expect(heardBy(servers.a)).toEqual([]);
  });

  it('not where the server refuses the user', async () => {
    const servers = pair();
    const { db } = await openFakeCluster(servers);
    servers.a.refusal = serverError('28P01', 'password authentication failed', 'FATAL');
    await expect(db.query(insert)).rejects.toMatchObject({
      code: 'UNITE_DB_ACCESS_DENIED',
      message: 'a: password authentication failed',
    });
    expect(db.status().counts.retriedWrites).toBe(0);
  });

  it('not where too many wait for one already', async () => {
    const servers = pair();
    const { db } = await openFakeCluster(servers, { pool: { max: 1, maxWaiting: 1 } });
    const first = deferred<Answer>();
    servers.a.answer = () => first.promise;
    const written = [db.query(insert), db.query(insert)];
    await expect(db.query(insert)).rejects.toMatchObject({ code: 'UNITE_DB_QUEUE_FULL' });
    expect(db.status().counts).toMatchObject({ refused: 1, retriedWrites: 0 });
    first.resolve({});
    await Promise.all(written);
    expect(heardBy(servers.a)).toEqual([insert, insert]);
  });

  it('nor when it takes longer than there is time', async () => {
    const servers = pair();
    const { db, clock } = await openFakeCluster(servers, { queryTimeoutMs: 100 });
    servers.a.hangs = 'connecting';
    const written = expect(db.query(insert)).rejects.toMatchObject({
      code: 'UNITE_DB_DEADLINE_EXCEEDED',
      message: 'The time is up: waiting for a connection to a; nothing took effect',
    });
    await clock.advance(100);
    await written;
    servers.a.thaw();
    await clock.advance(0);
    expect(heardBy(servers.a)).toEqual([]);
    // The connection that came too late is there for the next one.
    expect(poolOf(db, 'a', 'write')).toMatchObject({ total: 1, idle: 1 });
  });

  it('so a write that waits for one to a replaced primary goes to its successor', async () => {
    const servers = pair();
    const { db, clock } = await openFakeCluster(servers, { healthCheckEveryMs: 500 });
    servers.a.hangs = 'connecting';
    const written = db.query(insert);
    promote(servers.b);
    await clock.advance(2_000);
    await written;
    expect([heardBy(servers.a), heardBy(servers.b)]).toEqual([[], [insert]]);
    expect(db.status()).toMatchObject({ primary: 'b', counts: { failovers: 1, retriedWrites: 1 } });
  });
});

describe('without a primary', () => {
  async function loseThePrimary(queryTimeoutMs: number) {
    const servers = pair();
    const opened = await openFakeCluster(servers, { queryTimeoutMs, failover: { timeoutMs: 2_000 } });
    takeAway(servers.a);
    const written = opened.db.query(insert);
    written.catch(() => undefined);
    await opened.clock.advance(500);
    expect(opened.db.status()).toMatchObject({ primary: undefined, waitingWrites: 1 });
    return { ...opened, ...servers, written };
  }

  it('a write waits for the next one', async () => {
    const { a, b, db, clock, written } = await loseThePrimary(10_000);
    promote(b);
    await clock.advance(500);
    await written;
    expect([heardBy(a), heardBy(b)]).toEqual([[], [insert]]);
    expect(db.status()).toMatchObject({ primary: 'b', waitingWrites: 0, counts: { failovers: 1 } });
  });

  it('or for as long as a failover may take', async () => {
    const { clock, written } = await loseThePrimary(10_000);
    await clock.advance(2_000);
    await expect(written).rejects.toMatchObject({ code: 'UNITE_DB_NO_PRIMARY' });
  });

  it('or for as long as it has time', async () => {
    const { clock, written, db } = await loseThePrimary(1_000);
    await clock.advance(500);
    await expect(written).rejects.toMatchObject({
      code: 'UNITE_DB_DEADLINE_EXCEEDED',
      message: 'The time is up: waiting for a primary; nothing took effect',
    });
    expect(db.status().waitingWrites).toBe(0);
  });
});

describe('a statement that the server rolled back because of others', () => {
  it('is sent again at once on the connection', async () => {
    const servers = pair();
    const { db } = await openFakeCluster(servers);
    const said: Answer[] = [serverError('40001'), serverError('40P01'), { rowCount: 1 }];
    servers.a.answer = () => said.shift() ?? {};
    await expect(db.query(insert)).resolves.toMatchObject({ rowCount: 1 });
    expect(heardBy(servers.a)).toEqual([insert, insert, insert]);
    expect(poolOf(db, 'a', 'write')).toMatchObject({ total: 1, idle: 1 });
  });

  it('is given up after five times', async () => {
    const servers = pair();
    const { db } = await openFakeCluster(servers);
    const conflict = serverError('40001');
    servers.a.answer = () => conflict;
    await expect(db.query(insert)).rejects.toBe(conflict);
    expect(heardBy(servers.a)).toHaveLength(5);
  });

  it('is not sent again when it brings its own protocol and may have given rows already', async () => {
    const servers = pair();
    const { db } = await openFakeCluster(servers);
    const conflict = serverError('40001');
    servers.a.answer = () => conflict;
    await expect(db.query({ text: 'FETCH 10', submit: () => undefined })).rejects.toBe(conflict);
    expect(heardBy(servers.a)).toEqual(['FETCH 10']);
  });
});

it('hands on a verdict on the statement, and keeps the connection', async () => {
  const servers = pair();
  const { db } = await openFakeCluster(servers);
  const violation = serverError('23505');
  servers.a.answer = () => violation;
  await expect(db.query(insert)).rejects.toBe(violation);
  expect(heardBy(servers.a)).toEqual([insert]);
  expect(poolOf(db, 'a', 'write')).toMatchObject({ total: 1, idle: 1 });
});

describe('a server that took nothing', () => {
  it('because it shuts down is asked again on another connection', async () => {
    const servers = pair();
    const { db, clock } = await openFakeCluster(servers);
    const said: Answer[] = [serverError('57P03', 'the database system is shutting down', 'FATAL')];
    servers.a.answer = () => said.shift() ?? { rowCount: 1 };
    const written = db.query(insert);
    await clock.advance(0);
    expect(poolOf(db, 'a', 'write')).toBeUndefined();
    await clock.advance(20);
    await expect(written).resolves.toMatchObject({ rowCount: 1 });
    expect(heardBy(servers.a)).toEqual([insert, insert]);
    expect(db.status().counts).toMatchObject({ retriedWrites: 1, unknownCommits: 0 });
  });

  it('because it is a replica now is replaced by the new primary', async () => {
    const servers = pair();
    const { db, clock } = await openFakeCluster(servers);
    await db.query('SELECT 1');
    servers.a.answer = () => serverError('25006', 'cannot execute INSERT in a read-only transaction');
    servers.a.isReplica = true;
    promote(servers.b);
    const written = db.query(insert);
    await clock.advance(1_000);
    await written;
    expect([heardBy(servers.a), heardBy(servers.b)]).toEqual([['SELECT 1', insert], [insert]]);
    expect(db.status()).toMatchObject({ primary: 'b', counts: { failovers: 1, retriedWrites: 1 } });
  });

  it('twice, though it is the primary, has the last word: the transaction is read-only by its own wish', async () => {
    const servers = pair();
    const { db, clock } = await openFakeCluster(servers);
    const refusal = serverError('25006');
    servers.a.answer = () => refusal;
    const written = expect(db.query(insert)).rejects.toBe(refusal);
    await clock.advance(1_000);
    await written;
    expect(heardBy(servers.a)).toEqual([insert, insert]);
  });
});

describe('a write under way', () => {
  it('on a connection that breaks is one of which nobody knows', async () => {
    const servers = pair();
    const { db, clock } = await openFakeCluster(servers);
    servers.a.answer = silence;
    const written = expect(db.query(insert)).rejects.toMatchObject({
      name: 'CommitUnknownError',
      code: 'UNITE_DB_COMMIT_UNKNOWN',
      cause: { message: 'Connection terminated unexpectedly' },
    });
    await clock.advance(0);
    servers.a.crash();
    await written;
    await clock.advance(1_000);
    expect(heardBy(servers.a)).toEqual([insert]);
    expect(db.status().counts).toMatchObject({ unknownCommits: 1, retriedWrites: 0 });
    // It may be there, so whoever reads next has to see it.
    expect(db.sessionTokenNow()).toMatchObject({ timeline: 1, lsn: undefined });
  });

  it('is cancelled when the time is up; the server says that it had no effect', async () => {
    const servers = pair();
    const { db, clock } = await openFakeCluster(servers, { queryTimeoutMs: 100 });
    servers.a.answer = answers(untilCancelled('INSERT'));
    const written = expect(db.query(insert)).rejects.toMatchObject({
      code: 'UNITE_DB_DEADLINE_EXCEEDED',
      message: 'The time is up: a statement on a was cancelled; nothing took effect',
    });
    await clock.advance(100);
    await written;
    expect(heardBy(servers.a)).toEqual([insert, 'SELECT pg_cancel_backend($1)']);
    expect(poolOf(db, 'a', 'write')).toMatchObject({ total: 1, idle: 1 });
    expect(db.sessionTokenNow()).toBeUndefined();
  });

  it('is one of which nobody knows when the server says nothing to that', async () => {
    const servers = pair();
    const { db, clock } = await openFakeCluster(servers, { queryTimeoutMs: 100 });
    servers.a.answer = answers({ INSERT: silence });
    const written = expect(db.query(insert)).rejects.toMatchObject({ code: 'UNITE_DB_COMMIT_UNKNOWN' });
    await clock.advance(350);
    await written;
    expect(poolOf(db, 'a', 'write')).toBeUndefined();
    expect(db.status().counts.unknownCommits).toBe(1);
  });
});
