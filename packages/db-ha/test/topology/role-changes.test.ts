import { describe, expect, it } from '@jest/globals';
import type { ChangeMessage } from '../../src';
import { deferred } from '../deferred';
import { answers, heardBy, openFakeCluster, poolOf, promote, silence, takeAway } from '../fake-cluster';
import { type Answer, FakeServer } from '../fake-driver';
import { heardOn } from '../subscribe';

const insert = 'INSERT INTO t VALUES (1)';

async function setUp() {
  const replica = () => new FakeServer({ isReplica: true });
  const servers = { a: new FakeServer(), b: replica(), c: replica() };
  const opened = await openFakeCluster(servers, { name: 'crm', healthCheckEveryMs: 1_000 });
  const stateOf = (name: string) => opened.db.status().nodes.find((node) => node.name === name);
  return { ...servers, ...opened, stateOf };
}

describe('a replica that goes down', () => {
  it('has its reads served by others, at once when that is known', async () => {
    const { a, b, c, db, clock, stateOf } = await setUp();
    c.answer = answers({ SELECT: silence });
    const read = db.readOnly().query('SELECT 1');
    await clock.advance(0);
    expect(heardBy(c)).toEqual(['SELECT 1']);
    c.hangs = 'answering';
    // Noticed after 150 ms; a replica has 600 ms to answer.
    await clock.advance(750);
    await read;
    expect([heardBy(a), heardBy(b)]).toEqual([[], ['SELECT 1']]);
    expect(stateOf('c')).toMatchObject({ state: 'down', pools: [] });
    expect(db.status().counts).toMatchObject({ retriedReads: 1, replicaReads: 1 });
  });

  it('has its idle connections dropped, and is read slowly when it is back', async () => {
    const { c, db, clock, stateOf } = await setUp();
    await db.readOnly().query('SELECT 1');
    expect(poolOf(db, 'c', 'read')).toMatchObject({ idle: 1 });
    takeAway(c);
    await clock.advance(1_000);
    expect(stateOf('c')).toMatchObject({ state: 'down', breaker: 'closed', pools: [] });
    c.refusal = undefined;
    await clock.advance(2_000);
    expect(stateOf('c')).toMatchObject({ state: 'up', breaker: 'half-open' });
  });
});

describe('a new primary', () => {
  it('counts as a failover, though there was none in between', async () => {
    const { a, b, db, clock } = await setUp();
    takeAway(a);
    await clock.advance(2_000);
    expect(db.status()).toMatchObject({ primary: undefined, counts: { failovers: 0 } });
    promote(b);
    await clock.advance(500);
    expect(db.status()).toMatchObject({ primary: 'b', timeline: 2, counts: { failovers: 1 } });
  });

  it('does not where the same one is back', async () => {
    const { a, db, clock } = await setUp();
    takeAway(a);
    await clock.advance(2_000);
    a.refusal = undefined;
    await clock.advance(500);
    expect(db.status()).toMatchObject({ primary: 'a', counts: { failovers: 0 } });
  });

  it('has every connection to the last one cut, and its statements given up', async () => {
    const { a, b, db, clock } = await setUp();
    a.answer = answers({ INSERT: silence });
    const borrowed = await db.connect();
    const written = expect(db.query(insert)).rejects.toMatchObject({ code: 'UNITE_DB_COMMIT_UNKNOWN' });
    await clock.advance(0);
    promote(b);
    await clock.advance(1_000);
    await written;
    expect(poolOf(db, 'a', 'write')).toBeUndefined();
    await expect(borrowed.query('SELECT 1')).rejects.toThrow('not queryable');
    borrowed.release();
    expect(heardBy(a)).toEqual([insert]);
  });

  it('gets those who wait one by one at first, and twice as many with every success', async () => {
    const { a, b, db, clock } = await setUp();
    takeAway(a);
    await clock.advance(1_000);
    const answer = deferred<Answer>();
    const said = [() => answer.promise];
    b.answer = () => said.shift()?.() ?? silence();
    for (let n = 0; n < 4; n++) db.query(insert).catch(() => undefined);
    expect(db.status().waitingWrites).toBe(4);
    promote(b);
    while (db.status().primary !== 'b') await clock.advance(10);
    expect([heardBy(b), db.status().waitingWrites]).toEqual([[insert], 3]);
    answer.resolve({});
    await clock.advance(0);
    expect([heardBy(b), db.status().waitingWrites]).toEqual([[insert, insert, insert], 1]);
  });
});

describe('a server of another cluster', () => {
  it('behind a known address has its connections cut', async () => {
    const { b, c, db, clock, stateOf } = await setUp();
    await db.readOnly().query('SELECT 1');
    expect(heardBy(c)).toEqual(['SELECT 1']);
    c.systemId = 'another';
    await clock.advance(1_000);
    expect(stateOf('c')).toMatchObject({ state: 'foreign', pools: [] });
    await db.readOnly().query('SELECT 2');
    expect([heardBy(b), heardBy(c)]).toEqual([['SELECT 2'], ['SELECT 1']]);
  });
});

describe('a subscriber', () => {
  it('hears of every change and why', async () => {
    const { a, b, clock } = await setUp();
    const heard = await heardOn<ChangeMessage>('unite:db-ha:change', async () => {
      takeAway(a);
      await clock.advance(1_000);
      promote(b);
      await clock.advance(300);
    });
    expect(heard.slice(0, 2)).toEqual([
      {
        cluster: 'crm',
        node: 'a',
        from: 'up',
        to: 'down',
        reason: 'connect ECONNREFUSED',
        primary: { before: 'a', now: undefined },
      },
      {
        cluster: 'crm',
        node: 'b',
        from: 'up',
        to: 'up',
        reason: undefined,
        primary: { before: undefined, now: 'b' },
      },
    ]);
  });
});
