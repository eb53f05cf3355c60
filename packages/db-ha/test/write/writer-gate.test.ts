import { describe, expect, it } from '@jest/globals';
import { manualClock, settle } from '@unite/shared/testing';
import fc from 'fast-check';
import { newCounts } from '../../src/counts';
import type { ClusterNode, Observation } from '../../src/node/cluster-node';
import { Operation } from '../../src/operation';
import { Topology } from '../../src/topology/topology';
import type { ClusterOptions } from '../../src/types';
import { Entry, WriterGate } from '../../src/write/writer-gate';
import { deferred } from '../deferred';
import { serverError } from '../fake-driver';
import { fakeNode, fakeSettings } from '../fake-node';
import { outcomeNow } from '../outcome-now';
import { down, up } from '../reports';

const begin = () => new Operation('write', 0, 60_000, undefined);

/** Two nodes, of which none answered at the first look unless `isSurveyed` is false: then that look is still to come. */
function setUp(options: Partial<ClusterOptions> = {}, names = ['a', 'b'], isSurveyed = true) {
  const clock = manualClock();
  const settings = fakeSettings(clock, {}, options);
  const nodes = names.map((name) => fakeNode(name, clock));
  const [a, b] = nodes as [ClusterNode, ClusterNode];
  const topology = new Topology(nodes, settings, () => undefined);
  if (isSurveyed) for (const node of nodes) topology.observe(node, down(), 0);
  const counts = newCounts();
  const gate = new WriterGate(topology, settings, counts);
  const observe = (node: ClusterNode, observation: Observation) => {
    topology.observe(node, observation, clock.monotonicMs());
    gate.pump();
  };
  /** Enters and notes whether it was let in. */
  const enter = (operation = begin()) => {
    const one = { entry: undefined as Entry | undefined, error: undefined as unknown, operation };
    const entering = gate.enter(operation);
    if (entering instanceof Entry) one.entry = entering;
    else
      entering.then(
        (entry) => {
          one.entry = entry;
        },
        (error) => {
          one.error = error;
        },
      );
    return one;
  };
  return { clock, a, b, topology, counts, gate, observe, enter };
}

describe('with a primary', () => {
  it('everybody is let in at once', () => {
    const { a, gate, observe, enter } = setUp();
    observe(a, up());
    for (let i = 0; i < 100; i++) expect(enter().entry?.node).toBe(a);
    expect(gate.waiting).toBe(0);
  });
});

describe('before every node was asked once', () => {
  it('nobody is let in: one that is slow to answer may be the newer primary', async () => {
    const { a, b, gate, topology, observe, enter } = setUp({}, ['a', 'b'], false);
    const early = enter();
    observe(a, up());
    const later = enter();
    await settle();
    expect([early.entry, later.entry, gate.waiting]).toEqual([undefined, undefined, 2]);
    observe(b, up({ timeline: 2 }));
    await settle();
    expect([early.entry?.node, later.entry?.node]).toEqual([b, b]);
    // A node that joins later keeps nobody out.
    topology.setNodes([...topology.nodes, fakeNode('c', manualClock())]);
    expect(enter().entry?.node).toBe(b);
  });
});

describe('without a primary', () => {
  it('writes wait, and go in the order in which they came', async () => {
    const { clock, a, gate, observe, enter } = setUp();
    const order: number[] = [];
    for (let i = 0; i < 5; i++) void Promise.resolve(gate.enter(begin())).then(() => order.push(i));
    await clock.advance(14_000);
    expect([gate.waiting, order]).toEqual([5, []]);
    observe(a, up());
    await settle();
    expect([gate.waiting, order]).toEqual([0, [0, 1, 2, 3, 4]]);
    expect(clock.sleepers()).toBe(0);
    expect(enter().entry?.node).toBe(a);
  });

  it('for as long as was allowed', async () => {
    const { clock, a, b, observe, enter } = setUp({ failover: { timeoutMs: 5_000 } });
    observe(a, down(new Error('reset')));
    observe(b, up({ role: 'replica' }));
    const one = enter();
    await clock.advance(4_999);
    expect(one.error).toBeUndefined();
    await clock.advance(1);
    expect(one.error).toMatchObject({
      code: 'UNITE_DB_NO_PRIMARY',
      message: 'No primary among the 2 configured nodes. a: reset; b: replica, up',
    });
  });

  it('up to a number', async () => {
    const { counts, gate, enter } = setUp({ failover: { maxWaiting: 2 } });
    const all = [enter(), enter(), enter()];
    await settle();
    expect(all.map(({ error }) => error)).toEqual([
      undefined,
      undefined,
      expect.objectContaining({
        code: 'UNITE_DB_QUEUE_FULL',
        message: '2 writes wait for a primary already',
      }),
    ]);
    expect([gate.waiting, counts.refused]).toEqual([2, 1]);
  });

  it('and whoever gives up waits no more', async () => {
    const { clock, a, gate, observe, enter } = setUp();
    const [one, other] = [enter(), enter()];
    one.operation.interrupt('deadline');
    await settle();
    expect(one.error).toMatchObject({ interruption: 'deadline' });
    expect([gate.waiting, clock.sleepers()]).toEqual([1, 1]);
    observe(a, up());
    await settle();
    expect([one.entry, other.entry?.node]).toEqual([undefined, a]);
  });

  it('two of them are said to be the reason', async () => {
    const { clock, a, b, observe, enter } = setUp();
    observe(a, up());
    observe(b, up());
    const one = enter();
    await clock.advance(15_000);
    expect(one.error).toMatchObject({ code: 'UNITE_DB_SPLIT_BRAIN' });
  });
});

describe('waiting is pointless, and ends at once', () => {
  it('when every node refuses access', async () => {
    const { a, b, observe, enter } = setUp();
    const denial = serverError('28P01', 'password authentication failed', 'FATAL');
    observe(a, down(denial));
    const one = enter();
    await settle();
    expect(one.error).toBeUndefined();
    observe(b, down(denial));
    await settle();
    const denied = {
      code: 'UNITE_DB_ACCESS_DENIED',
      cause: denial,
      message:
        'Every node refuses access. a: password authentication failed; b: password authentication failed',
    };
    expect(one.error).toMatchObject(denied);
    await expect(outcomeNow(Promise.resolve(enter()))).resolves.toBeDefined();
    const late = enter();
    await settle();
    expect(late.error).toMatchObject(denied);
  });

  it('but not when one of them is merely down', async () => {
    const { a, b, gate, observe, enter } = setUp();
    observe(a, down(serverError('28P01')));
    observe(b, down());
    enter();
    await settle();
    expect(gate.waiting).toBe(1);
  });

  it('when the nodes belong to different clusters, with a primary too', async () => {
    const { a, b, gate, observe, enter } = setUp();
    const early = enter();
    observe(b, up({ role: 'replica' }));
    observe(a, up({ systemId: 'theirs' }));
    const late = enter();
    await settle();
    for (const { error } of [early, late]) expect(error).toMatchObject({ code: 'UNITE_DB_MIXED_CLUSTERS' });
    expect(gate.waiting).toBe(0);
    observe(b, up());
    const last = enter();
    await settle();
    expect([last.entry, last.error]).toEqual([
      undefined,
      expect.objectContaining({ code: 'UNITE_DB_MIXED_CLUSTERS' }),
    ]);
  });

  it('when the only node is a replica', async () => {
    const { a, observe, enter } = setUp({}, ['a']);
    observe(a, up({ role: 'replica' }));
    const one = enter();
    await settle();
    expect(one.error).toMatchObject({
      code: 'UNITE_DB_NO_PRIMARY',
      message: 'No primary among the 1 configured nodes. a: replica, up',
    });
  });

  it('but not when the only node is down, and may come back', async () => {
    const { a, gate, observe, enter } = setUp({}, ['a']);
    observe(a, down());
    enter();
    await settle();
    expect(gate.waiting).toBe(1);
  });
});

describe('after a failover', () => {
  function failedOver(options: Partial<ClusterOptions> = {}) {
    const set = setUp({ pool: { max: 4 }, ...options });
    const all = Array.from({ length: 40 }, () => set.enter());
    set.topology.observe(set.b, up({ timeline: 2 }), 0);
    set.gate.begin();
    set.gate.pump();
    const inside = () => all.filter(({ entry }) => entry);
    let left = 0;
    const leave = async (hasSucceeded: boolean) => {
      inside()[left]?.entry?.leave(hasSucceeded);
      left += 1;
      await settle();
    };
    return { ...set, all, leave, inNow: () => inside().length - left };
  }

  it('one is let in, then two, then four, then all', async () => {
    const { gate, leave, inNow } = failedOver();
    await settle();
    const seen = [inNow()];
    for (let i = 0; i < 3; i++) {
      await leave(true);
      seen.push(inNow());
    }
    expect(seen).toEqual([1, 2, 4, 37]);
    expect(gate.waiting).toBe(0);
  });

  it('a failure lets in another one and no more', async () => {
    const { gate, leave, inNow } = failedOver();
    await settle();
    for (let i = 0; i < 3; i++) {
      await leave(false);
      expect(inNow()).toBe(1);
    }
    expect(gate.waiting).toBe(36);
  });

  it('one that stays for long does not keep the others out', async () => {
    const { clock, gate, inNow } = failedOver();
    await settle();
    const seen: number[] = [];
    for (let i = 0; i < 4; i++) {
      seen.push(inNow());
      await clock.advance(250);
    }
    expect(seen).toEqual([1, 2, 4, 40]);
    expect([gate.waiting, clock.sleepers()]).toEqual([0, 0]);
  });

  it('whoever entered before it counts no more', async () => {
    const { a, b, gate, observe, enter, topology } = setUp({ pool: { max: 4 } });
    observe(a, up());
    const old = enter();
    topology.observe(b, up({ timeline: 2 }), 0);
    gate.begin();
    const [one, two] = [enter(), enter()];
    await settle();
    expect([one.entry?.node, two.entry]).toEqual([b, undefined]);
    old.entry?.leave(true);
    await settle();
    expect(two.entry).toBeUndefined();
    one.entry?.leave(true);
    await settle();
    expect(two.entry?.node).toBe(b);
  });

  it('whoever is let in and interrupted in the same turn leaves the place to the next', async () => {
    const { b, gate, enter, topology } = setUp({ pool: { max: 4 } });
    const [one, two] = [enter(), enter()];
    topology.observe(b, up({ timeline: 2 }), 0);
    gate.begin();
    gate.pump();
    one.operation.interrupt('aborted');
    await settle();
    expect([one.entry, one.error, two.entry?.node]).toEqual([
      undefined,
      expect.objectContaining({ interruption: 'aborted' }),
      b,
    ]);
  });

  it('whoever is refused and let in in the same turn takes no place', async () => {
    const { clock, b, gate, enter, topology } = setUp({ pool: { max: 4 } });
    const timeIsUp = deferred<void>();
    const { sleep } = clock;
    Object.assign(clock, { sleep: (ms: number) => (ms === 15_000 ? timeIsUp.promise : sleep(ms)) });
    const late = enter();
    timeIsUp.resolve();
    await Promise.resolve();
    topology.observe(b, up({ timeline: 2 }), 0);
    gate.begin();
    gate.pump();
    await settle();
    expect([late.entry, late.error]).toEqual([
      undefined,
      expect.objectContaining({ code: 'UNITE_DB_NO_PRIMARY' }),
    ]);
    expect(gate.enter(begin())).toBeInstanceOf(Entry);
  });
});

it('nobody is lost and no place is lost, whatever happens', async () => {
  const step = fc.record({
    what: fc.constantFrom(
      'enter',
      'enter',
      'leave',
      'fail',
      'interrupt',
      'lose',
      'promote',
      'settle',
      'wait',
    ),
    which: fc.nat(15),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const { clock, a, b, gate, topology, observe, enter } = setUp({
        pool: { max: 2 },
        failover: { timeoutMs: 1_000, maxWaiting: 5 },
      });
      const all: (ReturnType<typeof enter> & { hasLeft?: boolean })[] = [];
      const leave = (one: (typeof all)[number] | undefined, hasSucceeded: boolean) => {
        if (!one?.entry || one.hasLeft) return;
        one.hasLeft = true;
        one.entry.leave(hasSucceeded);
      };
      let timeline = 1;
      let writer: ClusterNode | undefined;
      for (const { what, which } of steps) {
        if (what === 'enter') all.push(enter());
        else if (what === 'leave' || what === 'fail') leave(all[which], what === 'leave');
        else if (what === 'interrupt') all[which]?.operation.interrupt('aborted');
        else if (what === 'lose' && writer) {
          observe(writer, down());
        } else if (what === 'promote') {
          timeline += 1;
          writer = writer === a ? b : a;
          topology.observe(writer, up({ timeline }), 0);
          gate.begin();
          gate.pump();
        } else if (what === 'wait') await clock.advance(100);
        else await settle();
        await Promise.resolve();
      }
      await clock.advance(5_000);
      // Everyone has been let in or told why not.
      for (const one of all) expect([one.entry, one.error].filter(Boolean)).toHaveLength(1);
      expect(gate.waiting).toBe(0);
      for (const one of all) leave(one, false);
      observe(a, up({ timeline: timeline + 1 }));
      expect(enter().entry?.node).toBe(a);
      expect(clock.sleepers()).toBe(0);
    }),
    { numRuns: 60 },
  );
});
