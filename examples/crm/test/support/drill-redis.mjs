import { startRedis } from '@unite/services';

/** A Redis that is killed and started again, at the same address, like the servers of PostgreSQL. */
export async function startRedisToKill(name = 'redis') {
  const redis = await startRedis();
  return {
    name,
    url: redis.url,
    kill: (signal) => redis.kill(signal),
    start: () => redis.start(),
    close: () => redis.close(),
  };
}
