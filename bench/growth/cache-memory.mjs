import { LRUCache } from 'lru-cache';
import { createCache } from '../../packages/cache/dist/index.js';
import { createContext, runWithContext } from '../../packages/core/dist/context.js';
import { loopOf } from '../lib/rounds.mjs';
import { defineRows } from './define-rows.mjs';
import { repeated } from './loops.mjs';

const memory = { maxEntries: 200_000, maxBytes: 2 ** 30 };

/** The cache in memory: how many keys and tenants there are, what hangs on a tag, and what one entry is. */
export async function cacheMemory(axes) {
  await keysInMemory(axes);
  await tagsOfEntry(axes);
  await tagsInvalidated(axes);
  await entriesOfTag(axes);
  await tenantsInMemory(axes);
  await bytesInMemory(axes);
}

async function keysInMemory(axes) {
  const cache = createCache({ namespace: 'keys', memory });
  const points = [];
  const bare = [];
  for (const x of [100, 1_000, 10_000, 30_000, 100_000]) {
    const rows = defineRows(cache, `keys-${x}`);
    const lru = new LRUCache({ max: 200_000 });
    for (let index = 0; index < x; index++) lru.set(`keys:${index}`, await rows.get(index));
    const indexes = scattered(x);
    points.push({ x, run: loopOf((index) => rows.get(index), indexes) });
    bare.push({ x, run: loopOf((index) => lru.get(`keys:${index}`), indexes) });
  }
  await axes.measure({
    name: 'cache: keys in memory',
    operation: 'a hit',
    x: 'population',
    points,
    limit: { name: 'lru-cache, awaited', points: bare },
    whyMissed:
      'an entry is several objects, which past some ten thousand keys no longer fit the caches of the processor; an entry of lru-cache is one',
  });
  await cache.close();
}

async function tagsOfEntry(axes) {
  const cache = createCache({ namespace: 'tags', memory });
  const definitions = [1, 3, 10, 30, 100].map((x) => {
    const tags = Array.from({ length: x }, (_, at) => `tag:${at}`);
    return { x, rows: defineRows(cache, `tags-${x}`, { tags: () => tags }) };
  });
  for (const { rows } of definitions) await rows.get(1);
  await axes.measure({
    name: 'cache: tags of an entry, read',
    operation: 'a hit',
    x: 'size',
    points: definitions.map(({ x, rows }) => ({ x, run: repeated(() => rows.get(1)) })),
  });
  await axes.measure({
    name: 'cache: tags of an entry, written',
    operation: 'a set',
    x: 'size',
    points: definitions.map(({ x, rows }) => ({
      x,
      run: repeated(async () => {
        await rows.set(2, { index: 2 });
        return true;
      }),
    })),
  });
  await cache.close();
}

async function tagsInvalidated(axes) {
  const cache = createCache({ namespace: 'invalidated', memory });
  const rows = defineRows(cache, 'rows', { tags: (index) => [`tag:${index}`] });
  for (let index = 0; index < 100; index++) await rows.get(index);
  await axes.measure({
    name: 'cache: tags invalidated at once',
    operation: 'an invalidation',
    x: 'size',
    points: [1, 3, 10, 30, 100].map((x) => {
      const tags = Array.from({ length: x }, (_, at) => `tag:${at}`);
      return { x, run: repeated(() => cache.invalidateTags(tags)) };
    }),
  });
  await cache.close();
}

async function entriesOfTag(axes) {
  const cache = createCache({ namespace: 'entries', memory });
  const points = [];
  for (const x of [100, 1_000, 10_000, 50_000]) {
    const rows = defineRows(cache, `entries-${x}`, { tags: () => [`all-${x}`] });
    for (let index = 0; index < x; index++) await rows.get(index);
    points.push({ x, run: repeated(() => cache.invalidateTags([`all-${x}`])) });
  }
  await axes.measure({
    name: 'cache: entries of a tag in memory',
    operation: 'to invalidate it',
    x: 'population',
    points,
  });
  await cache.close();
}

async function tenantsInMemory(axes) {
  const cache = createCache({ namespace: 'tenants', memory });
  const points = [];
  const bare = [];
  for (const x of [10, 100, 1_000, 10_000]) {
    const rows = defineRows(cache, `tenants-${x}`, { scope: 'tenant' });
    const lru = new LRUCache({ max: 200_000 });
    const contexts = Array.from({ length: x }, (_, at) => createContext({ tenantId: `tenant-${at}` }));
    for (const context of contexts) {
      lru.set(`${context.tenantId}:1`, await runWithContext(context, () => rows.get(1)));
    }
    const order = scattered(x).map((at) => contexts[at]);
    points.push({ x, run: loopOf((context) => runWithContext(context, () => rows.get(1)), order) });
    bare.push({
      x,
      run: loopOf((context) => runWithContext(context, () => lru.get(`${context.tenantId}:1`)), order),
    });
  }
  await axes.measure({
    name: 'cache: tenants in memory',
    operation: 'a hit in the context of its tenant',
    x: 'population',
    points,
    limit: { name: 'lru-cache in the same context', points: bare },
    whyMissed:
      'a tenant has a context, a key and an entry of several objects, which past some thousand no longer fit the caches of the processor; what is bare grows there, too',
  });
  await cache.close();
}

async function bytesInMemory(axes) {
  const cache = createCache({ namespace: 'bytes', memory });
  const rows = defineRows(cache, 'rows', { load: (bytes) => ({ text: 'x'.repeat(bytes) }) });
  const sizes = [100, 1_000, 10_000, 100_000, 1_000_000];
  for (const x of sizes) await rows.get(x);
  await axes.measure({
    name: 'cache: bytes of a value in memory',
    operation: 'a hit',
    x: 'size',
    points: sizes.map((x) => ({ x, run: repeated(() => rows.get(x)) })),
  });
  await cache.close();
}

/** Indexes below `count` by chance: every one as likely, which is the worst for the memories of a processor. */
function scattered(count) {
  return Array.from({ length: Math.max(8, Math.min(count, 50_000)) }, () =>
    Math.floor(Math.random() * count),
  );
}
