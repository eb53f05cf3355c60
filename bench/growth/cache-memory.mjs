import { LRUCache } from 'lru-cache';
import { createCache } from '../../packages/cache/dist/index.js';
import { loopOf } from '../lib/rounds.mjs';

/** The cache in memory: how many keys there are, whose they are, and what one entry is. */
export async function cacheMemory(axes) {
  await keysInMemory(axes);
}

async function keysInMemory(axes) {
  const sizes = [100, 1_000, 10_000, 100_000];
  const cache = createCache({ namespace: 'keys', memory: { maxEntries: 200_000, maxBytes: 2 ** 30 } });
  const points = [];
  const bare = [];
  for (const size of sizes) {
    const rows = cache.define(`keys-${size}`, {
      key: (index) => [index],
      scope: 'global',
      memoryTtlMs: 3_600_000,
      load: (index) => ({ index }),
    });
    const lru = new LRUCache({ max: 200_000 });
    for (let index = 0; index < size; index++) lru.set(`keys:${index}`, await rows.get(index));
    const indexes = Array.from({ length: Math.min(size, 50_000) }, () => Math.floor(Math.random() * size));
    points.push({ x: size, run: loopOf((index) => rows.get(index), indexes) });
    bare.push({ x: size, run: loopOf((index) => lru.get(`keys:${index}`), indexes) });
  }
  await axes.measure({
    name: 'cache: keys in memory',
    operation: 'a hit',
    x: 'population',
    points,
    limit: { name: 'lru-cache, awaited', points: bare },
  });
  await cache.close();
}
