const { Redis } = require('ioredis');
const { ttlMs } = require('../work.cjs');

/**
 * bentocache in memory and Redis, with its bus between processes and with tags; timeouts, suppressed errors of Redis
 * and its circuit breaker as its documentation advises: https://bentocache.dev/docs/options
 */
exports.openCache = async (prefix) => {
  const { BentoCache, bentostore } = await import('bentocache');
  const { memoryDriver } = await import('bentocache/drivers/memory');
  const { redisBusDriver, redisDriver } = await import('bentocache/drivers/redis');
  const [commands, bus] = [1, 2].map(() => new Redis(process.env.REDIS_URL).on('error', () => {}));
  const store = bentostore()
    .useL1Layer(memoryDriver({ maxSize: '64mb', maxItems: 100_000 }))
    .useL2Layer(redisDriver({ connection: commands }))
    .useBus(redisBusDriver({ connection: bus }));
  return new BentoCache({
    default: 'store',
    stores: { store },
    prefix,
    ttl: ttlMs,
    hardTimeout: '30s',
    suppressL2Errors: true,
    l2CircuitBreakerDuration: '5s',
  });
};
