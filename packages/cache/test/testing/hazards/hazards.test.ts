import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hazards, type RedisControl, runHazards, startRedisControl } from '../../../src/testing';
import { alwaysLoads } from './always-loads';
import { brokenCache } from './broken-cache';

/** As short as the watching may be. */
const settings = {
  maxStalenessMs: 500,
  watchMs: 1_500,
  readDeadlineMs: 500,
  freezeMs: 2_000,
  processMaxBytes: 250_000_000,
  bigValues: 300,
  keysPerRound: 400,
  tidyMs: 500,
};

let redis: RedisControl;

beforeAll(async () => {
  redis = await startRedisControl();
});

afterAll(() => redis.close());

describe.each(hazards)('$name', ({ name }) => {
  test('is found in a broken cache', async () => {
    const { results } = await runHazards(brokenCache, { redis, only: [name], ...settings });
    expect(results).toEqual([expect.objectContaining({ name, holds: false })]);
  });

  test('is not found where nothing is cached', async () => {
    const { results } = await runHazards(alwaysLoads, { redis, only: [name], ...settings });
    expect(results).toEqual([expect.objectContaining({ name })]);
    expect(results[0]?.holds).not.toBe(false);
  });
});

test('every race is in the broken cache', async () => {
  const { results } = await runHazards(brokenCache, { redis, only: ['invalidate-during-load'], ...settings });
  expect(results[0]?.figures).toMatchObject({ played: 7, failed: 7 });
});

test('what a cache cannot do does not apply', async () => {
  const plain = {
    name: 'plain',
    openNode: async () => ({
      get: (_: string, load: () => Promise<unknown>) => load(),
      delete: async () => {},
      close: async () => {},
    }),
  };
  const { results } = await runHazards(plain, { redis, ...settings });
  const applies = results.filter(({ holds }) => holds !== undefined).map(({ name }) => name);
  expect(applies).toEqual(['invalidate-during-load', 'dropped-subscriber', 'frozen-redis']);
});
