/** One process that makes attempts, and tells what became of each. */
import { createRequire } from 'node:module';
import { setTimeout } from 'node:timers/promises';
import { createQuota } from '../../packages/quota/dist/index.js';
import { postgresLedger } from '../../packages/quota/dist/postgres.js';
import { redisStore } from '../../packages/quota/dist/redis.js';
import { plans } from './plans.mjs';

const require = createRequire(new URL('../../packages/quota/package.json', import.meta.url));
const { createClient } = require('redis');
const { Pool } = require('pg');

const { redisUrl, databaseUrl, namespace, durability } = JSON.parse(process.argv[2]);
const redis = createClient({
  url: redisUrl,
  disableOfflineQueue: true,
  socket: { reconnectStrategy: () => 50 },
});
redis.on('error', () => {});
const pool = new Pool({ connectionString: databaseUrl, max: 4 });
pool.on('error', () => {});
const quota = createQuota({
  plans,
  store: redisStore(redis, { namespace }),
  ledger: postgresLedger(pool, { namespace }),
  durability,
  namespace,
});

process.on('message', async ({ tell, ids, plan, tenantId, inFlight }) => {
  if (tell === 'attempt') await attemptAll({ ids, plan, tenantId, inFlight });
  if (tell === 'status') process.send({ status: quota.statistics() });
  if (tell === 'end') {
    await quota.close();
    await pool.end();
    redis.destroy();
    process.disconnect();
  }
});
process.send({ ready: true });

async function attemptAll({ ids, plan, tenantId, inFlight }) {
  const waiting = [...ids];
  const attempting = Array.from({ length: Math.min(inFlight, ids.length) }, async () => {
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop())
      process.send({ attempt: await attempt(id) });
  });
  await Promise.all(attempting);
  process.send({ done: true });

  /** Again and again until it is decided; the key makes an attempt count once. */
  async function attempt(id) {
    let unavailable = 0;
    for (;;) {
      try {
        const { allowed, atMs } = await quota.check({
          tenantId,
          plan,
          use: { apiCalls: 1 },
          idempotencyKey: id,
        });
        return { id, allowed, atMs, unavailable };
      } catch (error) {
        if (error?.code !== 'UNITE_QUOTA_UNAVAILABLE')
          return { id, failure: String(error?.stack ?? error), unavailable };
        unavailable += 1;
        await setTimeout(20 + 30 * Math.random());
      }
    }
  }
}
