import { setTimeout } from 'node:timers/promises';
import { createKeyvNonBlocking } from '@keyv/redis';
import { RedisMessageProvider } from '@qified/redis';
import { Cacheable, createKeyv } from 'cacheable';
import { keyvRedis } from './keyv-redis.mjs';
import { versionOf } from './version-of.mjs';

/**
 * cacheable as its readme sets it up: memory with a bound (a number of entries: it has none in bytes), Redis by
 * @keyv/redis, CacheableSync over Redis, tags. It has no refresh behind an answer and no circuit breaker.
 *
 * @param {{ name: string, nonBlocking?: boolean, withTags?: boolean }} options
 */
export function cacheable({ name, nonBlocking = false, withTags = true }) {
  return {
    name,
    version: versionOf('cacheable'),
    async openNode({ redisUrl, namespace }) {
      const redis = nonBlocking
        ? { keyv: createKeyvNonBlocking(redisUrl, { namespace }), destroy: () => {} }
        : keyvRedis({ redisUrl, namespace });
      redis.keyv.on('error', () => {});
      redis.keyv.store.on('error', () => {});
      const provider = new RedisMessageProvider({ uri: redisUrl });
      // Without these a lost connection ends the process: the provider listens to none of them.
      for (const client of [provider.pub, provider.sub]) client.on('error', () => {});
      await provider.connect();
      const cache = new Cacheable({
        primary: createKeyv({ lruSize: 5_000 }),
        secondary: redis.keyv,
        namespace,
        tags: withTags,
        nonBlocking,
        sync: { qified: provider },
      });
      cache.on('error', () => {});
      // It subscribes without saying when it has.
      await setTimeout(100);
      return {
        get: async (key, load, { ttlMs, tags }) => {
          if (!tags || !withTags) return cache.getOrSet(key, load, { ttl: ttlMs, throwErrors: 'function' });
          // getOrSet takes no tags, so that a tagged entry is read and set by hand.
          const cached = await cache.get(key);
          if (cached !== undefined) return cached;
          const value = await load();
          await cache.set(key, value, { ttl: ttlMs, tags: [...tags] });
          return value;
        },
        set: (key, value, { ttlMs, tags }) =>
          cache.set(key, value, { ttl: ttlMs, ...(tags && { tags: [...tags] }) }),
        delete: (key) => cache.delete(key),
        invalidateTag: (tag) => cache.tags.invalidateTag(tag),
        close: async () => {
          await Promise.race([
            Promise.allSettled([cache.disconnect(), provider.disconnect(true)]),
            setTimeout(500),
          ]);
          for (const client of [provider.pub, provider.sub]) if (client.isOpen) client.destroy();
          redis.destroy();
        },
      };
    },
  };
}

export default { ...cacheable({ name: 'cacheable' }), moduleUrl: import.meta.url };
