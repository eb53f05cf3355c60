import { expect, test } from '@jest/globals';
import { fillMemory } from '../../../src/testing/hazards/fill-memory';
import { alwaysLoads } from './always-loads';

const options = { redisUrl: 'redis://unused', namespace: 'unused', values: 40, valueBytes: 1_000 };

test('loads each value once', async () => {
  const loaded: unknown[] = [];
  const openNode = async () => ({
    ...(await alwaysLoads.openNode(options)),
    get: async (_: string, load: () => Promise<unknown>) => loaded.push(await load()),
  });
  const figures = await fillMemory({ name: 'test', openNode }, { ...options, stopAtBytes: 1e12 });
  expect(figures.values).toBe(40);
  expect(figures.residentBytes).toBeGreaterThan(1_000_000);
  expect(new Set(loaded).size).toBe(40);
  expect(loaded.every((value) => String(value).length === 1_000)).toBe(true);
});

test('stops where it has filled the process', async () => {
  expect(await fillMemory(alwaysLoads, { ...options, stopAtBytes: 1 })).toMatchObject({ values: 0 });
});
