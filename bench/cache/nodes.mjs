import { RedisMessageProvider } from '@qified/redis';
import { BentoCache, bentostore } from 'bentocache';
import { memoryDriver } from 'bentocache/drivers/memory';
import { redisBusDriver, redisDriver } from 'bentocache/drivers/redis';
import { Cacheable, createKeyv } from 'cacheable';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { createCache } from '../../packages/cache/dist/index.js';
import { redisLayer } from '../../packages/cache/dist/redis.js';
import { keyvRedis } from '../cache-hazards/keyv-redis.mjs';

const ignore = () => {};

/** @unite/cache on node-redis, or on ioredis. */
export async function openUnite(
  redisUrl,
  { namespace = 'unite', client = 'redis', timeoutMs, ...options } = {},
) {
  const redis = client === 'redis' ? createClient({ url: redisUrl }) : new Redis(redisUrl);
  redis.on('error', ignore);
  if (client === 'redis') await redis.connect();
  const cache = createCache({ namespace, remote: redisLayer(redis, { timeoutMs }), ...options });
  await cache.ready();
  return {
    cache,
    async close() {
      await cache.close();
      (redis.destroy ?? redis.disconnect).call(redis);
    },
  };
}

/**
 * bentocache with both layers and the bus, as its pages on multi-tier and on drivers set it up for several instances:
 * https://bentocache.dev/docs/multi-tier, https://bentocache.dev/docs/cache-drivers#memory. A bound in bytes needs values
 * kept as JSON, which is the default; `serialize: false` is the documented way to spare that, without such a bound.
 */
export function openBentocache(
  redisUrl,
  { memory = { maxSize: '64mb', maxItems: 100_000 }, prefix = 'bento' } = {},
) {
  const [commands, bus] = [new Redis(redisUrl), new Redis(redisUrl)];
  for (const client of [commands, bus]) client.on('error', ignore);
  const store = bentostore()
    .useL1Layer(memoryDriver(memory))
    .useL2Layer(redisDriver({ connection: commands }))
    .useBus(redisBusDriver({ connection: bus, retryQueue: { enabled: true, maxSize: undefined } }));
  const cache = new BentoCache({ default: 'store', stores: { store }, prefix, ttl: '10m' });
  return { cache, close: () => cache.disconnect() };
}

/**
 * cacheable with both layers and its sync, as its readme sets it up: https://cacheable.org/docs/cacheable/. Clones of
 * values are its default; `useClone: false` is the documented way to spare them, as the others here do.
 */
export async function openCacheable(
  redisUrl,
  { tags = false, memory = { lruSize: 100_000 }, namespace = 'cacheable' } = {},
) {
  const redis = keyvRedis({ redisUrl, namespace });
  const provider = new RedisMessageProvider({ uri: redisUrl });
  for (const client of [provider.pub, provider.sub]) client.on('error', ignore);
  await provider.connect();
  const cache = new Cacheable({
    primary: createKeyv(memory),
    secondary: redis.keyv,
    namespace,
    tags,
    ttl: '10m',
    sync: { qified: provider },
  });
  cache.on('error', ignore);
  return {
    cache,
    async close() {
      await Promise.allSettled([cache.disconnect(), provider.disconnect(true)]);
      for (const client of [provider.pub, provider.sub]) if (client.isOpen) client.destroy();
      redis.destroy();
    },
  };
}
