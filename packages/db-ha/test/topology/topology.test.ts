import { describe, expect, it } from '@jest/globals';
import { manualClock } from '@unite/shared/testing';
import fc from 'fast-check';
import type { ClusterNode, Observation } from '../../src/node/cluster-node';
import { Topology, type TopologyChange, WrongServerError } from '../../src/topology/topology';
import { fakeNode } from '../fake-node';
import { down, report, up } from '../reports';

function setUp(names = ['a', 'b', 'c']) {
  const clock = manualClock();
  const nodes = names.map((name) => fakeNode(name, clock));
  const [a, b, c] = nodes as [ClusterNode, ClusterNode, ClusterNode];
  const changes: TopologyChange[] = [];
  const topology = new Topology(nodes, { clock, maxLagMs: 30_000 }, (change) => changes.push(change));
  const observe = (node: ClusterNode, observation: Observation) =>
    topology.observe(node, observation, clock.monotonicMs());
  const states = () => nodes.map((node) => topology.stateOf(node).state);
  return { clock, nodes, a, b, c, topology, changes, observe, states };
}

const replica = { role: 'replica' } as const;

describe('who is the primary', () => {
  it('is nobody before anybody was asked', () => {
    const { topology, states } = setUp();
    expect(topology.writer).toBeUndefined();
    expect(topology.isSurveyed).toBe(false);
    expect(states()).toEqual(['unknown', 'unknown', 'unknown']);
    expect(topology.describe()).toBe('a: not asked yet; b: not asked yet; c: not asked yet');
    expect(setUp([]).topology.isSurveyed).toBe(false);
  });

  it('is who says so, on the highest timeline', () => {
    const { a, b, c, topology, changes, observe, states } = setUp();
    observe(a, up());
    expect(topology.writer).toBe(a);
    observe(b, up(replica));
    observe(c, down());
    expect(topology.isSurveyed).toBe(true);
    expect(states()).toEqual(['up', 'up', 'down']);
    expect(changes.map(({ node, from, to, writer }) => [node.name, from, to, writer?.now?.name])).toEqual([
      ['a', 'unknown', 'up', 'a'],
      ['b', 'unknown', 'up', undefined],
      ['c', 'unknown', 'down', undefined],
    ]);
  });

  it('is the one that was promoted, and the old one is fenced when it comes back', () => {
    const { a, b, topology, changes, observe } = setUp();
    observe(a, up());
    observe(b, up(replica));
    observe(a, down(new Error('reset')));
    expect(topology.stateOf(a)).toEqual({ state: 'down', reason: 'reset' });
    expect(changes.at(-1)).toMatchObject({ from: 'up', to: 'down', writer: { before: a, now: undefined } });
    observe(b, up({ timeline: 2 }));
    expect(topology.writer).toBe(b);
    observe(a, up({ timeline: 1 }));
    expect(topology.writer).toBe(b);
    expect(topology.stateOf(a)).toEqual({ state: 'fenced', reason: 'writes timeline 1; 2 exists' });
  });

  it('is nobody when a replica follows a timeline whose primary is not among us', () => {
    const { a, b, topology, observe, states } = setUp();
    observe(a, up());
    observe(b, up({ ...replica, timeline: 2 }));
    expect(topology.writer).toBeUndefined();
    expect(states()[0]).toBe('fenced');
    expect(topology.writeRefusal()).toBeUndefined();
  });

  it('is nobody when there are two of the same timeline, until one of them is gone', () => {
    const { a, b, topology, observe, states } = setUp();
    observe(a, up());
    observe(b, up({ startedAt: 'later' }));
    expect(topology.writer).toBeUndefined();
    expect(states().slice(0, 2)).toEqual(['fenced', 'fenced']);
    expect(topology.stateOf(a).reason).toBe('there is another primary');
    expect(topology.writeRefusal()).toMatchObject({
      code: 'UNITE_DB_SPLIT_BRAIN',
      message: 'a and b are both primaries of timeline 1; one of them must be shut down',
    });
    observe(a, down());
    expect(topology.writer).toBe(b);
    expect(topology.writeRefusal()).toBeUndefined();
  });

  it('is nobody when one server has two addresses, which is said', () => {
    const { a, b, topology, observe } = setUp();
    observe(a, up());
    observe(b, up());
    expect(topology.writeRefusal()).toMatchObject({
      code: 'UNITE_DB_SPLIT_BRAIN',
      message: 'a and b are one server under several addresses, by the time of its start; give it once',
    });
  });

  it('is never a stranger', () => {
    const { a, b, topology, observe, states } = setUp();
    observe(a, up({ timeline: 1 }));
    observe(b, up({ systemId: 'theirs', timeline: 9 }));
    expect(topology.writer).toBe(a);
    expect(topology.timeline).toBe(1);
    expect(states()[1]).toBe('foreign');
    expect(topology.stateOf(b).reason).toBe('belongs to the cluster theirs, not ours');
    expect(topology.refusal()).toMatchObject({
      code: 'UNITE_DB_MIXED_CLUSTERS',
      message: 'The nodes belong to different clusters, by their system identifiers: a ours, b theirs',
    });
  });

  it('and a member whose address leads elsewhere one day is left out, not taken for a mistake', () => {
    const { a, b, topology, observe, states } = setUp();
    observe(a, up());
    observe(b, up(replica));
    expect(topology.refusal()).toBeUndefined();
    observe(b, up({ systemId: 'theirs' }));
    expect(states()[1]).toBe('foreign');
    expect(topology.refusal()).toBeUndefined();
    expect(topology.writer).toBe(a);
  });

  it('takes no new connections and is the primary all the same: the old ones work', () => {
    const { a, b, topology, observe, states } = setUp();
    observe(a, { isUp: true, report: report(), acceptsConnections: false });
    expect(topology.writer).toBe(a);
    observe(b, { isUp: true, report: report(replica), acceptsConnections: false });
    expect(topology.stateOf(b)).toEqual({ state: 'down', reason: 'takes no new connections' });
    expect(states()[0]).toBe('up');
  });

  it('is chosen safely whatever is seen in whatever order', () => {
    const seen = fc.record({
      node: fc.nat(2),
      what: fc.constantFrom('primary' as const, 'replica' as const, 'down' as const, 'token' as const),
      timeline: fc.integer({ min: 1, max: 4 }),
      systemId: fc.constantFrom('ours', 'ours', 'ours', 'theirs'),
      acceptsConnections: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(seen, { maxLength: 40 }), (sightings) => {
        const { nodes, topology, changes, observe } = setUp();
        let highest = 0;
        let systemId: string | undefined;
        for (const { node: index, what, timeline, systemId: said, acceptsConnections } of sightings) {
          const node = nodes[index];
          if (!node) continue;
          const before = topology.writer;
          changes.length = 0;
          if (what === 'token') {
            topology.raiseTimeline(timeline);
            highest = Math.max(highest, timeline);
          } else if (what === 'down') observe(node, down());
          else {
            systemId ??= said;
            if (said === systemId) highest = Math.max(highest, timeline);
            observe(node, {
              isUp: true,
              report: report({ role: what, timeline, systemId: said }),
              acceptsConnections,
            });
          }
          expect(topology.timeline ?? 0).toBe(highest);
          expect(topology.systemId).toBe(systemId);
          const candidates = nodes.filter(
            (one) =>
              one.report?.role === 'primary' &&
              one.report.timeline === highest &&
              one.report.systemId === systemId,
          );
          // Never below the highest, never a stranger, never one of two.
          expect(topology.writer).toBe(candidates.length === 1 ? candidates[0] : undefined);
          expect(topology.writeRefusal() === undefined).toBe(candidates.length < 2);
          for (const one of nodes) {
            const { state } = topology.stateOf(one);
            if (one.report?.role === 'primary' && state === 'up') expect(one).toBe(topology.writer);
          }
          // Nobody misses a change of the primary.
          const told = changes.flatMap(({ writer }) => (writer ? [writer] : []));
          expect(told).toEqual(before === topology.writer ? [] : [{ before, now: topology.writer }]);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a timeline heard of', () => {
  it('before it was known which cluster this is counts for that cluster alone', () => {
    const { a, topology, observe, states } = setUp();
    topology.noteToken({ systemId: 'ours', timeline: 3 });
    topology.noteToken({ systemId: 'ours', timeline: 2 });
    topology.noteToken({ systemId: 'theirs', timeline: 9 });
    observe(a, up({ timeline: 2 }));
    expect([topology.timeline, topology.writer, states()[0]]).toEqual([3, undefined, 'fenced']);
    topology.noteToken({ systemId: 'theirs', timeline: 9 });
    expect(topology.timeline).toBe(3);
    topology.noteToken({ systemId: 'ours', timeline: 4 });
    expect(topology.timeline).toBe(4);
  });

  it('fences the primary below it', () => {
    const { a, topology, changes, observe } = setUp();
    observe(a, up());
    changes.length = 0;
    topology.raiseTimeline(1);
    expect(changes).toEqual([]);
    topology.raiseTimeline(2);
    expect([topology.writer, topology.timeline]).toEqual([undefined, 2]);
    expect(changes).toEqual([{ node: a, from: 'up', to: 'fenced', writer: { before: a, now: undefined } }]);
    topology.raiseTimeline(1);
    expect(topology.timeline).toBe(2);
  });

  it.each([Number.NaN, undefined, '2', -1, 0, 1.5, Number.POSITIVE_INFINITY])('is none: %p', (timeline) => {
    const { a, topology, observe } = setUp();
    observe(a, up());
    topology.raiseTimeline(timeline as never);
    expect([topology.writer?.name, topology.timeline]).toEqual(['a', 1]);
  });
});

describe('the members', () => {
  it('may lose the primary', () => {
    const { a, b, topology, changes, observe } = setUp();
    observe(a, up());
    observe(b, up(replica));
    changes.length = 0;
    topology.setNodes([a, b]);
    expect(changes).toEqual([]);
    topology.setNodes([b]);
    expect(topology.writer).toBeUndefined();
    expect(changes).toEqual([{ node: a, from: 'up', to: 'unknown', writer: { before: a, now: undefined } }]);
  });

  it('may lose one of two primaries: whoever waits is told that there is one now', () => {
    const { a, b, topology, changes, observe } = setUp();
    observe(a, up());
    observe(b, up());
    changes.length = 0;
    topology.setNodes([b]);
    expect(topology.writer).toBe(b);
    expect(changes).toEqual([{ node: b, from: 'fenced', to: 'up', writer: { before: undefined, now: b } }]);
  });
});

describe('a replica', () => {
  it('is up once it is known to be where the primary was not long ago', async () => {
    const { clock, a, b, topology, observe, states } = setUp();
    observe(b, up({ ...replica, lsn: 50n }));
    expect(states()[1]).toBe('up');
    observe(a, up({ lsn: 100n }));
    expect(topology.stateOf(b)).toEqual({ state: 'behind', reason: 'has not caught up yet' });
    observe(b, up({ ...replica, lsn: 100n }));
    expect([states()[1], topology.lagMsOf(b)]).toEqual(['up', 0]);
    await clock.advance(30_000);
    expect(states()[1]).toBe('up');
    await clock.advance(1);
    expect(topology.stateOf(b)).toEqual({ state: 'behind', reason: 'lags by up to 30001 ms' });
  });

  it('is behind on another timeline, and when it receives nothing', () => {
    const { a, b, c, topology, observe } = setUp();
    observe(a, up({ timeline: 2 }));
    observe(b, up({ ...replica, timeline: 1 }));
    observe(c, up({ ...replica, timeline: 2, isReceiving: false }));
    expect(topology.stateOf(b).reason).toBe('follows timeline 1; 2 exists');
    expect(topology.stateOf(c).reason).toBe('receives nothing from the primary');
    expect(topology.describe()).toBe(
      'a: primary, up; b: replica, follows timeline 1; 2 exists; c: replica, receives nothing from the primary',
    );
  });

  it.each([
    [
      'was restarted from an older state',
      (observe: (says: object) => void) => observe({ lsn: 10n, startedAt: 'later' }),
    ],
    [
      'was down',
      (observe: (says: object | undefined) => void) => {
        observe(undefined);
        observe({ lsn: 10n });
      },
    ],
  ])('that %s has not caught up, whatever it had before', (_how, happen) => {
    const { a, b, topology, observe } = setUp();
    observe(a, up({ lsn: 100n }));
    observe(b, up({ ...replica, lsn: 100n }));
    expect(topology.stateOf(b).state).toBe('up');
    happen((says: object | undefined) => observe(b, says ? up({ ...replica, ...says }) : down()));
    expect(topology.stateOf(b)).toEqual({ state: 'behind', reason: 'has not caught up yet' });
    expect(b.replay.has({ timeline: 1, lsn: 11n })).toBe(false);
  });

  it('tells how far it is, for reads that need a position, and no more once it is down', () => {
    const { b, observe } = setUp();
    observe(b, up({ ...replica, lsn: 70n }));
    expect(b.replay.has({ timeline: 1, lsn: 70n })).toBe(true);
    observe(b, down());
    expect(b.replay.has({ timeline: 1, lsn: 1n })).toBe(false);
  });
});

describe('the replicas that may be read', () => {
  it('follow what is seen, and the lag as it grows', async () => {
    const { clock, a, b, c, topology, observe } = setUp();
    const readable = () => topology.readableReplicas(clock.monotonicMs()).map(({ name }) => name);
    expect(readable()).toEqual([]);
    observe(a, up());
    observe(b, up({ ...replica, lsn: 100n }));
    observe(c, up({ ...replica, lsn: 100n }));
    expect(readable()).toEqual(['b', 'c']);
    expect(topology.readableReplicas(clock.monotonicMs())).toBe(
      topology.readableReplicas(clock.monotonicMs()),
    );
    observe(b, down());
    expect(readable()).toEqual(['c']);
    await clock.advance(30_001);
    expect(readable()).toEqual([]);
  });
});

describe('a new connection', () => {
  it('is refused where it leads to the wrong server', () => {
    const { a, topology, observe } = setUp();
    observe(a, up({ timeline: 2 }));
    const verify = (purpose: 'read' | 'write', says: object) => () =>
      topology.verify(a, purpose, report(says));
    expect(verify('write', { timeline: 2 })).not.toThrow();
    // Promoted since it was last looked at.
    expect(verify('write', { timeline: 3 })).not.toThrow();
    expect(verify('read', replica)).not.toThrow();
    expect(verify('read', { systemId: 'theirs' })).toThrow(
      new WrongServerError('a belongs to the cluster theirs, not ours'),
    );
    expect(verify('read', { timeline: 1 })).toThrow('a is a primary of timeline 1; 2 exists');
    expect(verify('write', { timeline: 1 })).toThrow('a is a primary of timeline 1; 2 exists');
    expect(verify('write', { ...replica, timeline: 2 })).toThrow(new WrongServerError('a is a replica'));
  });

  it('is refused while it is not known which cluster this is', () => {
    const { a, topology } = setUp();
    expect(() => topology.verify(a, 'read', report())).toThrow(
      'a belongs to the cluster ours, not undefined',
    );
  });
});

it('tells whoever waits of the next answer or failure, once', async () => {
  const { a, b, topology, observe } = setUp();
  const heard: string[] = [];
  const wait = async (name: string) => {
    await topology.changed();
    heard.push(name);
  };
  const first = [wait('one'), wait('two')];
  observe(a, up());
  await Promise.all(first);
  expect(heard).toEqual(['one', 'two']);
  const second = wait('three');
  observe(b, down());
  await second;
  expect(heard).toEqual(['one', 'two', 'three']);
});
