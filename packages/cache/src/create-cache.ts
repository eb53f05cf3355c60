import { currentContext } from '@unite/core/context';
import { UniteCache } from './cache';
import { checkCacheOptions } from './check-options';
import type { Cache, CacheOptions } from './types';

/**
 * A cache in two layers, memory and Redis, whose entries are never served for longer than `maxStalenessMs` after
 * their invalidation has resolved, whatever messages are lost. Without `remote` it is a cache in memory alone.
 *
 * It connects and starts to follow the log with the first read. In Next.js wrap it in `once` of `@unite/core`.
 *
 * @throws TypeError that names the option and what it got
 * @example
 * const cache = createCache({ namespace: 'crm', remote: redisLayer(client) });
 * const profiles = cache.define('profile', {
 *   key: (userId: string) => [userId],
 *   scope: 'global',
 *   load: (userId, { signal }) => readProfile(userId, { signal }),
 * });
 * await profiles.get('u1');
 */
export function createCache(options: CacheOptions): Cache {
  checkCacheOptions(options);
  return new UniteCache({ ...options, context: options.context ?? currentContext });
}
