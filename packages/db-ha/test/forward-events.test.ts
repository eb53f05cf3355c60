import { EventEmitter } from 'node:events';
import { expect, it } from '@jest/globals';
import { manualClock } from '@unite/shared/testing';
import { forwardEvents } from '../src/forward-events';
import { Operation } from '../src/operation';
import { FakeServer } from './fake-driver';
import { fakeNode } from './fake-node';

function setUp(target: () => { emit?: EventEmitter['emit'] }) {
  const server = new FakeServer();
  const node = fakeNode('db', manualClock(), server);
  forwardEvents(node, target);
  const lease = () => node.reads.lease(new Operation('read', 0, 1_000, undefined));
  return { server, node, lease };
}

it('tells of the connections of every pool of a node, also of those made later', async () => {
  const target = new EventEmitter();
  const heard: [string, unknown][] = [];
  for (const event of ['connect', 'acquire', 'remove'])
    target.on(event, (client) => heard.push([event, client]));
  target.on('release', (_error, client) => heard.push(['release', client]));
  const { node, lease } = setUp(() => target);
  for (let i = 0; i < 2; i++) {
    const one = await lease();
    one.release(new Error('worn out'));
    expect(heard.splice(0)).toEqual(
      ['connect', 'acquire', 'release', 'remove'].map((event) => [event, one.client]),
    );
    node.retire();
  }
  await node.writes.lease(new Operation('write', 0, 1_000, undefined));
  await node.readsOnPrimary.lease(new Operation('read', 0, 1_000, undefined));
  expect(heard.map(([event]) => event)).toEqual(['connect', 'acquire', 'connect', 'acquire']);
});

it('keeps an error to itself: nobody may listen, and the process would end', async () => {
  const target = new EventEmitter();
  const { server, lease } = setUp(() => target);
  await lease();
  expect(() => server.pools[0]?.emit('error', new Error('idle'))).not.toThrow();
});

it('needs nobody who listens', async () => {
  const { lease } = setUp(() => ({}));
  await expect(lease()).resolves.toBeDefined();
});
