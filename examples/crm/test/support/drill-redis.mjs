import { startRedis } from '@unite/services';

/** A Redis that is killed and started again, at the same address, like the servers of PostgreSQL. */
export async function startRedisToKill(name = 'redis') {
  let redis = await startRedis();
  const { url } = redis;
  const { port, password } = new URL(url);
  return {
    name,
    url,
    async kill(signal) {
      if (redis.pid !== undefined) process.kill(redis.pid, signal);
    },
    async start() {
      await redis.close();
      redis = await startRedis({ settings: { port, requirepass: password } });
    },
    close: () => redis.close(),
  };
}
