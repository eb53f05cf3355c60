import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A Redis that is killed and started again at the same address, like the servers of PostgreSQL.
 *
 * @param {(options: import('../services/src/index').RedisOptions) => Promise<import('../services/src/index').RedisService>} startRedis
 * @param {import('../services/src/index').RedisOptions} options
 */
export async function startRestartableRedis(startRedis, options) {
  let redis = await startRedis(options);
  const { url } = redis;
  const { port, password } = new URL(url);
  return {
    name: 'redis',
    url,
    get pid() {
      return redis.pid;
    },
    /** Resolves when the effect is there. */
    async kill(/** @type {'SIGKILL' | 'SIGSTOP' | 'SIGCONT'} */ signal) {
      if (redis.pid === undefined) return;
      process.kill(redis.pid, signal);
      while (signal === 'SIGKILL' && redis.pid !== undefined) await sleep(5);
    },
    /** Nothing happens when it runs. */
    async start() {
      if (redis.pid !== undefined) return;
      await redis.close();
      redis = await startRedis({ ...options, settings: { port, requirepass: decodeURIComponent(password) } });
    },
    async close() {
      // One that is frozen does not end in good order.
      await this.kill('SIGCONT');
      await redis.close();
    },
  };
}
