import { describe, expect, it } from '@jest/globals';
import { manualClock, settle } from '@unite/shared/testing';
import type { ClusterNode } from '../../src/node/cluster-node';
import type { Connections } from '../../src/node/connections';
import { Operation } from '../../src/operation';
import { WrongServerError } from '../../src/topology/topology';
import { FakeServer } from '../fake-driver';
import { fakeNode } from '../fake-node';
import { outcomeNow } from '../outcome-now';
import { down, up } from '../reports';

const begin = () => new Operation('read', 0, 60_000, undefined);

function setUp(options: Parameters<typeof fakeNode>[3] = {}) {
  const clock = manualClock();
  const server = new FakeServer();
  const node = fakeNode('db', clock, server, {
    ...options,
    options: { pool: { max: 2, maxWaiting: 1 }, ...options?.options },
  });
  return { clock, server, node, writes: node.writes };
}

/** Nothing is out and nothing is missing: `max` connections can be had at once. */
async function expectWhole(connections: Connections, max = 2): Promise<void> {
  await settle();
  expect(connections.inUse).toBe(0);
  const leases = await Promise.all(Array.from({ length: max }, () => connections.lease(begin())));
  expect(connections.inUse).toBe(max);
  for (const lease of leases) lease.release();
}

describe('a connection', () => {
  it('is opened when first needed, asked who it leads to, and used again', async () => {
    const { server, node, writes } = setUp();
    expect([server.connects, writes.total, writes.idle]).toEqual([0, 0, 0]);
    const lease = await writes.lease(begin());
    expect(lease).toMatchObject({ node, isOnPrimary: true, failure: undefined, server: { role: 'primary' } });
    expect([writes.total, writes.idle, writes.inUse]).toEqual([1, 0, 1]);
    lease.release();
    lease.release();
    expect([writes.total, writes.idle, writes.inUse]).toEqual([1, 1, 0]);
    (await writes.lease(begin())).release();
    expect([server.connects, server.statements.length]).toEqual([1, 1]);
    await expectWhole(writes);
  });

  it('is refused when it leads to the wrong server, and goes away', async () => {
    const { server, writes } = setUp({
      verify: () => {
        throw new WrongServerError('db is a replica');
      },
    });
    for (let i = 0; i < 5; i++) await expect(writes.lease(begin())).rejects.toThrow('db is a replica');
    expect([server.connects, server.open.size, writes.inUse]).toEqual([5, 0, 0]);
  });

  it('is closed when it comes back with an error', async () => {
    const { server, writes } = setUp();
    (await writes.lease(begin())).release(new Error('poisoned'));
    expect([server.open.size, writes.total]).toEqual([0, 0]);
    await expectWhole(writes);
  });

  it('is hung up, not said goodbye to, when it comes back with an error: the server may be frozen', async () => {
    const { server, writes } = setUp();
    const lease = await writes.lease(begin());
    lease.client.on('error', () => undefined);
    server.hangs = 'answering';
    lease.release(new Error('no answer'));
    expect(server.open.size).toBe(0);
  });

  it('is closed when it comes back old, after 80 to 120 % of its time', async () => {
    for (const [random, lifetimeMs] of [
      [0, 80_000],
      [1, 120_000],
    ] as const) {
      const { clock, server, writes } = setUp({
        options: { pool: { max: 2, maxWaiting: 1, maxLifetimeMs: 100_000 }, random: () => random },
      });
      (await writes.lease(begin())).release();
      await clock.advance(lifetimeMs - 1);
      (await writes.lease(begin())).release();
      expect(server.open.size).toBe(1);
      await clock.advance(1);
      (await writes.lease(begin())).release();
      expect([server.connects, server.open.size]).toEqual([1, 0]);
    }
  });

  it('is closed after its last use', async () => {
    const { server, writes } = setUp();
    const lease = await writes.lease(begin());
    lease.wearOut();
    lease.release();
    expect(server.open.size).toBe(0);
  });

  it('tells once whether it came back well', async () => {
    const { writes } = setUp();
    const heard: boolean[] = [];
    for (const error of [undefined, new Error('poisoned')]) {
      const lease = await writes.lease(begin());
      lease.onRelease = { leave: (hasSucceeded) => heard.push(hasSucceeded) };
      lease.release(error);
      lease.release(error);
    }
    expect(heard).toEqual([true, false]);
  });

  it('that breaks while it is out is known to be broken, and closed', async () => {
    const { server, writes } = setUp();
    const lease = await writes.lease(begin());
    const error = new Error('reset');
    lease.client.on('error', () => undefined);
    server.crash(error);
    expect(lease.failure).toBe(error);
    lease.release();
    await expectWhole(writes);
    expect(server.connects).toBe(3);
  });

  it('that broke between two uses is replaced', async () => {
    const { server, writes } = setUp();
    (await writes.lease(begin())).release();
    // The pool has not noticed yet: the client is still handed out.
    const [client] = server.open;
    client?.emit('error', new Error('reset'));
    const lease = await writes.lease(begin());
    expect(lease.client).not.toBe(client);
    expect(server.connects).toBe(2);
    lease.release();
    await expectWhole(writes);
  });

  it('that breaks idle does not end the process', async () => {
    const { server, writes } = setUp();
    (await writes.lease(begin())).release();
    expect(() => server.pools[0]?.emit('error', new Error('idle'))).not.toThrow();
    await expectWhole(writes);
  });
});

describe('a permit is there again after', () => {
  it('a refused connection', async () => {
    const { server, writes } = setUp();
    server.refusal = Object.assign(new Error('no'), { code: 'ECONNREFUSED' });
    for (let i = 0; i < 5; i++) await expect(writes.lease(begin())).rejects.toThrow('no');
    server.refusal = undefined;
    await expectWhole(writes);
  });

  it('a driver that throws instead of answering', async () => {
    const { server, writes } = setUp();
    server.thrown = new Error('ENOENT: no such file, open root.crt');
    for (let i = 0; i < 5; i++) await expect(writes.lease(begin())).rejects.toThrow('root.crt');
    server.thrown = undefined;
    await expectWhole(writes);
  });

  it('an interruption while the connection is being opened', async () => {
    const { server, writes } = setUp();
    server.hangs = 'connecting';
    const operation = begin();
    const leasing = writes.lease(operation);
    operation.interrupt('deadline');
    await expect(leasing).rejects.toMatchObject({ interruption: 'deadline' });
    expect(writes.inUse).toBe(0);
    server.thaw();
    await expectWhole(writes);
    expect(server.connects).toBe(2);
  });

  it('an interruption before it was asked for', async () => {
    const { writes } = setUp();
    const operation = begin();
    operation.interrupt('closed');
    await expect(writes.lease(operation)).rejects.toMatchObject({ interruption: 'closed' });
    await expectWhole(writes);
  });

  it('a server that takes connections and says nothing on them', async () => {
    const { clock, server, writes } = setUp();
    server.hangs = 'answering';
    const leasing = [writes.lease(begin()), writes.lease(begin())];
    expect(await Promise.all(leasing.map(outcomeNow))).toEqual(['waiting', 'waiting']);
    await clock.advance(2_000);
    const silence = 'no answer within 2000 ms';
    expect(await Promise.all(leasing.map(outcomeNow))).toEqual([silence, silence]);
    expect(server.open.size).toBe(0);
    server.hangs = 'nowhere';
    await expectWhole(writes);
    expect(clock.sleepers()).toBe(0);
  });

  it('waiting in the queue, in turn', async () => {
    const { writes } = setUp();
    const [one, other] = await Promise.all([writes.lease(begin()), writes.lease(begin())]);
    const third = writes.lease(begin());
    expect(writes.permits.waiting).toBe(1);
    await expect((async () => writes.lease(begin()))()).rejects.toMatchObject({
      code: 'UNITE_DB_QUEUE_FULL',
      message: '1 callers wait for one of 2 connections of db (write)',
    });
    one?.release();
    (await third).release();
    other?.release();
    await expectWhole(writes);
  });
});

describe('retiring', () => {
  it('drops idle connections at once and others when they come back', async () => {
    const { server, writes } = setUp();
    const [idle, used] = await Promise.all([writes.lease(begin()), writes.lease(begin())]);
    idle?.release();
    server.hangs = 'answering';
    writes.retire();
    expect([...server.open]).toEqual([used?.client]);
    expect(writes.total).toBe(0);
    server.hangs = 'nowhere';
    const given: unknown[] = [];
    server.pools[0]?.on('release', (error) => given.push(error));
    used?.release();
    expect(given).toEqual([true]);
    expect(server.open.size).toBe(0);
    await expectWhole(writes);
    expect(server.pools).toHaveLength(2);
  });

  it('before anything was opened does nothing', async () => {
    const { server, node } = setUp();
    node.retire();
    await node.close(1_000);
    expect(server.pools).toHaveLength(0);
  });

  it('lets a connection that was being opened be used once', async () => {
    const { server, writes } = setUp();
    server.hangs = 'connecting';
    const leasing = writes.lease(begin());
    writes.retire();
    server.thaw();
    (await leasing).release();
    expect(server.open.size).toBe(0);
    await expectWhole(writes);
  });
});

describe('cutting off', () => {
  it('ends what is in use too, and says why', async () => {
    const { server, node, writes } = setUp();
    const lease = await writes.lease(begin());
    lease.client.on('error', () => undefined);
    const why = new Error('db was replaced');
    node.cutOff(why);
    expect(lease.failure).toBe(why);
    expect(server.open.size).toBe(0);
    await expect(lease.client.query('COMMIT')).rejects.toThrow('not queryable');
    lease.release();
    await expectWhole(writes);
  });
});

describe('closing', () => {
  it('says goodbye and is done', async () => {
    const { clock, server, node, writes } = setUp();
    (await writes.lease(begin())).release();
    await node.close(1_000);
    expect([server.open.size, clock.sleepers()]).toEqual([0, 0]);
  });

  it('hangs up on a server that does not answer the goodbye', async () => {
    const { clock, server, node, writes } = setUp();
    (await writes.lease(begin())).release();
    server.hangs = 'answering';
    for (const pool of server.pools) pool.end = () => new Promise(() => undefined);
    let isClosed = false;
    void node.close(1_000).then(() => {
      isClosed = true;
    });
    await clock.advance(999);
    expect([isClosed, server.open.size]).toEqual([false, 1]);
    await clock.advance(1);
    expect([isClosed, server.open.size]).toEqual([true, 0]);
  });

  it('does not fail with the driver', async () => {
    const { server, node, writes } = setUp();
    (await writes.lease(begin())).release();
    for (const pool of server.pools) pool.end = () => Promise.reject(new Error('already'));
    await expect(node.close(1_000)).resolves.toBeUndefined();
    expect(server.open.size).toBe(0);
  });
});

describe('a node', () => {
  function configs(node: ClusterNode, server: FakeServer) {
    return Promise.all(
      [node.writes, node.reads, node.readsOnPrimary].map((each) => each.lease(begin())),
    ).then((leases) => {
      expect(node.inFlight).toBe(3);
      expect(leases.map(({ isOnPrimary }) => isOnPrimary)).toEqual([true, false, true]);
      for (const lease of leases) lease.release();
      expect(node.inFlight).toBe(0);
      return server.configs;
    });
  }

  it('is called by its address where it has no name', () => {
    const clock = manualClock();
    const node = fakeNode('db', clock, undefined, {
      node: { name: undefined, url: 'postgres://db:6000/app' },
    });
    expect([node.name, node.report, node.inFlight]).toEqual(['db:6000', undefined, 0]);
    node.observation = down();
    expect(node.report).toBeUndefined();
    node.observation = up({ lsn: 5n });
    expect(node.report?.lsn).toBe(5n);
  });

  it('writes on one pool and cannot write on the others', async () => {
    const { server, node } = setUp({ options: { pool: { max: 4, ssl: true, statementTimeoutMs: 7_000 } } });
    const [write, read, onPrimary] = await configs(node, server);
    const common = {
      connectionTimeoutMillis: 2_000,
      idleTimeoutMillis: 30_000,
      keepAlive: true,
      application_name: 'unite',
      statement_timeout: 7_000,
      idle_in_transaction_session_timeout: 60_000,
      ssl: true,
      connectionString: 'postgres://db/app',
    };
    expect(write).toMatchObject({ ...common, max: 4 });
    expect(write).not.toHaveProperty('options');
    expect(read).toMatchObject({ ...common, max: 4, options: '-c default_transaction_read_only=on' });
    expect(onPrimary).toMatchObject({ max: 2, options: '-c default_transaction_read_only=on' });
  });

  it('keeps what its URL says', async () => {
    const url = 'postgres://db/app?options=-c%20search_path%3Dcrm&application_name=mine';
    const { server, node } = setUp({ node: { url } });
    const [write, read] = await configs(node, server);
    expect(write?.connectionString).toBe(url);
    expect(write).not.toHaveProperty('application_name');
    expect(write).not.toHaveProperty('statement_timeout');
    expect(read).toMatchObject({
      connectionString: 'postgres://db/app?application_name=mine',
      options: '-c search_path=crm -c default_transaction_read_only=on',
    });
  });

  it('sets nothing behind a pooler, where it would be set for others too', async () => {
    const { server, node } = setUp({
      node: { pooler: 'transaction' },
      options: { pool: { statementTimeoutMs: 5 } },
    });
    for (const config of await configs(node, server)) {
      expect(Object.keys(config)).not.toContain('options');
      expect(Object.keys(config)).not.toContain('statement_timeout');
      expect(Object.keys(config)).not.toContain('idle_in_transaction_session_timeout');
    }
  });
});
