import { checkOptions, describeArgument, optionChecks } from '@unite/shared';
import { checkClient, isRedisLike, redisSender } from '@unite/shared/redis';
import type { RemoteConnection, RemoteLayer } from '../remote-types';
import { wholeNumber } from '../whole-number';
import { RedisCommands } from './redis-commands';
import { RedisConnection } from './redis-connection';
import type { RedisLayerOptions, RedisLike } from './redis-types';

/**
 * The layer that processes share, on Redis 7 or later (or Valkey): standalone, behind Sentinel, or a cluster.
 *
 * The client is the caller's, and stays it: one that is not open yet is opened with the first read, and closed with
 * the cache. Where it is frozen or gone, every command ends after `timeoutMs`.
 *
 * @param client of `redis` 5 or later, of `ioredis` 5 or later, or anything with `send`
 * @throws TypeError for what is no client, and for options that are none
 * @example
 * const cache = createCache({ namespace: 'crm', remote: redisLayer(createClient({ url })) });
 */
export function redisLayer(client: RedisLike, options: RedisLayerOptions = {}): RemoteLayer {
  if (!isRedisLike(client)) {
    // Not a URL, which may hold a password.
    const got = typeof client === 'string' ? 'a string' : describeArgument(client);
    throw new TypeError(`redisLayer: client must be a client of redis or ioredis, got ${got}`);
  }
  checkOptions('redisLayer', options, {
    timeoutMs: optionChecks.positive,
    maxInFlight: wholeNumber,
    maxEntryBytes: wholeNumber,
    maxLogEntries: wholeNumber,
    maxLogNames: wholeNumber,
  });
  const { timeoutMs = 100, maxInFlight = 5_000 } = options;
  checkClient('redisLayer', client);
  checkPrefix(client);
  return {
    open(namespace): RemoteConnection {
      const commands = new RedisCommands(redisSender(client), { timeoutMs, maxInFlight });
      return new RedisConnection(commands, namespace, options);
    },
  };
}

function checkPrefix(client: RedisLike): void {
  const { options } = client as { readonly options?: { readonly keyPrefix?: string } };
  if (!('callBuffer' in client && options?.keyPrefix)) return;
  throw new TypeError(
    'redisLayer: client must have no keyPrefix, of which SCAN knows nothing; use namespace',
  );
}
