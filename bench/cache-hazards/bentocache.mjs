import { setTimeout } from 'node:timers/promises';
import { BentoCache, bentostore } from 'bentocache';
import { memoryDriver } from 'bentocache/drivers/memory';
import { redisBusDriver, redisDriver } from 'bentocache/drivers/redis';
import { Redis } from 'ioredis';
import { versionOf } from './version-of.mjs';

/**
 * bentocache as its documentation sets it up for production: memory bounded by bytes, Redis, bus with its retry
 * queue, grace (stale on error), soft and hard timeouts, a circuit breaker, errors of Redis suppressed.
 *
 * @param {{ name: string, redis?: import('ioredis').RedisOptions }} options
 */
export function bentocache({ name, redis = {} }) {
  return {
    name,
    version: versionOf('bentocache'),
    async openNode({ redisUrl, namespace, memoryMaxBytes }) {
      const clients = [];
      const quiet = (client) => {
        client.on('error', () => {});
        clients.push(client);
        return client;
      };
      const commands = quiet(new Redis(redisUrl, redis));
      const bus = quiet(new Redis(redisUrl, redis));
      // The bus makes its subscriber so, and listens to none of its errors. A subscription that is late, on a busy
      // machine, would end the process where it has a deadline: nobody handles that rejection.
      const { duplicate } = bus;
      bus.duplicate = (options) => quiet(duplicate.call(bus, { ...options, commandTimeout: undefined }));
      const store = bentostore()
        .useL1Layer(memoryDriver({ maxSize: memoryMaxBytes, maxItems: 5_000 }))
        .useL2Layer(redisDriver({ connection: commands }))
        .useBus(redisBusDriver({ connection: bus, retryQueue: { enabled: true, maxSize: undefined } }));
      const bento = new BentoCache({
        default: 'store',
        stores: { store },
        prefix: namespace,
        hardTimeout: '1s',
        suppressL2Errors: true,
        l2CircuitBreakerDuration: '5s',
      });
      const entry = ({ ttlMs, tags, refreshBehindMs }) => ({
        ttl: ttlMs,
        tags: tags ? [...tags] : undefined,
        // Grace keeps what has expired: it is served while a factory runs behind it (timeout 0), or fails.
        grace: refreshBehindMs ?? false,
        timeout: 0,
      });
      return {
        get: (key, load, options) => bento.getOrSet({ key, factory: load, ...entry(options) }),
        set: (key, value, options) => bento.set({ key, value, ...entry(options) }),
        delete: (key) => bento.delete({ key }),
        invalidateTag: (tag) => bento.deleteByTag({ tags: [tag] }),
        close: async () => {
          // On a connection that is gone it waits for its QUIT for ever.
          await Promise.race([bento.disconnect(), setTimeout(500)]);
          for (const client of clients) client.disconnect();
        },
      };
    },
  };
}

/**
 * With what ioredis has against a server that hangs, which the documentation of bentocache does not ask for: a
 * deadline on each command.
 */
export default {
  ...bentocache({ name: 'bentocache', redis: { commandTimeout: 500, connectTimeout: 1_000 } }),
  moduleUrl: import.meta.url,
};
