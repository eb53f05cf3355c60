import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, it } from '@jest/globals';
import { manualClock, settle } from '@unite/shared/testing';
import type { ClusterNode } from '../../src/node/cluster-node';
import { Discovery } from '../../src/topology/discovery';
import { Monitor } from '../../src/topology/monitor';
import { Topology } from '../../src/topology/topology';
import type { NodeDiscovery, NodeOptions } from '../../src/types';
import { warningsOf } from '../consistency/warnings';
import { FakeServer } from '../fake-driver';
import { fakeNode, fakeSettings } from '../fake-node';

const member = (name: string): NodeOptions => ({ url: `postgres://${name}/app`, name });

function setUp(discover: NodeDiscovery['discover']) {
  const clock = manualClock();
  const settings = fakeSettings(clock);
  const topology = new Topology([], settings, () => undefined);
  const monitor = new Monitor(topology, settings);
  const created: ClusterNode[] = [];
  const calls: number[] = [];
  const startMs = clock.monotonicMs();
  const source: NodeDiscovery = {
    discover: (signal) => {
      calls.push(clock.monotonicMs() - startMs);
      return discover(signal);
    },
  };
  const createNode = (options: NodeOptions) => {
    const name = options.name ?? '';
    const node = fakeNode(name, clock, new FakeServer(), { node: options });
    created.push(node);
    return node;
  };
  const discovery = new Discovery(source, createNode, topology, monitor, settings);
  const names = () => topology.nodes.map(({ name }) => name);
  return { clock, discovery, topology, created, calls, names };
}

describe('the nodes', () => {
  it('are looked for outside of the request that started it', async () => {
    const requests = new AsyncLocalStorage<string>();
    const askers: (string | undefined)[] = [];
    const { clock, discovery, calls } = setUp(async () => {
      askers.push(requests.getStore());
      return [member('a')];
    });
    requests.run('the first request', () => discovery.start());
    await clock.advance(25_000);
    expect(calls.length).toBeGreaterThan(1);
    expect(new Set(askers)).toEqual(new Set([undefined]));
    discovery.close();
  });

  it('come, stay and go', async () => {
    let found = [member('a'), member('b')];
    const { clock, discovery, created, names, topology } = setUp(async () => found);
    await clock.advance(60_000);
    expect(created).toEqual([]);
    discovery.start();
    discovery.start();
    await settle();
    expect(names()).toEqual(['a', 'b']);
    const [a, b] = topology.nodes;
    let hasClosed = false;
    if (b) {
      const close = b.close.bind(b);
      b.close = (timeoutMs) => {
        hasClosed = timeoutMs === 10_000;
        return close(timeoutMs);
      };
    }
    found = [member('a'), member('c')];
    await clock.advance(10_000);
    expect(names()).toEqual(['a', 'c']);
    expect(topology.nodes[0]).toBe(a);
    expect([hasClosed, created.length]).toEqual([true, 3]);
    const { nodes } = topology;
    await clock.advance(10_000);
    expect(topology.nodes).toBe(nodes);
    found = [member('a')];
    await clock.advance(10_000);
    expect(names()).toEqual(['a']);
    discovery.close();
    await settle();
    expect(clock.sleepers()).toBe(0);
  });

  it('are looked for at once in a hurry', async () => {
    const { discovery, calls } = setUp(async () => [member('a')]);
    discovery.start();
    await settle();
    discovery.hurry();
    await settle();
    expect(calls).toEqual([0, 0]);
    discovery.close();
  });

  it('stay as they are when nobody can say, which is asked again after 250 ms, then ever more slowly', async () => {
    let fails = false;
    const { clock, discovery, calls, names } = setUp(async () => {
      if (fails) throw new Error('no etcd');
      return [member('a')];
    });
    const warnings = await warningsOf(async () => {
      discovery.start();
      await settle();
      fails = true;
      await clock.advance(25_000);
    });
    expect(names()).toEqual(['a']);
    expect(calls.map((at) => at - 10_000)).toEqual([-10_000, 0, 250, 750, 1_750, 3_750, 7_750]);
    expect(warnings).toEqual([
      ['UNITE_DB_DISCOVERY_FAILED', 'The nodes of the database cluster could not be found: no etcd'],
    ]);
    fails = false;
    await clock.advance(10_000);
    expect(calls.at(-1)).toBe(25_750);
    fails = true;
    await clock.advance(10_250);
    expect(calls.filter((at) => at > 25_750).slice(0, 2)).toEqual([35_750, 36_000]);
    discovery.close();
  });

  it.each<[unknown, string]>([
    [[member('a'), member('a')], 'discover(): two nodes are called "a"'],
    [[{ name: 'a' }], 'discover() nodes[0]: option "url" must be a URL'],
    [
      ['postgres://u:s3cret@db/app'],
      "discover() nodes[0] must be { url: 'postgres://user:password@host:5432/database' }, got a text, which may hold a password",
    ],
    [undefined, 'discover(): the nodes must be an array'],
  ])('are not what is no list of nodes: %#', async (found, message) => {
    const { discovery, created } = setUp(async () => found as never);
    const warnings = await warningsOf(async () => {
      discovery.start();
      await settle();
    });
    discovery.close();
    expect(warnings[0]?.[1]).toContain(message);
    expect(JSON.stringify(warnings)).not.toContain('s3cret');
    expect(created).toEqual([]);
  });
});

describe('after the end', () => {
  it('nobody is warned that the search was given up', async () => {
    const { discovery, calls } = setUp(
      (signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        }),
    );
    const warnings = await warningsOf(async () => {
      discovery.start();
      await settle();
      discovery.close();
      await settle();
    });
    expect(warnings).toEqual([]);
    expect(calls).toHaveLength(1);
  });

  it('nobody is adopted', async () => {
    const { discovery, created } = setUp(async () => {
      discovery.close();
      return [member('a')];
    });
    discovery.start();
    await settle();
    expect(created).toEqual([]);
    discovery.start();
    await settle();
    expect(created).toEqual([]);
  });
});
