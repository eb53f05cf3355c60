import { startPostgres, startRedis } from '../../scripts/services/dist/index.js';

/** A PostgreSQL and a Redis of this run. */
export async function startServices() {
  const [postgres, redis] = await Promise.all([
    startPostgres({ replicas: 0 }),
    startRedis({ settings: { save: '' } }),
  ]);
  return {
    env: { DATABASE_URL: postgres.primaryUrl, REDIS_URL: redis.url },
    close: () => Promise.all([postgres.close(), redis.close()]),
  };
}
