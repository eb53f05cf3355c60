import { createHash } from 'node:crypto';
import { Ratelimit } from '@upstash/ratelimit';
import { RedisStore } from 'rate-limit-redis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterUnion } from 'rate-limiter-flexible';
import { createQuota } from '../../packages/quota/dist/index.js';
import { redisStore } from '../../packages/quota/dist/redis.js';
import { durations, plans, plenty } from './limits.mjs';

/** On a busy machine an answer may take longer than the 50 ms that are usual. */
const timeoutMs = 5_000;

/** @unite/quota on Redis. */
export function openUnite({ client }, { size = 'one', namespace, ...options }) {
  return createQuota({
    plans: plans[size],
    namespace,
    store: redisStore(client, { namespace, timeoutMs }),
    ...options,
  });
}

/**
 * rate-limiter-flexible as its readme and wiki set it up for each client:
 * https://github.com/animir/node-rate-limiter-flexible/wiki/Redis
 */
export function flexibleLimiter({ client }, { duration, keyPrefix, points = plenty, ...options }) {
  const useRedisPackage = typeof client.sendCommand === 'function' && !('callBuffer' in client);
  return new RateLimiterRedis({
    storeClient: client,
    useRedisPackage,
    points,
    duration,
    keyPrefix,
    ...options,
  });
}

/** With what its wiki advises for production: refused keys blocked in memory, and a limiter in memory for outages. */
export function insuredLimiter(connection, { duration, points = plenty, ...options }) {
  return flexibleLimiter(connection, {
    duration,
    points,
    inMemoryBlockOnConsumed: points,
    insuranceLimiter: new RateLimiterMemory({ points, duration }),
    ...options,
  });
}

/** https://github.com/animir/node-rate-limiter-flexible/wiki/RateLimiterUnion */
export function flexibleUnion(
  connection,
  { keyPrefix, open = flexibleLimiter, windows = durations.four, ...options },
) {
  const limiters = windows.map((duration) =>
    open(connection, { duration, keyPrefix: `${keyPrefix}-${duration}`, ...options }),
  );
  return new RateLimiterUnion(...limiters);
}

/** rate-limit-redis as its readme sets it up, asked as express-rate-limit asks it. */
export function expressStore({ send }, { windowMs = 86_400_000, prefix }) {
  const store = new RedisStore({ sendCommand: send, prefix });
  store.init({ windowMs });
  return store;
}

/**
 * @upstash/ratelimit by its script for fixed windows: https://upstash.com/docs/redis/sdks/ratelimit-ts/algorithms
 * Its client speaks HTTP to its makers' service alone, so that another one sends; and the first line of its scripts is a
 * flag that only that service knows.
 */
export function upstashLimiter({ send }, { window, prefix }) {
  const loaded = new Map();
  const redis = {
    async evalsha(hash, keys, args) {
      const sha = loaded.get(hash);
      if (!sha) throw new Error('NOSCRIPT');
      return send('EVALSHA', sha, String(keys.length), ...keys, ...args.map(String));
    },
    async eval(script, keys, args) {
      const hash = createHash('sha1').update(script).digest('hex');
      loaded.set(hash, await send('SCRIPT', 'LOAD', script.replace(/^#!.*\n/, '')));
      return redis.evalsha(hash, keys, args);
    },
  };
  const limiter = Ratelimit.fixedWindow(plenty, window);
  return new Ratelimit({ redis, limiter, prefix, ephemeralCache: false, analytics: false });
}
