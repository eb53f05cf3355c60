import { expect, it } from '@jest/globals';
import { manualClock } from '@unite/shared/testing';
import { newCounts } from '../src/counts';
import { connectionCounts, describeStatus } from '../src/describe-status';
import { Operation } from '../src/operation';
import { Topology } from '../src/topology/topology';
import { FakeServer } from './fake-driver';
import { fakeNode, fakeSettings } from './fake-node';
import { down, up } from './reports';

function setUp() {
  const clock = manualClock();
  const settings = fakeSettings(clock, {}, { name: 'crm' });
  const names = ['a', 'b', 'c'] as const;
  const [a, b, c] = names.map((name) => fakeNode(name, clock, new FakeServer()));
  if (!a || !b || !c) throw new Error('three nodes were made');
  const topology = new Topology([a, b, c], settings, () => undefined);
  const counts = newCounts();
  return { clock, a, b, c, topology, counts, describe: () => describeStatus(topology, 3, counts, settings) };
}

it('tells what is known of the cluster and of every node', async () => {
  const { clock, a, b, c, topology, counts, describe } = setUp();
  topology.observe(a, up({ timeline: 2, lsn: 0x3000148n }), clock.monotonicMs());
  topology.observe(b, up({ role: 'replica', timeline: 2, lsn: 0x3000148n }), clock.monotonicMs());
  topology.observe(b, up({ role: 'replica', timeline: 2, lsn: 0x3000100n }), clock.monotonicMs());
  topology.observe(c, down(new Error('no route')), clock.monotonicMs());
  const lease = await a.writes.lease(new Operation('write', 0, 1_000, undefined));
  b.latency.add(4, clock.monotonicMs());
  for (let i = 0; i < 3; i++) b.breaker.failure(clock.monotonicMs());
  counts.failovers = 2;
  await clock.advance(40);
  const status = describe();
  expect(status).toMatchObject({
    name: 'crm',
    systemId: 'ours',
    timeline: 2,
    primary: 'a',
    refusal: undefined,
    waitingWrites: 3,
    counts: { failovers: 2 },
  });
  const [ofA, ofB, ofC] = status.nodes;
  expect(ofA).toEqual({
    name: 'a',
    host: 'a',
    port: 5432,
    role: 'primary',
    state: 'up',
    reason: undefined,
    timeline: 2,
    lsn: '0/3000148',
    lagMs: undefined,
    lagBytes: undefined,
    breaker: 'closed',
    latencyMs: undefined,
    inFlight: 1,
    serverVersion: 180_000,
    seenAtMs: 1_000_000,
    pools: [{ purpose: 'write', max: 10, total: 1, idle: 0, waiting: 0 }],
  });
  expect(ofB).toMatchObject({
    role: 'replica',
    state: 'up',
    lsn: '0/3000100',
    lagMs: 40,
    lagBytes: 0x48,
    breaker: 'open',
    latencyMs: 4,
    pools: [],
  });
  expect(ofC).toMatchObject({
    role: 'unknown',
    state: 'down',
    reason: 'no route',
    lsn: undefined,
    lagMs: undefined,
    seenAtMs: undefined,
  });
  lease.release();
  expect(describe().nodes[0]?.pools[0]?.idle).toBe(1);
});

it('is a snapshot', () => {
  const { counts, describe } = setUp();
  const { counts: before } = describe();
  counts.refused += 1;
  expect(before.refused).toBe(0);
});

it('has no bytes to tell of another timeline, and none below zero', () => {
  const { clock, a, b, c, topology, describe } = setUp();
  topology.observe(b, up({ role: 'replica', lsn: 500n }), clock.monotonicMs());
  expect(describe().nodes[1]?.lagBytes).toBeUndefined();
  topology.observe(a, up({ timeline: 1, lsn: 400n }), clock.monotonicMs());
  expect(describe().nodes[1]?.lagBytes).toBe(0);
  topology.observe(c, up({ role: 'replica', timeline: 2 }), clock.monotonicMs());
  // The primary of timeline 2 was not seen yet.
  expect(describe().nodes.map(({ lagBytes }) => lagBytes)).toEqual([undefined, 0, undefined]);
});

it('says why nothing is written', () => {
  const { clock, a, b, c, topology, describe } = setUp();
  for (const node of [a, b]) topology.observe(node, up({ startedAt: node.name }), clock.monotonicMs());
  expect(describe()).toMatchObject({
    primary: undefined,
    refusal: expect.stringContaining('both primaries'),
  });
  topology.observe(c, up({ systemId: 'theirs' }), clock.monotonicMs());
  expect(describe().refusal).toContain('different clusters');
});

it('counts the connections of all nodes together', async () => {
  const { a, b, topology } = setUp();
  expect(connectionCounts(topology, 0)).toEqual({ total: 0, idle: 0, waiting: 0 });
  const begin = () => new Operation('read', 0, 1_000, undefined);
  const leases = await Promise.all([
    a.writes.lease(begin()),
    a.readsOnPrimary.lease(begin()),
    b.reads.lease(begin()),
  ]);
  leases[0]?.release();
  expect(connectionCounts(topology, 4)).toEqual({ total: 3, idle: 1, waiting: 4 });
  const many = Array.from({ length: 12 }, () => b.reads.lease(begin()));
  expect(connectionCounts(topology, 0).waiting).toBe(3);
  leases[2]?.release();
  await many[0];
});
