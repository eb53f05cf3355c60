import { describe, expect, it } from '@jest/globals';
import type { UniteContext } from '@unite/core';
import { manualClock } from '@unite/shared/testing';
import type { QueryMessage, TransactionMessage } from '../src';
import { answers, heardBy, openFakeCluster, poolOf, silence, untilCancelled } from './fake-cluster';
import { FakeServer, serverError } from './fake-driver';
import { heardOn } from './subscribe';

const insert = 'INSERT INTO t VALUES (1)';

/** A cluster whose calls belong to a request, once it is ready. */
async function setUp(request: (nowMs: number) => Partial<UniteContext> = () => ({})) {
  const servers = { a: new FakeServer(), b: new FakeServer({ isReplica: true }) };
  servers.a.answer = answers({ INSERT: () => ({ rowCount: 1 }) });
  const clock = manualClock();
  let context: UniteContext | undefined;
  const { db } = await openFakeCluster(servers, { name: 'crm', context: () => context }, clock);
  context = { requestId: 'r', state: new Map(), ...request(clock.wallMs()) };
  return { ...servers, db, clock };
}

describe('a request', () => {
  it('has its deadline before that of a query', async () => {
    const { a, db, clock } = await setUp((nowMs) => ({ deadlineAtMs: nowMs + 50 }));
    a.answer = answers(untilCancelled('INSERT'));
    const done = expect(db.query(insert)).rejects.toMatchObject({ code: 'UNITE_DB_DEADLINE_EXCEEDED' });
    await clock.advance(50);
    await done;
    expect(heardBy(a)).toEqual([insert, 'SELECT pg_cancel_backend($1)']);
  });

  it('leaves a transaction no more time than it has', async () => {
    const { a, db, clock } = await setUp((nowMs) => ({ deadlineAtMs: nowMs + 50 }));
    a.answer = answers({ INSERT: silence });
    const done = expect(
      db.transaction((tx) => tx.query(insert), { timeoutMs: 10_000 }),
    ).rejects.toMatchObject({ code: 'UNITE_DB_DEADLINE_EXCEEDED' });
    await clock.advance(50);
    await done;
  });

  it('whose time is up sends nothing', async () => {
    const { a, b, db } = await setUp((nowMs) => ({ deadlineAtMs: nowMs }));
    const late = { code: 'UNITE_DB_DEADLINE_EXCEEDED' };
    await expect(db.query(insert)).rejects.toMatchObject(late);
    await expect(db.readOnly().query('SELECT 1')).rejects.toMatchObject(late);
    await expect(db.transaction(async () => undefined)).rejects.toMatchObject(late);
    await expect(db.connect()).rejects.toMatchObject(late);
    expect([heardBy(a), heardBy(b)]).toEqual([[], []]);
  });

  it('that was aborted sends nothing', async () => {
    const reason = new Error('the user left');
    const { a, db } = await setUp(() => ({ signal: AbortSignal.abort(reason) }));
    await expect(db.query(insert)).rejects.toMatchObject({ code: 'UNITE_DB_ABORTED', cause: reason });
    expect(heardBy(a)).toEqual([]);
  });

  it('that is aborted has its statement cancelled', async () => {
    const request = new AbortController();
    const { a, db, clock } = await setUp(() => ({ signal: request.signal }));
    a.answer = answers(untilCancelled('INSERT'));
    const done = expect(db.query(insert)).rejects.toMatchObject({ code: 'UNITE_DB_ABORTED' });
    await clock.advance(30);
    request.abort();
    await clock.advance(25);
    await done;
    expect(heardBy(a)).toEqual([insert, 'SELECT pg_cancel_backend($1)']);
    expect(poolOf(db, 'a', 'write')).toMatchObject({ total: 1, idle: 1 });
  });
});

describe('an error of the server', () => {
  it('leads to the line that asked, not to a socket', async () => {
    const { a, db } = await setUp();
    const violation = serverError('23505');
    violation.stack = 'Error: said the server\n    at Parser.parseErrorMessage (pg-protocol/parser.js:1:1)';
    a.answer = () => violation;
    await expect(db.query(insert)).rejects.toBe(violation);
    expect(violation.stack).toContain('calls.ts');
    expect(violation.stack).not.toContain('pg-protocol');
  });
});

describe('a cluster that closes', () => {
  it('takes nothing more', async () => {
    const { a, b, db } = await setUp();
    expect(await db.close()).toEqual({ drained: true, aborted: 0 });
    const closed = { code: 'UNITE_DB_CLOSED', message: 'The cluster is closed' };
    await expect(db.query(insert)).rejects.toMatchObject(closed);
    await expect(db.readOnly().query('SELECT 1')).rejects.toMatchObject(closed);
    await expect(db.transaction(async () => undefined)).rejects.toMatchObject(closed);
    await expect(db.connect()).rejects.toMatchObject(closed);
    await expect(db.readOnly().connect()).rejects.toMatchObject(closed);
    await expect(db.ready()).rejects.toMatchObject(closed);
    expect([heardBy(a), heardBy(b), a.open.size, b.open.size]).toEqual([[], [], 0, 0]);
  });

  it('lets what runs come to its end', async () => {
    const { a, db, clock } = await setUp();
    const work = db.transaction(async (tx) => {
      await clock.sleep(100);
      return tx.query(insert);
    });
    await clock.advance(50);
    const closed = db.close({ timeoutMs: 1_000 });
    expect(db.ending).toBe(true);
    await clock.advance(50);
    await work;
    expect(await closed).toEqual({ drained: true, aborted: 0 });
    expect(heardBy(a)).toEqual(['BEGIN', insert, expect.stringContaining('COMMIT')]);
  });

  it('cuts off what takes longer', async () => {
    const { a, db, clock } = await setUp();
    a.answer = answers(untilCancelled('INSERT'));
    const done = expect(db.query(insert)).rejects.toMatchObject({ code: 'UNITE_DB_CLOSED' });
    await clock.advance(0);
    const closed = db.close({ timeoutMs: 100 });
    await clock.advance(100);
    await done;
    expect(await closed).toEqual({ drained: false, aborted: 1 });
    expect(heardBy(a)).toEqual([insert, 'SELECT pg_cancel_backend($1)']);
  });
});

describe('a subscriber', () => {
  it('hears of a write and where it went', async () => {
    const { db } = await setUp();
    const heard = await heardOn<QueryMessage>('tracing:unite:db-ha:query:asyncEnd', () => db.query(insert));
    expect(heard).toEqual([
      { cluster: 'crm', kind: 'write', statement: 'INSERT t', node: 'a', role: 'primary' },
    ]);
  });

  it('hears of reads on a replica and on the primary', async () => {
    const { db } = await setUp();
    const heard = await heardOn<QueryMessage>('tracing:unite:db-ha:query:asyncEnd', async () => {
      await db.readOnly().query('SELECT 1');
      await db.readOnly({ consistency: 'strong' }).query('SELECT 1');
    });
    expect(heard).toEqual([
      { cluster: 'crm', kind: 'read', statement: 'SELECT', node: 'b', role: 'replica' },
      { cluster: 'crm', kind: 'read', statement: 'SELECT', node: 'a', role: 'primary' },
    ]);
  });

  it('hears of a transaction and its error', async () => {
    const { db } = await setUp();
    const error = new Error('of the work');
    const heard = await heardOn<TransactionMessage>('tracing:unite:db-ha:transaction:asyncEnd', async () => {
      await db.transaction(async () => undefined);
      const work = () => Promise.reject(error);
      await expect(db.transaction(work, { idempotencyKey: 'k', maxAttempts: 1 })).rejects.toBe(error);
    });
    expect(heard).toEqual([
      { cluster: 'crm', isIdempotent: false },
      { cluster: 'crm', isIdempotent: true, error },
    ]);
  });
});
