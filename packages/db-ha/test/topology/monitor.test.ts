import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, it } from '@jest/globals';
import { manualClock, settle } from '@unite/shared/testing';
import type { ClusterNode } from '../../src/node/cluster-node';
import { Monitor } from '../../src/topology/monitor';
import { Topology, type TopologyChange } from '../../src/topology/topology';
import type { ClusterOptions } from '../../src/types';
import { FakeServer } from '../fake-driver';
import { fakeNode, fakeSettings } from '../fake-node';

function setUp(options: Partial<ClusterOptions> = {}) {
  const clock = manualClock();
  const servers = { a: new FakeServer(), b: new FakeServer({ isReplica: true }) };
  const settings = fakeSettings(clock, servers, options);
  const [a, b] = [fakeNode('a', clock, servers.a), fakeNode('b', clock, servers.b)];
  const changes: TopologyChange[] = [];
  const topology = new Topology([a, b], settings, (change) => changes.push(change));
  const monitor = new Monitor(topology, settings);
  const startMs = clock.monotonicMs();
  /** When a server was asked during a time, on the kept connection or on a new one. */
  const askedDuring = async (server: FakeServer, ms: number, stepMs = 5) => {
    const asked: number[] = [];
    for (let elapsed = 0; elapsed < ms; elapsed += stepMs) {
      const before = server.statements.length;
      await clock.advance(stepMs);
      if (server.statements.length > before) asked.push(clock.monotonicMs() - startMs);
    }
    return asked;
  };
  const pauses = (times: number[]) => times.slice(1).map((time, i) => time - (times[i] ?? 0));
  return { clock, servers, a, b, topology, monitor, changes, askedDuring, pauses };
}

describe('in peace', () => {
  it('opens nothing before it is started, and then asks everyone at once', async () => {
    const { clock, servers, monitor, topology } = setUp();
    await clock.advance(60_000);
    expect([servers.a.connects, clock.sleepers()]).toEqual([0, 0]);
    monitor.start();
    monitor.start();
    await settle();
    expect([servers.a.connects, servers.b.connects]).toEqual([1, 1]);
    expect([topology.writer?.name, topology.isSurveyed]).toEqual(['a', true]);
    monitor.close();
    await settle();
    expect(clock.sleepers()).toBe(0);
  });

  it('asks outside of the request that started it', async () => {
    const { clock, servers, monitor } = setUp();
    const requests = new AsyncLocalStorage<string>();
    const askers: (string | undefined)[] = [];
    for (const server of Object.values(servers)) {
      const push = server.statements.push.bind(server.statements);
      server.statements.push = (...texts) => {
        askers.push(requests.getStore());
        return push(...texts);
      };
    }
    requests.run('the first request', () => monitor.start());
    await clock.advance(25_000);
    expect(askers.length).toBeGreaterThan(2);
    expect(new Set(askers)).toEqual(new Set([undefined]));
    monitor.close();
  });

  it.each([
    [0, 9_000],
    [0.5, 10_000],
    [1, 11_000],
  ])('asks every ten seconds, give or take one (%d)', async (random, everyMs) => {
    const { clock, servers, monitor, askedDuring, pauses } = setUp({ random: () => random });
    monitor.start();
    await clock.advance(0);
    const asked = await askedDuring(servers.a, 35_000, 100);
    expect(pauses([0, ...asked])).toEqual(Array.from({ length: asked.length }, () => everyMs));
    expect(asked.length).toBe(3);
  });

  it('looks at a replica that lags four times a second', async () => {
    const { clock, servers, a, b, monitor, topology, askedDuring, pauses } = setUp();
    servers.b.isReceiving = false;
    monitor.start();
    await clock.advance(0);
    await monitor.suspect(a);
    await monitor.suspect(b);
    expect(topology.stateOf(b).state).toBe('behind');
    expect(new Set(pauses(await askedDuring(servers.b, 2_000)))).toEqual(new Set([250]));
    servers.b.isReceiving = true;
    await clock.advance(250);
    expect(topology.stateOf(b).state).toBe('up');
    expect(await askedDuring(servers.b, 5_000, 50)).toEqual([]);
  });
});

describe('a node that is down', () => {
  it('is tried after 100 ms, then after twice as long each time, up to two seconds', async () => {
    const { clock, servers, monitor, changes } = setUp();
    monitor.start();
    await clock.advance(0);
    const tries: number[] = [];
    const startMs = clock.monotonicMs();
    Object.defineProperty(servers.b, 'refusal', {
      get: () => {
        tries.push(clock.monotonicMs() - startMs);
        return new Error('ECONNREFUSED');
      },
    });
    servers.b.crash();
    await clock.advance(20_000);
    const first = tries[0] ?? 0;
    expect(tries.slice(0, 8).map((at) => at - first)).toEqual([0, 100, 300, 700, 1_500, 3_100, 5_100, 7_100]);
    expect(changes.at(-1)).toMatchObject({ from: 'up', to: 'down' });
  });

  it('is asked normally again once it is up', async () => {
    const { clock, servers, monitor, topology, b, askedDuring } = setUp();
    servers.b.refusal = new Error('starting up');
    monitor.start();
    await clock.advance(5_000);
    expect(topology.stateOf(b).state).toBe('down');
    servers.b.refusal = undefined;
    await clock.advance(2_000);
    expect(topology.stateOf(b).state).toBe('up');
    expect(await askedDuring(servers.b, 7_000, 100)).toEqual([]);
  });
});

it('asks again at once about a read that was lost while it was asking', async () => {
  const { clock, servers, b, monitor } = setUp();
  monitor.start();
  await clock.advance(0);
  servers.b.hangs = 'connecting';
  void monitor.suspect(b);
  await clock.advance(1);
  b.lostRead(clock.monotonicMs());
  servers.b.thaw();
  await clock.advance(0);
  expect(b.isInDoubt).toBe(false);
  monitor.close();
});

it('leaves an old primary in peace: it is tried less and less often', async () => {
  const { clock, servers, a, monitor, topology } = setUp();
  monitor.start();
  await clock.advance(0);
  Object.assign(servers.b, { isReplica: false, timeline: 2 });
  await clock.advance(20_000);
  expect([topology.writer?.name, topology.stateOf(a).state]).toEqual(['b', 'fenced']);
  const { connects } = servers.a;
  await clock.advance(20_000);
  expect(servers.a.connects - connects).toBeLessThanOrEqual(14);
});

describe('without a primary', () => {
  it('asks everyone every 50 to 250 ms, over the kept connection alone', async () => {
    const { clock, servers, monitor, topology, askedDuring, pauses } = setUp();
    monitor.start();
    await clock.advance(0);
    servers.a.refusal = new Error('gone');
    servers.a.crash();
    await clock.advance(10_000);
    expect(topology.writer).toBeUndefined();
    monitor.hurry();
    const { connects } = servers.b;
    const between = pauses(await askedDuring(servers.b, 10_000));
    expect(between[0]).toBeLessThanOrEqual(70);
    expect(between).toEqual([...between].sort((x, y) => x - y));
    expect(between.at(-1)).toBe(250);
    expect(servers.b.connects).toBe(connects);
    Object.assign(servers.b, { isReplica: false, timeline: 2 });
    await clock.advance(250);
    expect(topology.writer?.name).toBe('b');
  });

  it('is in a hurry as soon as it is told to be', async () => {
    const { clock, servers, monitor } = setUp();
    monitor.start();
    await clock.advance(1_000);
    const asked = servers.a.statements.length;
    monitor.hurry();
    await settle();
    expect(servers.a.statements.length).toBeGreaterThan(asked);
  });
});

describe('a suspicion', () => {
  it('has the node asked at once, and once for all who suspect it', async () => {
    const { clock, servers, a, monitor, topology } = setUp();
    monitor.start();
    await clock.advance(0);
    const { connects } = servers.a;
    const asking = [monitor.suspect(a), monitor.suspect(a), monitor.suspect(a)];
    expect(new Set(asking).size).toBe(1);
    await Promise.all(asking);
    expect(servers.a.connects).toBe(connects + 1);
    servers.a.refusal = new Error('gone');
    servers.a.crash();
    await monitor.suspect(a);
    expect([topology.writer, topology.stateOf(a).reason]).toEqual([undefined, 'gone']);
  });

  it('gives a replica less time than the primary', async () => {
    const { clock, servers, a, b, monitor, topology } = setUp();
    monitor.start();
    await clock.advance(0);
    for (const server of [servers.a, servers.b]) server.hangs = 'answering';
    void monitor.suspect(a);
    void monitor.suspect(b);
    await clock.advance(600);
    expect([a, b].map((node) => topology.stateOf(node).state)).toEqual(['up', 'down']);
    await clock.advance(400);
    expect([a, b].map((node) => topology.stateOf(node).state)).toEqual(['down', 'down']);
  });
});

describe('a look', () => {
  it('brings the position over the kept connection', async () => {
    const { clock, servers, b, monitor } = setUp();
    monitor.start();
    await clock.advance(0);
    const { connects } = servers.b;
    servers.b.lsn += 0x100n;
    const { lsn } = await monitor.lookAt(b);
    expect(lsn).toBe(0x3000100n);
    expect([b.report?.lsn, servers.b.connects]).toEqual([lsn, connects]);
  });

  it('does not make a node up that was never probed', async () => {
    const { b, monitor } = setUp();
    await expect(monitor.lookAt(b)).resolves.toMatchObject({ role: 'replica' });
    expect(b.observation).toBeUndefined();
  });

  it('that fails has the node probed', async () => {
    const { clock, servers, b, monitor, topology } = setUp();
    monitor.start();
    await clock.advance(0);
    servers.b.refusal = new Error('gone');
    servers.b.crash();
    await expect(monitor.lookAt(b)).rejects.toThrow('gone');
    await settle();
    expect(topology.stateOf(b)).toEqual({ state: 'down', reason: 'gone' });
  });
});

describe('after the end', () => {
  it.each([['an answer'], ['a failure']])('%s that comes late changes nothing', async (what) => {
    const { clock, servers, monitor, changes } = setUp();
    for (const server of [servers.a, servers.b]) server.hangs = 'connecting';
    monitor.start();
    await settle();
    monitor.close();
    if (what === 'a failure') servers.a.refusal = new Error('late');
    for (const server of [servers.a, servers.b]) server.thaw();
    await settle();
    expect(changes).toEqual([]);
    monitor.start();
    await clock.advance(60_000);
    expect(servers.b.connects).toBe(1);
  });
});

it('begins anew with a node that left and came back', async () => {
  const { clock, servers, a, b, monitor, topology } = setUp();
  monitor.start();
  await clock.advance(0);
  topology.setNodes([a]);
  monitor.forget(b);
  const { connects } = servers.b;
  await clock.advance(20_000);
  expect(servers.b.connects).toBe(connects);
  topology.setNodes([a, b] as ClusterNode[]);
  monitor.hurry();
  await settle();
  expect(servers.b.connects).toBe(connects + 1);
});
