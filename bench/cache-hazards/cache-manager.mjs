import { setTimeout } from 'node:timers/promises';
import { createCache } from 'cache-manager';
import { CacheableMemory } from 'cacheable';
import { Keyv } from 'keyv';
import { keyvRedis } from './keyv-redis.mjs';
import { versionOf } from './version-of.mjs';

/**
 * cache-manager as its readme sets up two layers: CacheableMemory with its bound of 5,000 entries and a minute,
 * and Redis by @keyv/redis. It has no bus between nodes, no tags, no bound in bytes; it refreshes behind an
 * answer where `refreshThreshold` is given.
 */
export default {
  name: 'cache-manager',
  version: versionOf('cache-manager'),
  moduleUrl: import.meta.url,
  async openNode({ redisUrl, namespace }) {
    const redis = keyvRedis({ redisUrl, namespace });
    const cache = createCache({
      stores: [new Keyv({ store: new CacheableMemory({ ttl: 60_000, lruSize: 5_000 }) }), redis.keyv],
      refreshAllStores: true,
    });
    return {
      get: (key, load, { ttlMs, refreshBehindMs }) =>
        cache.wrap(key, load, { ttl: ttlMs, ...(refreshBehindMs && { refreshThreshold: ttlMs / 2 }) }),
      set: (key, value, { ttlMs }) => cache.set(key, value, ttlMs),
      delete: (key) => cache.del(key),
      close: async () => {
        await Promise.race([cache.disconnect(), setTimeout(500)]);
        redis.destroy();
      },
    };
  },
};
