import { setImmediate } from 'node:timers/promises';
import { createCache } from '../../packages/cache/dist/index.js';
import { openUnite } from './nodes.mjs';

const settings = (maxEntries) => ({ maxEntries, maxBytes: 2 ** 30 });
/** Reads between two looks at timers and sockets. */
const perTurn = 5_000;

function define(cache) {
  return cache.define('objects', {
    key: (id) => [id],
    scope: 'global',
    memoryTtlMs: 3_600_000,
    load: (id) => ({ id }),
  });
}

/** A trace through memory alone. */
export async function replayInMemory(trace, maxEntries) {
  const cache = createCache({ namespace: 'trace', memory: settings(maxEntries) });
  const objects = define(cache);
  for (const [index, id] of trace.entries()) {
    await objects.get(id);
    if (index % perTurn === 0) await setImmediate();
  }
  const { memoryHits } = objects.stats();
  await cache.close();
  return { hitRatio: memoryHits / trace.length };
}

/**
 * A trace through several nodes that begin cold and share a Redis; a balancer deals the reads out in turn.
 *
 * @param {number} atATime reads under way in each node
 */
export async function replayThroughRedis(redisUrl, trace, { maxEntries, nodes: count, atATime }) {
  const options = { namespace: `trace-${count}`, memory: settings(maxEntries), timeoutMs: 10_000 };
  const nodes = await Promise.all(Array.from({ length: count }, () => openUnite(redisUrl, options)));
  const definitions = nodes.map(({ cache }) => define(cache));
  await Promise.all(
    definitions.map(async (objects, node) => {
      let next = node;
      const reader = async () => {
        for (let reads = 1; next < trace.length; reads += 1) {
          const id = trace[next];
          next += count;
          await objects.get(id);
          if (reads % perTurn === 0) await setImmediate();
        }
      };
      await Promise.all(Array.from({ length: atATime }, reader));
    }),
  );
  const sums = { remoteHits: 0, loads: 0 };
  for (const objects of definitions) {
    const stats = objects.stats();
    for (const name of Object.keys(sums)) sums[name] += stats[name];
  }
  const failures = nodes.reduce((sum, { cache }) => sum + cache.stats().remote.failures, 0);
  await Promise.all(nodes.map((node) => node.close()));
  return { ...sums, reads: trace.length, failures, distinct: new Set(trace).size };
}
