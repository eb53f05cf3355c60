import { expect, it } from '@jest/globals';
import { manualClock } from '@unite/shared/testing';
import fc from 'fast-check';
import { Lag } from '../../src/topology/lag';
import { fakeNode } from '../fake-node';
import { down, report, up } from '../reports';

const replicaAt = (lsn: bigint, timeline = 1) => {
  const node = fakeNode('r', manualClock());
  node.observation = up({ role: 'replica', lsn, timeline });
  return node;
};

it('is nothing on an idle primary, whoever was asked first', () => {
  const lag = new Lag();
  const replica = replicaAt(100n);
  lag.measure(replica);
  expect(replica.caughtUpAtMs).toBeUndefined();
  for (const askedAtMs of [1_000, 2_000, 60_000]) {
    lag.sample(1, 100n, askedAtMs);
    lag.measure(replica);
    expect(replica.caughtUpAtMs).toBe(askedAtMs);
  }
});

it('is counted from the last time at which the primary was where the replica is', () => {
  const lag = new Lag();
  for (const [lsn, askedAtMs] of [
    [100n, 1_000],
    [200n, 2_000],
    [300n, 3_000],
  ] as const)
    lag.sample(1, lsn, askedAtMs);
  for (const [lsn, caughtUpAtMs] of [
    [99n, undefined],
    [100n, 1_000],
    [299n, 2_000],
    [300n, 3_000],
    [999n, 3_000],
  ] as const) {
    const replica = replicaAt(lsn);
    lag.measure(replica);
    expect(replica.caughtUpAtMs).toBe(caughtUpAtMs);
  }
});

it('does not go back with an older answer', () => {
  const lag = new Lag();
  lag.sample(1, 100n, 1_000);
  lag.sample(1, 200n, 2_000);
  const replica = replicaAt(200n);
  lag.measure(replica);
  replica.observation = up({ role: 'replica', lsn: 150n });
  lag.measure(replica);
  expect(replica.caughtUpAtMs).toBe(2_000);
});

it('says nothing of primaries, of nodes that are down, and of other timelines', () => {
  const lag = new Lag();
  lag.sample(1, 100n, 1_000);
  lag.sample(2, 50n, 2_000);
  const others = [
    replicaAt(100n, 1),
    replicaAt(100n, 3),
    fakeNode('d', manualClock()),
    fakeNode('p', manualClock()),
  ];
  const [, , gone, primary] = others;
  if (gone) gone.observation = down();
  if (primary) primary.observation = up({ timeline: 2 });
  for (const node of others) {
    lag.measure(node);
    expect(node.caughtUpAtMs).toBeUndefined();
  }
});

it('has a number of bytes, on one timeline', () => {
  const lag = new Lag();
  expect(lag.bytesBehind(report())).toBeUndefined();
  lag.sample(1, 100n, 1_000);
  expect([90n, 100n, 110n].map((lsn) => lag.bytesBehind(report({ lsn })))).toEqual([10, 0, 0]);
  expect(lag.bytesBehind(report({ timeline: 2 }))).toBeUndefined();
});

it('is an upper bound, though only the last positions are remembered', () => {
  const growth = fc.array(fc.record({ bytes: fc.bigInt(0n, 100n), ms: fc.integer({ min: 1, max: 1_000 }) }), {
    minLength: 1,
    maxLength: 80,
  });
  fc.assert(
    fc.property(growth, fc.nat(8_000), (steps, reached) => {
      const lag = new Lag();
      const history: { lsn: bigint; atMs: number }[] = [];
      let [lsn, atMs] = [0n, 1];
      for (const { bytes, ms } of steps) {
        lsn += bytes;
        atMs += ms;
        history.push({ lsn, atMs });
        lag.sample(1, lsn, atMs);
      }
      const replica = replicaAt(BigInt(reached));
      lag.measure(replica);
      const caughtUpAtMs = history.findLast((one) => one.lsn <= BigInt(reached))?.atMs;
      const isRemembered = history.slice(-32).some((one) => one.lsn <= BigInt(reached));
      expect(replica.caughtUpAtMs).toBe(isRemembered ? caughtUpAtMs : undefined);
    }),
  );
});
