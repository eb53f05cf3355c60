import { expect, it } from '@jest/globals';
import { manualClock } from '@unite/shared/testing';
import fc from 'fast-check';
import { chooseReplica } from '../../src/read/choose-replica';
import { fakeNode } from '../fake-node';

const node = (name: string) => fakeNode(name, manualClock());
const chosen = (...given: Parameters<typeof chooseReplica>) => chooseReplica(...given)?.name;

it('has nobody to choose from, or one', () => {
  const a = node('a');
  for (const random of [0, 0.5, 0.999_999]) {
    expect(chosen([], () => random, 0)).toBeUndefined();
    expect(chosen([a], () => random, 0)).toBe('a');
  }
});

it('takes the one with less to do', () => {
  const [a, b] = [node('a'), node('b')];
  a.reads.inUse = 2;
  for (const random of [0, 0.999]) expect(chosen([a, b], () => random, 0)).toBe('b');
  b.latency.add(10, 0);
  a.latency.add(1, 0);
  for (const random of [0, 0.999]) expect(chosen([a, b], () => random, 0)).toBe('a');
});

it('takes differences below the noise for none', () => {
  const [a, b] = [node('a'), node('b')];
  a.latency.add(0.01, 0);
  b.latency.add(0.04, 0);
  b.reads.inUse = 0;
  a.reads.inUse = 1;
  for (const random of [0, 0.999]) expect(chosen([a, b], () => random, 0)).toBe('b');
});

it('leaves out who lost a read until it was asked how it is, which an answer from before does not tell', () => {
  const [a, b] = [node('a'), node('b')];
  a.lostRead(5);
  const both = () => [0, 0.999].map((random) => chosen([a, b], () => random, 5));
  a.wasAsked(4);
  expect(both()).toEqual(['b', 'b']);
  a.wasAsked(5);
  expect(both()).toEqual(['a', 'b']);
});

it('leaves out whose breaker is open, also when that leaves nobody', () => {
  const [a, b] = [node('a'), node('b')];
  for (let i = 0; i < 3; i++) a.breaker.failure(0);
  for (const random of [0, 0.999]) expect(chosen([a, b], () => random, 0)).toBe('b');
  for (let i = 0; i < 3; i++) b.breaker.failure(0);
  expect(chosen([a, b], () => 0, 0)).toBeUndefined();
  expect(chosen([a, b], () => 0, 500)).toBe('a');
  a.reads.inUse = 1;
  expect(chosen([a, b], () => 0, 500)).toBe('b');
});

it('compares two different ones, and reaches everyone', () => {
  const nodes = ['a', 'b', 'c', 'd'].map(node);
  // In even parts: of all doubles up to 1 most are near 0, where nobody but the first is chosen.
  const randomness = fc.integer({ min: 0, max: 999 }).map((part) => part / 1_000);
  const seen = new Set<string | undefined>();
  fc.assert(
    fc.property(randomness, randomness, fc.integer({ min: 2, max: 4 }), (first, second, count) => {
      const draws = [first, second];
      const among = nodes.slice(0, count);
      const winner = chosen(among, () => draws.shift() ?? 0, 0);
      seen.add(winner);
      expect(among.map(({ name }) => name)).toContain(winner);
      // All are equal here, so the first one drawn wins; loaded, it must lose against another.
      const loaded = among.find(({ name }) => name === winner);
      if (loaded) loaded.reads.inUse = 5;
      const again = [first, second];
      expect(chosen(among, () => again.shift() ?? 0, 0)).not.toBe(winner);
      if (loaded) loaded.reads.inUse = 0;
    }),
    { numRuns: 300 },
  );
  expect(seen.size).toBe(4);
});

it('lets chance decide between two that are alike, so that neither idles while nobody waits', () => {
  const [a, b] = [node('a'), node('b')];
  a.latency.add(1.4, 0);
  b.latency.add(1, 0);
  expect(chosen([a, b], () => 0, 0)).toBe('a');
  expect(chosen([a, b], () => 0.999, 0)).toBe('b');
  a.latency.add(30, 0);
  expect(chosen([a, b], () => 0, 0)).toBe('b');
});
