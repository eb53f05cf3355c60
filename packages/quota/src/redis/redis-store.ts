import { checkOptions, describeValue, expects, optionChecks } from '@unite/shared';
import { checkClient, isRedisLike, redisSender } from '@unite/shared/redis';
import type { QuotaStore } from '../store/store-types';
import { RedisCalls } from './redis-calls';
import { RedisQuotaStore } from './redis-quota-store';
import type { RedisLike, RedisStoreOptions } from './redis-types';

/**
 * Counters that processes share, on Redis 7 or later (or Valkey): standalone, behind Sentinel, or a cluster. Each call
 * is one script on one slot, by the server's clock.
 *
 * The client is the caller's, and stays it: one that is not open yet is opened with the first call, and closed with
 * the quota. Where the server is frozen or gone, every call ends after `timeoutMs`.
 *
 * @param client of `redis` 5 or later, of `ioredis` 5 or later, or anything with `send`
 * @throws TypeError for what is no client, and for options that are none
 * @example
 * const quota = createQuota({ plans, store: redisStore(createClient({ url })) });
 */
export function redisStore(client: RedisLike, options: RedisStoreOptions = {}): QuotaStore {
  if (!isRedisLike(client)) {
    // A URL may have a password.
    const got = typeof client === 'string' ? 'text' : describeValue(client);
    throw new TypeError(`redisStore: client must be a client of redis or ioredis, got ${got}`);
  }
  checkOptions('redisStore', options, {
    timeoutMs: optionChecks.positive,
    maxInFlight: wholeNumber,
    namespace: optionChecks.string,
  });
  checkClient('redisStore', client);
  const { timeoutMs = 50, maxInFlight = 5_000, namespace = 'quota' } = options;
  const calls = new RedisCalls(redisSender(client), {
    timeoutMs,
    maxInFlight,
  });
  return new RedisQuotaStore(calls, namespace);
}

const wholeNumber = expects(
  'a whole number above 0',
  (value) => Number.isSafeInteger(value) && (value as number) > 0,
);
