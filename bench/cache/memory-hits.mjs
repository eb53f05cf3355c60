import { LRUCache } from 'lru-cache';
import { interleaved, loopOf, ratioOf } from '../lib/rounds.mjs';
import { showSamples } from '../lib/show-samples.mjs';
import { short } from '../lib/table.mjs';
import { contact, keyOf, pagesOf, tagsOf } from './contacts.mjs';
import { openBentocache, openCacheable, openUnite } from './nodes.mjs';

export const params = pagesOf(1_000);
const floor = 'lru-cache, awaited';
const ours = '@unite/cache get';

/**
 * A hit in memory, with none, one and five tags, all caches with Redis behind them. What is judged is the faster of
 * each peer's two ways to keep values, and the faster of its two ways to read.
 */
export async function memoryHits(report, redisUrl, { rounds, roundMs }) {
  for (const tagCount of [0, 1, 5]) {
    const { contestants, close } = await contestantsFor(redisUrl, tagCount);
    const samples = await interleaved(contestants, { rounds, roundMs, clock: 'cpu' });
    await close();
    const title = `Memory hit, ${tagCount} ${tagCount === 1 ? 'tag' : 'tags'}`;
    showSamples(report, title, samples, { base: floor, ours: [ours], limit: [floor] });
    for (const peer of ['bentocache', 'cacheable']) {
      const fastest = Math.min(
        ...Object.keys(samples)
          .filter((name) => name.startsWith(peer))
          .map((name) => ratioOf(samples, name, ours).median),
      );
      report.claim(`${title}: at least 3× as fast as ${peer}`, fastest >= 3, {
        figure: `${short(fastest)}×`,
        isTimed: true,
      });
    }
    const toFloor = ratioOf(samples, ours, floor).median;
    report.claim(`${title}: at most 2× the time of lru-cache behind the same await`, toFloor <= 2, {
      figure: `${short(toFloor)}×`,
      isOfMachine: true,
    });
  }
}

async function contestantsFor(redisUrl, tagCount) {
  const tags = tagsOf(tagCount);
  const namespace = `tags-${tagCount}`;
  const lru = new LRUCache({ max: 100_000 });
  const unite = await openUnite(redisUrl, { namespace });
  const contacts = definitionFor(unite.cache, tagCount);
  const asJson = openBentocache(redisUrl, { prefix: `${namespace}-json` });
  const asIs = openBentocache(redisUrl, {
    memory: { serialize: false, maxItems: 100_000 },
    prefix: `${namespace}-as-is`,
  });
  const withTags = { tags: tagCount > 0 };
  const cloning = await openCacheable(redisUrl, { ...withTags, namespace: `${namespace}-clones` });
  const sharing = await openCacheable(redisUrl, {
    ...withTags,
    memory: { lruSize: 100_000, useClone: false },
    namespace: `${namespace}-shares`,
  });
  for (const [index, each] of params.entries()) {
    const key = keyOf(each);
    const value = contact(index);
    lru.set(key, value);
    await contacts.get(each);
    for (const { cache } of [asJson, asIs]) await cache.set({ key, value, tags: tags(each) });
    for (const { cache } of [cloning, sharing]) {
      await cache.set(key, value, tagCount > 0 ? { tags: tags(each) } : {});
    }
  }
  const factory = () => contact(0);
  // A function for each, so that none is compiled for another's sake.
  const bento = ({ cache }) => [
    (each) => cache.getOrSet({ key: keyOf(each), factory, tags: tags(each) }),
    (each) => cache.get({ key: keyOf(each) }),
  ];
  const [jsonGetOrSet, jsonGet] = bento(asJson);
  const [asIsGetOrSet, asIsGet] = bento(asIs);
  const reads = {
    [floor]: (each) => lru.get(keyOf(each)),
    [ours]: (each) => contacts.get(each),
    'bentocache getOrSet, maxSize': jsonGetOrSet,
    'bentocache get, maxSize': jsonGet,
    'bentocache getOrSet, serialize: false': asIsGetOrSet,
    'bentocache get, serialize: false': asIsGet,
    // Its getOrSet knows no tags.
    ...(tagCount === 0 && { 'cacheable getOrSet': (each) => cloning.cache.getOrSet(keyOf(each), factory) }),
    'cacheable get': (each) => cloning.cache.get(keyOf(each)),
    'cacheable get, useClone: false': (each) => sharing.cache.get(keyOf(each)),
  };
  const contestants = Object.fromEntries(
    Object.entries(reads).map(([name, read]) => [name, loopOf(read, params)]),
  );
  const close = () => Promise.all([unite, asJson, asIs, cloning, sharing].map((node) => node.close()));
  return { contestants, close };
}

/** The same list with so many tags. */
export function definitionFor(cache, tagCount, options = {}) {
  return cache.define('contacts', {
    key: ({ workspaceId, page }) => [workspaceId, page],
    scope: 'global',
    ...(tagCount > 0 && { tags: tagsOf(tagCount) }),
    memoryTtlMs: 600_000,
    load: ({ page }) => contact(page),
    ...options,
  });
}

/** `peek`, that does not await, against a bare `lru.get`. */
export async function peeks(report, redisUrl, { rounds, roundMs }) {
  const lru = new LRUCache({ max: 100_000 });
  const unite = await openUnite(redisUrl, { namespace: 'peek' });
  const contacts = definitionFor(unite.cache, 1);
  for (const each of params) lru.set(keyOf(each), await contacts.get(each));
  const bare = 'lru-cache get';
  const samples = await interleaved(
    {
      [bare]: loopOf((each) => lru.get(keyOf(each)), params, { isAsync: false }),
      '@unite/cache peek': loopOf((each) => contacts.peek(each), params, { isAsync: false }),
    },
    { rounds, roundMs, clock: 'cpu' },
  );
  await unite.close();
  const [, peek] = Object.keys(samples);
  showSamples(report, 'Memory hit without await', samples, { base: bare, ours: [peek], limit: [bare] });
  const ratio = ratioOf(samples, peek, bare).median;
  report.claim('peek: at most 6× the time of a bare lru-cache get', ratio <= 6, {
    figure: `${short(ratio)}×`,
  });
}
