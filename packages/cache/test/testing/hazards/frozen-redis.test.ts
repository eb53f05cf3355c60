import { expect, test } from '@jest/globals';
import { type CacheNode, runHazards } from '../../../src/testing';

const settings = { only: ['frozen-redis'], readDeadlineMs: 500, freezeMs: 1_200, recoveryMs: 300 };

function cacheWith(get: CacheNode['get']) {
  return { name: 'test', openNode: async () => ({ get, delete: async () => {}, close: async () => {} }) };
}

test('a cache that is not back fails', async () => {
  const cache = cacheWith(async (key, load) => (key.startsWith('after') ? new Promise(() => {}) : load()));
  const { results } = await runHazards(cache, settings);
  expect(results[0]?.holds).toBe(false);
  expect(results[0]?.seen).toMatch(/^of 4 reads none late; slowest \d+ ms; never back$/);
});

test('an error is no answer', async () => {
  const cache = cacheWith(async (key, load) => {
    if (key.startsWith('nowhere')) throw new Error('timed out');
    return load();
  });
  const { results } = await runHazards(cache, settings);
  expect(results[0]).toMatchObject({ holds: false, figures: { threw: 1, firstError: 'Error: timed out' } });
  expect(results[0]?.seen).toMatch(/^of 4 reads 1 thrown \(nowhere\); /);
});
