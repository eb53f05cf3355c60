import { describe, expect, it } from '@jest/globals';
import { createCluster } from '../../src';
import { heardBy, openFakeCluster, poolOf } from '../fake-cluster';
import { FakeServer, fakeDriver, serverError } from '../fake-driver';

const login = { text: 'SELECT login($1)', values: ['ada'] };

function open(pooler: 'none' | 'transaction') {
  const servers = { a: new FakeServer(), b: new FakeServer({ isReplica: true }) };
  const nodes = ['a', 'b'].map((name) => ({ url: `postgres://${name}/app`, name, pooler }));
  // A fake has no more of a pool's types than a cluster uses.
  const db = createCluster({ nodes, Pool: fakeDriver(servers) as never }) as ReturnType<
    typeof createCluster
  > & { query(config: object): Promise<unknown> };
  const reads = db.readOnly() as unknown as typeof db;
  return { servers, db, reads };
}

it.each(['28P01', '28000', '3D000'])(
  'hands on %s when a function in a read says it, from the one node asked',
  async (code) => {
    const { servers, db, reads } = open('none');
    await db.ready();
    const refusal = serverError(code, 'invalid user or password');
    for (const server of [servers.a, servers.b])
      server.answer = (text) => (text === login.text ? refusal : {});
    await expect(reads.query(login)).rejects.toBe(refusal);
    const asked = [servers.a, servers.b].flatMap(({ statements }) =>
      statements.filter((text) => text === login.text),
    );
    expect(asked).toHaveLength(1);
    // The connection is as good as before.
    expect(db.status().nodes.find(({ name }) => name === 'b')).toMatchObject({
      state: 'up',
      breaker: 'closed',
      pools: [{ idle: 1 }],
    });
    await db.close();
  },
);

it('tries another node when a pooler says it, which lets in with the statement', async () => {
  const { servers, db, reads } = open('transaction');
  await db.ready();
  servers.b.answer = (text) => (text === login.text ? serverError('28P01', 'of the pooler', 'FATAL') : {});
  servers.a.answer = (text) => (text === login.text ? { rows: [{ user: 'ada' }] } : {});
  await expect(reads.query(login)).resolves.toMatchObject({ rows: [{ user: 'ada' }] });
  await db.close();
});

it('leaves a replica that was restarted since it was looked at, which can be further back than it was', async () => {
  const b = new FakeServer({ isReplica: true });
  const servers = { a: new FakeServer(), b };
  const { db, clock } = await openFakeCluster(servers);
  b.startedAt = '2026-01-02 00:00:00+00';
  await db.readOnly().query('SELECT 1');
  expect([heardBy(servers.a), heardBy(b)]).toEqual([['SELECT 1'], []]);
  expect(poolOf(db, 'b', 'read')).toBeUndefined();
  expect(db.status().counts).toMatchObject({ primaryReads: 1, replicaReads: 0 });
  // Seen to be where the primary is, it serves again.
  await clock.advance(10_000);
  await db.readOnly().query('SELECT 2');
  expect(heardBy(b)).toEqual(['SELECT 2']);
});

describe('a read of a session that wrote', () => {
  async function write() {
    const servers = { a: new FakeServer(), b: new FakeServer({ isReplica: true }) };
    const { db, clock } = await openFakeCluster(servers);
    servers.a.lsn = 0x3000100n;
    await db.query('INSERT INTO t VALUES (1)');
    return { ...servers, db, clock };
  }

  it('waits for the replica that shows it', async () => {
    const { a, b, db, clock } = await write();
    const read = db.readOnly().query('SELECT 1');
    await clock.advance(20);
    expect([heardBy(a).slice(1), heardBy(b)]).toEqual([[], []]);
    b.lsn = 0x3000100n;
    await clock.advance(10);
    await read;
    expect([heardBy(a).slice(1), heardBy(b)]).toEqual([[], ['SELECT 1']]);
    // Known from now on.
    await db.readOnly().query('SELECT 2');
    expect(heardBy(b)).toEqual(['SELECT 1', 'SELECT 2']);
  });

  it('goes to the primary where that takes too long', async () => {
    const { a, b, db, clock } = await write();
    const read = db.readOnly().query('SELECT 1');
    await clock.advance(50);
    await read;
    expect([heardBy(a).slice(1), heardBy(b)]).toEqual([['SELECT 1'], []]);
    expect(db.status().counts).toMatchObject({ primaryReads: 1, retriedReads: 0 });
  });
});

it('tells the primary behind a pooler with each statement that it only reads', async () => {
  const server = new FakeServer();
  const nodes = [{ url: 'postgres://a/app', name: 'a', pooler: 'transaction' as const }];
  const { db } = await openFakeCluster({ a: server }, { nodes });
  const mistake = serverError('42P01');
  server.answer = (text) => (text === 'SELECT 1' ? mistake : {});
  await expect(db.readOnly().query('SELECT 1')).rejects.toBe(mistake);
  await db.readOnly().query('SELECT 2');
  expect(heardBy(server)).toEqual([
    ...['BEGIN READ ONLY', 'SELECT 1', 'ROLLBACK'],
    ...['BEGIN READ ONLY', 'SELECT 2', 'ROLLBACK'],
  ]);
  expect(poolOf(db, 'a', 'read')).toMatchObject({ total: 1, idle: 1 });
});
