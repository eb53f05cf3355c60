import { createClient } from 'redis';
import { interleaved, ratioOf } from '../lib/rounds.mjs';
import { showSamples } from '../lib/show-samples.mjs';
import { short } from '../lib/table.mjs';
import { keyOf, pageOf, pagesOf, tagsOf } from './contacts.mjs';
import { openBentocache, openCacheable, openUnite } from './nodes.mjs';

const params = pagesOf(200);
const limit = 'GET and JSON.parse';

/**
 * A hit in Redis: memory has room for one entry, and each read is of another. One read at a time is how long one takes,
 * 32 at a time how much work it is. Tags are free for ours: they are asked for anyway. For bentocache they are one more
 * read where memory has no room, so it is measured without.
 */
export async function redisHits(report, redisUrl, { rounds, roundMs }) {
  for (const bytes of [1_000, 50_000]) {
    const value = pageOf(bytes);
    const { reads, close } = await openAll(redisUrl, value);
    for (const atATime of [1, 32]) {
      const contestants = Object.fromEntries(
        Object.entries(reads).map(([name, read]) => [name, (calls) => readAll(read, calls, atATime)]),
      );
      const samples = await interleaved(contestants, { rounds, roundMs: roundMs * 3, maxCalls: 2_000 });
      const title = `Redis hit, ${bytes / 1_000} kB, ${atATime} at a time`;
      const ours = Object.keys(samples).filter((name) => name.startsWith('@unite/cache'));
      showSamples(report, title, samples, { base: 'bentocache', ours, limit: [limit], unit: 'µs' });
      for (const name of ours) {
        const ratio = ratioOf(samples, name, 'bentocache').median;
        report.claim(`${title}: ${name} takes no longer than bentocache`, ratio <= 1, {
          figure: `${short(ratio)}×`,
          isOfMachine: true,
          whyMissed:
            'a read is a script that in the same trip takes the lease of the load where there is nothing; a bare GET is less work for Redis',
        });
      }
    }
    await close();
  }
}

async function openAll(redisUrl, value) {
  const never = () => {
    throw new Error('a miss');
  };
  const namespace = `redis-${JSON.stringify(value).length}`;
  const bento = openBentocache(redisUrl, { memory: { maxItems: 1 }, prefix: namespace });
  const cacheable = await openCacheable(redisUrl, {
    memory: { lruSize: 1 },
    namespace: `${namespace}-cacheable`,
  });
  const nodes = [bento, cacheable];
  const ours = {};
  for (const client of ['redis', 'ioredis']) {
    // On a busy machine an answer may take longer than the 100 ms that are usual.
    const options = {
      client,
      namespace: `${namespace}-${client}`,
      memory: { maxEntries: 1 },
      timeoutMs: 5_000,
    };
    const node = await openUnite(redisUrl, options);
    nodes.push(node);
    let load = () => value;
    const contacts = node.cache.define('contacts', {
      key: ({ workspaceId, page }) => [workspaceId, page],
      scope: 'global',
      tags: tagsOf(1),
      memoryTtlMs: 600_000,
      load: () => load(),
    });
    for (const each of params) await contacts.set(each, value);
    load = never;
    ours[`@unite/cache on ${client}, 1 tag`] = (each) => contacts.get(each);
  }
  for (const each of params) {
    await bento.cache.set({ key: keyOf(each), value });
    await bento.cache.set({ key: `tagged:${keyOf(each)}`, value, tags: tagsOf(1)(each) });
    await cacheable.cache.set(keyOf(each), value);
  }
  const bare = await createClient({ url: redisUrl }).connect();
  for (const each of params) await bare.set(`${namespace}-bare:${keyOf(each)}`, JSON.stringify(value));
  const reads = {
    [limit]: async (each) => JSON.parse(await bare.get(`${namespace}-bare:${keyOf(each)}`)),
    bentocache: (each) => bento.cache.getOrSet({ key: keyOf(each), factory: never }),
    'bentocache, 1 tag': (each) =>
      bento.cache.getOrSet({ key: `tagged:${keyOf(each)}`, factory: never, tags: tagsOf(1)(each) }),
    cacheable: (each) => cacheable.cache.get(keyOf(each)),
    ...ours,
  };
  return { reads, close: () => Promise.all([bare, ...nodes].map((node) => node.close())) };
}

let turn = 0;

async function readAll(read, calls, atATime) {
  let left = calls;
  const reader = async () => {
    while (left > 0) {
      left -= 1;
      turn += 1;
      if ((await read(params[turn % params.length]))?.rows === undefined) throw new Error('a miss');
    }
  };
  await Promise.all(Array.from({ length: atATime }, reader));
}
