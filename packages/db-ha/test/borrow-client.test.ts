import { describe, expect, it } from '@jest/globals';
import { settle } from '@unite/shared/testing';
import {
  answers,
  committed,
  heardBy,
  openFakeCluster,
  poolOf,
  silence,
  untilCancelled,
} from './fake-cluster';
import { type Answer, FakeServer, serverError } from './fake-driver';

const insert = 'INSERT INTO t VALUES (1)';
const commit = 'COMMIT;SELECT pg_current_wal_lsn()::text AS lsn';

async function setUp(given: Readonly<Record<string, () => Answer | Promise<Answer>>> = {}) {
  const servers = { a: new FakeServer(), b: new FakeServer({ isReplica: true }) };
  const opened = await openFakeCluster(servers, { queryTimeoutMs: 100 });
  servers.a.answer = answers(given);
  servers.b.answer = answers(given);
  return { ...servers, ...opened };
}

describe('a commit on a borrowed client', () => {
  it('tells the session how far it reaches, and the borrower what the driver does', async () => {
    const { a, db } = await setUp();
    const client = await db.connect();
    await client.query('BEGIN');
    await client.query(insert);
    await expect(client.query('COMMIT')).resolves.toMatchObject({ command: 'COMMIT' });
    client.release();
    expect(heardBy(a)).toEqual(['BEGIN', insert, commit]);
    // Further than the server says when it is asked.
    expect(await db.sessionToken()).toEqual({ systemId: a.systemId, timeline: 1, lsn: 0x3000148n });
    expect(poolOf(db, 'a', 'write')).toMatchObject({ total: 1, idle: 1 });
  });

  it('that does not say how far is asked about by whoever reads next', async () => {
    const { a, db } = await setUp({ COMMIT: () => committed('nonsense') });
    const client = await db.connect();
    await client.query('BEGIN');
    // Whatever the session wrote until now has its place.
    await db.sessionToken();
    await client.query('END');
    client.release();
    expect(db.sessionTokenNow()).toMatchObject({ lsn: undefined });
    a.lsn = 0x3000200n;
    expect(await db.sessionToken()).toMatchObject({ lsn: 0x3000200n });
  });

  it('that is answered with ROLLBACK is none, and the client is as good as before', async () => {
    const { db } = await setUp({ COMMIT: () => [{ command: 'ROLLBACK' }] });
    const client = await db.connect();
    await client.query('BEGIN');
    await expect(client.query('COMMIT')).rejects.toMatchObject({ code: 'UNITE_DB_ROLLED_BACK' });
    await client.query('SELECT 1');
    client.release();
    expect(poolOf(db, 'a', 'write')).toMatchObject({ total: 1, idle: 1 });
  });

  it('whose time is up is not cancelled, and unknown; what follows says so too', async () => {
    const { a, db, clock } = await setUp({ COMMIT: silence });
    const client = await db.connect();
    await client.query('BEGIN');
    const unknown = { code: 'UNITE_DB_COMMIT_UNKNOWN' };
    const done = expect(client.query('COMMIT')).rejects.toMatchObject(unknown);
    // A moment longer than the time: knowing is worth it.
    await clock.advance(100);
    await clock.advance(250);
    await done;
    await expect(client.query('ROLLBACK')).rejects.toMatchObject(unknown);
    client.release();
    expect(heardBy(a)).toEqual(['BEGIN', commit]);
    expect(poolOf(db, 'a', 'write')).toBeUndefined();
    expect(db.status().counts.unknownCommits).toBe(1);
  });
});

describe('a statement whose time is up', () => {
  it('is cancelled, and the client is as good as before', async () => {
    const { a, db, clock } = await setUp(untilCancelled('INSERT'));
    const client = await db.connect();
    const done = expect(client.query(insert)).rejects.toMatchObject({
      code: 'UNITE_DB_DEADLINE_EXCEEDED',
      message: 'The time is up: a statement on a was cancelled; nothing took effect',
    });
    await clock.advance(100);
    await done;
    await client.query('SELECT 1');
    client.release();
    expect(heardBy(a)).toEqual([insert, 'SELECT pg_cancel_backend($1)', 'SELECT 1']);
    expect(poolOf(db, 'a', 'write')).toMatchObject({ total: 1, idle: 1 });
  });

  it('in a transaction had no effect though the server says nothing: its commit can never be sent', async () => {
    const { a, db, clock } = await setUp({ INSERT: silence });
    const client = await db.connect();
    await client.query('BEGIN');
    const late = {
      code: 'UNITE_DB_DEADLINE_EXCEEDED',
      message: 'The time is up: a statement on a; nothing took effect',
    };
    const done = expect(client.query(insert)).rejects.toMatchObject(late);
    await clock.advance(350);
    await done;
    await expect(client.query('COMMIT')).rejects.toMatchObject(late);
    client.release();
    expect(heardBy(a)).toEqual(['BEGIN', insert, 'SELECT pg_cancel_backend($1)']);
    expect(poolOf(db, 'a', 'write')).toBeUndefined();
    expect(db.status().counts.unknownCommits).toBe(0);
  });

  it('outside of one is unknown where the server says nothing', async () => {
    const { db, clock } = await setUp({ INSERT: silence });
    const client = await db.connect();
    const done = expect(client.query(insert)).rejects.toMatchObject({ code: 'UNITE_DB_COMMIT_UNKNOWN' });
    await clock.advance(350);
    await done;
    client.release();
    expect(poolOf(db, 'a', 'write')).toBeUndefined();
    expect(db.status().counts.unknownCommits).toBe(1);
  });
});

describe('an error', () => {
  it('of the server leaves the client as it was', async () => {
    const violation = serverError('23505');
    const { a, db } = await setUp({ INSERT: () => violation });
    const client = await db.connect();
    await expect(client.query(insert)).rejects.toBe(violation);
    client.release();
    expect(poolOf(db, 'a', 'write')).toMatchObject({ total: 1, idle: 1 });
    expect(heardBy(a)).toEqual([insert]);
  });

  it('of the connection outside of a transaction leaves nobody knowing', async () => {
    const { a, db } = await setUp({ INSERT: silence });
    const client = await db.connect();
    const done = expect(client.query(insert)).rejects.toMatchObject({ code: 'UNITE_DB_COMMIT_UNKNOWN' });
    await settle();
    a.crash();
    await done;
    client.release();
    expect(poolOf(db, 'a', 'write')).toBeUndefined();
    expect(db.sessionTokenNow()).toMatchObject({ lsn: undefined });
  });

  it('of the connection inside one means that nothing took effect', async () => {
    const { a, db } = await setUp({ INSERT: silence });
    const client = await db.connect();
    await client.query('BEGIN');
    const done = expect(client.query(insert)).rejects.toMatchObject({
      code: 'UNITE_DB_CONNECTION_LOST',
      message: 'The connection to a broke (Connection terminated unexpectedly); nothing took effect',
    });
    await settle();
    a.crash();
    await done;
    client.release();
    expect(db.status().counts.unknownCommits).toBe(0);
  });

  it('of a connection for reading counts against its node', async () => {
    const { b, db } = await setUp({ SELECT: silence });
    for (let failure = 0; failure < 3; failure++) {
      const client = await db.readOnly().connect();
      const done = expect(client.query('SELECT 1')).rejects.toMatchObject({
        code: 'UNITE_DB_CONNECTION_LOST',
      });
      await settle();
      for (const each of b.pools.flatMap(({ clients }) => [...clients]).slice(-1))
        each.breakOff(new Error('x'));
      await done;
      client.release();
      await settle();
    }
    expect(db.status().nodes.find(({ name }) => name === 'b')).toMatchObject({ breaker: 'open' });
  });
});

describe('a borrowed client', () => {
  it('answers by callback too', async () => {
    const { db } = await setUp({ SELECT: () => ({ rowCount: 7 }), INSERT: () => serverError('23505') });
    const client = (await db.connect()) as unknown as Record<'query', (...given: unknown[]) => unknown>;
    const told = (...given: unknown[]) =>
      new Promise((resolve) => {
        const returned = client.query(...given, (error: unknown, result: unknown) =>
          resolve({ error, result, returned }),
        );
      });
    expect(await told('SELECT 1')).toMatchObject({
      error: undefined,
      result: { rowCount: 7 },
      returned: undefined,
    });
    expect(await told('SELECT $1', [1])).toMatchObject({ result: { rowCount: 7 } });
    expect(await told(insert)).toMatchObject({ error: { code: '23505' } });
  });

  it('lets through what brings its own protocol, and expects that it wrote', async () => {
    const { a, db } = await setUp();
    const client = await db.connect();
    await client.query({ text: 'FETCH 10', submit: () => undefined } as never);
    client.release();
    expect(heardBy(a)).toEqual(['FETCH 10']);
    expect(db.sessionTokenNow()).toMatchObject({ lsn: undefined });
  });

  it('sends nothing that is no statement', async () => {
    const { a, db } = await setUp();
    const client = await db.connect();
    await expect(client.query(undefined as never)).rejects.toThrow(TypeError);
    client.release();
    expect(heardBy(a)).toEqual([]);
  });

  it('is released once', async () => {
    const { db } = await setUp();
    const client = await db.connect();
    const { query } = client;
    client.release();
    expect(client.query).not.toBe(query);
    expect(() => client.release()).toThrow('already been released');
  });

  it.each([
    ['with an error', (): Error | boolean => new Error('of the borrower'), 'SELECT 1'],
    ['as broken', () => true, 'SELECT 1'],
    ['inside a transaction', () => false, 'BEGIN'],
  ])('that is released %s is closed', async (_how, given, statement) => {
    const { db } = await setUp();
    const client = await db.connect();
    await client.query(statement);
    client.release(given());
    expect(poolOf(db, 'a', 'write')).toBeUndefined();
  });

  it('is taken away when the cluster closes and its time is up', async () => {
    const { a, db, clock } = await setUp();
    const client = await db.connect();
    await client.query(insert);
    const closed = db.close({ timeoutMs: 50 });
    // What is on it may still come to its end.
    await client.query('SELECT 1');
    await clock.advance(50);
    expect(await closed).toEqual({ drained: false, aborted: 1 });
    await expect(client.query('SELECT 2')).rejects.toMatchObject({ code: 'UNITE_DB_CLOSED' });
    client.release();
    expect(heardBy(a)).toEqual([insert, 'SELECT 1']);
  });
});
