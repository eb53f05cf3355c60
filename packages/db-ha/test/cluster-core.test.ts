import { describe, expect, it } from '@jest/globals';
import type { NodeOptions } from '../src';
import { createFakeCluster, heardBy, openFakeCluster, promote, refused } from './fake-cluster';
import { FakeServer, serverError } from './fake-driver';

const insert = 'INSERT INTO t VALUES (1)';
const pair = () => ({ a: new FakeServer(), b: new FakeServer({ isReplica: true }) });

describe('a cluster is ready', () => {
  it('when every node was asked and there is a primary', async () => {
    const servers = pair();
    servers.b.hangs = 'answering';
    const { db, clock } = createFakeCluster(servers);
    let isReady = false;
    const ready = db.ready().then((status) => {
      isReady = true;
      return status;
    });
    await clock.advance(500);
    expect(isReady).toBe(false);
    servers.b.thaw();
    expect(await ready).toMatchObject({ primary: 'a', nodes: [{ state: 'up' }, { state: 'up' }] });
  });

  it('not without a primary, and says what it found', async () => {
    const servers = pair();
    servers.a.refusal = refused();
    const { db, clock } = createFakeCluster(servers);
    const failed = expect(db.ready({ timeoutMs: 1_000 })).rejects.toMatchObject({
      code: 'UNITE_DB_NO_PRIMARY',
      message: 'No primary within 1000 ms. a: connect ECONNREFUSED; b: replica, up',
    });
    await clock.advance(1_000);
    await failed;
  });

  it('not with two', async () => {
    const servers = { a: new FakeServer(), b: new FakeServer() };
    const { db, clock } = createFakeCluster(servers);
    const failed = expect(db.ready({ timeoutMs: 1_000 })).rejects.toMatchObject({
      code: 'UNITE_DB_SPLIT_BRAIN',
    });
    await clock.advance(1_000);
    await failed;
  });

  it('not where everybody refuses the user, which it says at once', async () => {
    const servers = pair();
    for (const server of [servers.a, servers.b]) server.refusal = serverError('28P01', 'no', 'FATAL');
    const { db } = createFakeCluster(servers);
    await expect(db.ready()).rejects.toMatchObject({ code: 'UNITE_DB_ACCESS_DENIED' });
  });

  it('not when it is closed before', async () => {
    const servers = pair();
    servers.b.hangs = 'answering';
    const { db, clock } = createFakeCluster(servers);
    const failed = expect(db.ready()).rejects.toMatchObject({
      code: 'UNITE_DB_CLOSED',
      message: 'The cluster was closed: waiting for the cluster; nothing took effect',
    });
    await clock.advance(10);
    const closed = db.close({ timeoutMs: 100 });
    await clock.advance(2_000);
    await failed;
    expect(await closed).toEqual({ drained: false, aborted: 1 });
  });
});

describe('nodes that are discovered', () => {
  it('are looked for with the first call, and followed', async () => {
    const servers = pair();
    const nodeOf = (name: string): NodeOptions => ({ url: `postgres://${name}/app`, name });
    let members = [nodeOf('a')];
    let looks = 0;
    const nodes = {
      discover: async () => {
        looks += 1;
        return members;
      },
    };
    const { db, clock } = createFakeCluster(servers, { nodes, healthCheckEveryMs: 1_000 });
    await clock.advance(5_000);
    expect(looks).toBe(0);
    await db.query(insert);
    expect([looks, heardBy(servers.a)]).toEqual([1, [insert]]);
    members = [nodeOf('b')];
    promote(servers.b);
    await clock.advance(1_000);
    await db.query(insert);
    expect(db.status()).toMatchObject({ primary: 'b', nodes: [{ name: 'b' }] });
    expect([heardBy(servers.a), heardBy(servers.b)]).toEqual([[insert], [insert]]);
    await db.close();
    const before = looks;
    await clock.advance(5_000);
    expect(looks).toBe(before);
  });
});

describe('the token of a session', () => {
  it('tells what is known when its position cannot be asked for in time', async () => {
    const server = new FakeServer();
    const { db, clock } = await openFakeCluster({ a: server }, { probeTimeoutMs: 1_000 });
    await db.query(insert);
    server.hangs = 'answering';
    const first = db.sessionToken();
    await clock.advance(500);
    // Waits until the question under way, which may be older than what was written, has its answer.
    const second = db.sessionToken();
    await clock.advance(1_000);
    const unlocated = { systemId: server.systemId, timeline: 1, lsn: undefined };
    expect(await first).toEqual(unlocated);
    expect(await second).toEqual(unlocated);
  });

  it('is that of another process where it came from there', async () => {
    const { db } = await openFakeCluster(pair());
    const { systemId } = new FakeServer();
    expect(await db.sessionToken()).toBeUndefined();
    const token = { systemId, timeline: 1, lsn: 0x3000100n };
    db.advanceSession(token);
    expect(await db.sessionToken()).toEqual(token);
    db.advanceSession({ systemId: 'another', timeline: 9, lsn: 0x4000000n });
    expect([db.sessionTokenNow(), db.status().timeline]).toEqual([token, 1]);
  });

  it('of a later timeline fences a primary that has been replaced', async () => {
    const { db } = await openFakeCluster(pair());
    const { systemId } = new FakeServer();
    db.advanceSession({ systemId, timeline: 2, lsn: 0x3000100n });
    expect(db.status()).toMatchObject({ primary: undefined, nodes: [{ state: 'fenced' }, {}] });
  });

  it('before anything is known of the cluster has no place in it', async () => {
    const { db } = createFakeCluster(pair());
    const token = { systemId: 'some', timeline: 1, lsn: undefined };
    db.advanceSession(token);
    expect(db.sessionTokenNow()).toBeUndefined();
  });
});
