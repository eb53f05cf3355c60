import { describe, expect, it } from '@jest/globals';
import type { TransactionOptions } from '../../src';
import { deferred } from '../deferred';
import {
  answers,
  committed,
  heardBy,
  openFakeCluster,
  poolOf,
  promote,
  silence,
  takeAway,
} from '../fake-cluster';
import { type Answer, FakeServer, serverError } from '../fake-driver';

const insert = 'INSERT INTO t VALUES (1)';
const commit = 'COMMIT;SELECT pg_current_wal_lsn()::text AS lsn';
const takeKey = 'INSERT INTO unite_idempotency (key) VALUES ($1) ON CONFLICT (key) DO NOTHING';

/** A cluster whose primary answers a commit with each of `said` in turn, then as it should. */
async function setUp(said: (() => Answer | Promise<Answer>)[] = []) {
  const servers = { a: new FakeServer(), b: new FakeServer({ isReplica: true }) };
  const well = { 'INSERT INTO unite_idempotency': () => ({ rowCount: 1 }) };
  servers.a.answer = answers({ ...well, COMMIT: () => said.shift()?.() ?? committed() });
  servers.b.answer = answers(well);
  const opened = await openFakeCluster(servers, { healthCheckEveryMs: 500 });
  const run = (options?: TransactionOptions) =>
    opened.db.transaction(async (tx) => {
      await tx.query(insert);
      return 'done';
    }, options);
  return { ...servers, ...opened, run };
}

const commitsIn = (server: FakeServer) => heardBy(server).filter((text) => text === commit).length;

describe('a commit', () => {
  it('without a position is a commit; whoever reads next asks for it', async () => {
    const { a, db, run } = await setUp([() => committed('nonsense')]);
    expect(await run()).toBe('done');
    expect(db.sessionTokenNow()).toEqual({ systemId: a.systemId, timeline: 1, lsn: undefined });
    a.lsn = 0x3000200n;
    expect(await db.sessionToken()).toEqual({ systemId: a.systemId, timeline: 1, lsn: 0x3000200n });
    expect(poolOf(db, 'a', 'write')).toMatchObject({ total: 1, idle: 1 });
  });

  it('that does not wait for the log asks where that is inserted', async () => {
    const { a, db, run } = await setUp();
    a.commitsAsynchronously = true;
    expect(await run()).toBe('done');
    expect(heardBy(a).at(-1)).toBe('COMMIT;SELECT pg_current_wal_insert_lsn()::text AS lsn');
    expect(db.sessionTokenNow()).toMatchObject({ lsn: 0x3000148n });
  });

  it('that is answered with ROLLBACK is none, and the connection is kept', async () => {
    const { db, run } = await setUp([() => [{ command: 'ROLLBACK' }]]);
    await expect(run()).rejects.toMatchObject({ code: 'UNITE_DB_ROLLED_BACK' });
    expect(poolOf(db, 'a', 'write')).toMatchObject({ total: 1, idle: 1 });
    expect(db.status().counts.unknownCommits).toBe(0);
  });

  it('that breaks a rule which was deferred is none, and the connection is kept', async () => {
    const violation = serverError('23503');
    const { db, run } = await setUp([() => violation]);
    await expect(run()).rejects.toBe(violation);
    expect(poolOf(db, 'a', 'write')).toMatchObject({ total: 1, idle: 1 });
  });

  it('that was never sent is sent with the next attempt, on another connection', async () => {
    const { a, db, clock, run } = await setUp([
      () => new Error('Client has encountered a connection error and is not queryable'),
    ]);
    const done = run();
    await clock.advance(5);
    expect(await done).toBe('done');
    expect([commitsIn(a), a.open.size]).toEqual([2, 2]);
    expect(db.status().counts).toMatchObject({ retriedTransactions: 1, unknownCommits: 0 });
  });

  it('that was never sent with the last attempt is told as what it is, not in the words of the driver', async () => {
    const notSent = new Error('Client has encountered a connection error and is not queryable');
    const { run } = await setUp([() => notSent]);
    await expect(run({ maxAttempts: 1 })).rejects.toMatchObject({
      code: 'UNITE_DB_CONNECTION_LOST',
      cause: notSent,
    });
  });

  it('on a connection that breaks is one of which nobody knows, and not run again', async () => {
    const { a, db, clock, run } = await setUp([silence]);
    const done = expect(run()).rejects.toMatchObject({
      name: 'CommitUnknownError',
      code: 'UNITE_DB_COMMIT_UNKNOWN',
      cause: { message: 'Connection terminated unexpectedly' },
    });
    await clock.advance(0);
    a.crash();
    await clock.advance(1_000);
    await done;
    expect(commitsIn(a)).toBe(1);
    expect(db.status().counts).toMatchObject({ retriedTransactions: 0, unknownCommits: 1 });
    expect(db.sessionTokenNow()).toMatchObject({ lsn: undefined });
  });
});

describe('a commit whose time is up', () => {
  it('may answer for a moment: it is never cancelled, and knowing is worth it', async () => {
    const answer = deferred<Answer>();
    const { a, db, clock, run } = await setUp([() => answer.promise]);
    const done = run({ timeoutMs: 100 });
    await clock.advance(349);
    answer.resolve(committed());
    expect(await done).toBe('done');
    expect(heardBy(a)).toEqual(['BEGIN', insert, commit]);
    expect(poolOf(db, 'a', 'write')).toMatchObject({ total: 1, idle: 1 });
    expect(db.sessionTokenNow()).toMatchObject({ lsn: 0x3000148n });
  });

  it('may fail in that moment, in its own words', async () => {
    const answer = deferred<Answer>();
    const { db, clock, run } = await setUp([() => answer.promise]);
    const violation = serverError('23503');
    const done = expect(run({ timeoutMs: 100 })).rejects.toBe(violation);
    await clock.advance(300);
    answer.resolve(violation);
    await done;
    expect(db.status().counts.unknownCommits).toBe(0);
  });

  it('and that says nothing is one of which nobody knows', async () => {
    const { a, db, clock, run } = await setUp([silence]);
    const done = expect(run({ timeoutMs: 100 })).rejects.toMatchObject({ code: 'UNITE_DB_COMMIT_UNKNOWN' });
    await clock.advance(350);
    await done;
    expect(heardBy(a)).toEqual(['BEGIN', insert, commit]);
    expect(poolOf(db, 'a', 'write')).toBeUndefined();
    expect(db.status().counts.unknownCommits).toBe(1);
  });

  it('is one of which nobody knows at once where the primary was replaced', async () => {
    const { a, b, db, clock, run } = await setUp([silence]);
    const done = expect(run()).rejects.toMatchObject({ code: 'UNITE_DB_COMMIT_UNKNOWN' });
    await clock.advance(100);
    promote(b);
    await clock.advance(1_000);
    await done;
    expect([commitsIn(a), commitsIn(b)]).toEqual([1, 0]);
    expect(db.status().counts).toMatchObject({ failovers: 1, unknownCommits: 1 });
  });
});

describe('with an idempotencyKey', () => {
  it('the result is kept in the same transaction', async () => {
    const { a, run } = await setUp();
    expect(await run({ idempotencyKey: 'order-17' })).toBe('done');
    expect(heardBy(a)).toEqual([
      'BEGIN',
      takeKey,
      insert,
      'UPDATE unite_idempotency SET result = $2::jsonb WHERE key = $1',
      commit,
    ]);
  });

  it('what was committed before is not done again, and is seen by who reads next', async () => {
    const { a, db, run } = await setUp();
    a.answer = answers({ 'SELECT result': () => ({ rows: [{ result: '"of that time"' }] }) });
    expect(await run({ idempotencyKey: 'order-17' })).toBe('of that time');
    expect(heardBy(a)).toEqual(['BEGIN', takeKey, expect.stringContaining('SELECT result'), 'ROLLBACK']);
    expect(poolOf(db, 'a', 'write')).toMatchObject({ total: 1, idle: 1 });
    expect(db.sessionTokenNow()).toMatchObject({ lsn: undefined });
  });

  it('a commit of which nobody knows is found out by the next attempt: it was there', async () => {
    const { a, db, clock, run } = await setUp([silence]);
    const done = run({ idempotencyKey: 'order-17' });
    await clock.advance(0);
    a.answer = answers({ 'SELECT result': () => ({ rows: [{ result: '"done"' }] }) });
    a.crash();
    await clock.advance(1_000);
    expect(await done).toBe('done');
    expect(commitsIn(a)).toBe(1);
    expect(db.status().counts).toMatchObject({ retriedTransactions: 1, unknownCommits: 1 });
  });

  it('or it was not, and a later failure is one before which nothing took effect', async () => {
    const { a, clock, run } = await setUp([silence]);
    const done = run({ idempotencyKey: 'order-17' });
    await clock.advance(0);
    const violation = serverError('23505');
    a.answer = answers({ 'INSERT INTO t ': () => violation, INSERT: () => ({ rowCount: 1 }) });
    a.crash();
    const failed = expect(done).rejects.toBe(violation);
    await clock.advance(1_000);
    await failed;
  });

  it('it stays unknown where no later attempt gets as far', async () => {
    const { a, clock, run } = await setUp([silence]);
    const done = run({ idempotencyKey: 'order-17', timeoutMs: 2_000 });
    await clock.advance(0);
    takeAway(a);
    const failed = expect(done).rejects.toMatchObject({ code: 'UNITE_DB_COMMIT_UNKNOWN' });
    await clock.advance(3_000);
    await failed;
    expect(commitsIn(a)).toBe(1);
  });

  it('and where the time is up with the commit', async () => {
    const { a, clock, run } = await setUp([silence]);
    const failed = expect(run({ idempotencyKey: 'order-17', timeoutMs: 100 })).rejects.toMatchObject({
      code: 'UNITE_DB_COMMIT_UNKNOWN',
    });
    await clock.advance(1_000);
    await failed;
    expect(heardBy(a).filter((text) => text === 'BEGIN')).toHaveLength(1);
  });
});
