import { createHash } from 'node:crypto';
import { checkOptions, expects, optionChecks, warnOnce } from '@unite/shared';
import type { Cache, CacheDefinition } from '../types';
import { EntryFences } from './entry-fences';
import type { CacheHandlerOptions, UseCacheEntry, UseCacheHandler } from './next-types';
import { readEntry, type StoredUseCacheEntry, streamEntry } from './use-cache-entry';

const checks = {
  name: optionChecks.string,
  maxTtlMs: optionChecks.positive,
  maxEntryBytes: optionChecks.positive,
};
const checkCache = expects(
  'a cache of `createCache`',
  (value) => typeof (value as Cache | null)?.invalidateTags === 'function',
);

/**
 * Keeps what `use cache` makes in the layers of a cache: memory, then Redis. Its tags are the cache's, so that
 * `revalidateTag` and `updateTag` reach every process within the cache's bound, and so does
 * `cache.write(…, { invalidates })` for entries with `cacheTag`.
 *
 * One handler for each cache and name: put it into `once`.
 *
 * @throws TypeError for an option that is unknown or malformed
 * @example
 * // cache-handler.mjs, named in next.config: cacheHandlers: { default: require.resolve('./cache-handler.mjs') }
 * export default once('crm.use-cache', () => createCacheHandler(cache));
 */
export function createCacheHandler(
  cache: Pick<Cache, 'define' | 'invalidateTags'>,
  options: CacheHandlerOptions = {},
): UseCacheHandler {
  checkOptions('createCacheHandler', { cache }, { cache: checkCache }, ['cache']);
  checkOptions('createCacheHandler', options, checks);
  const { name = 'use-cache', maxTtlMs = 86_400_000, maxEntryBytes = 4 * 2 ** 20 } = options;
  const entries: CacheDefinition<string, StoredUseCacheEntry> = cache.define(name, {
    key: (cacheKey) => [digest(cacheKey)],
    // Next.js has the tenant in the key where there is one: arguments are part of it.
    scope: 'global',
    memoryTtlMs: maxTtlMs,
    remoteTtlMs: maxTtlMs,
    load: notLoaded,
  });
  const fences = new EntryFences<StoredUseCacheEntry>();
  const pending = new Map<string, Promise<void>>();

  return {
    async get(cacheKey, softTags) {
      // An entry that is being written is waited for, as the interface demands.
      await pending.get(cacheKey);
      try {
        const found = await entries.lookup(cacheKey, { tags: softTags });
        if (!found.hit) {
          fences.note(cacheKey, found.put);
          return undefined;
        }
        const entry = found.receipt.value;
        // Next.js serves it once more and makes another, which needs a fence from before that.
        if (nowMs() > entry.timestamp + entry.revalidate * 1000) await renew(cacheKey);
        return streamEntry(entry);
      } catch (error) {
        bypass(error);
        return undefined;
      }
    },

    async set(cacheKey, pendingEntry) {
      const write = store(cacheKey, pendingEntry).catch(bypass);
      pending.set(cacheKey, write);
      await write;
      if (pending.get(cacheKey) === write) pending.delete(cacheKey);
    },

    /** Every read asks the log already. */
    async refreshTags() {},

    /** `Infinity`: the tags of the path come with each `get`, where they are compared with the entry. */
    async getExpiration() {
      return Number.POSITIVE_INFINITY;
    },

    /** At once, also where Next.js would serve the old entry for a while longer (`revalidateTag(tag, 'max')`). */
    async updateTags(tags) {
      await cache.invalidateTags(tags);
    },
  };

  async function renew(cacheKey: string): Promise<void> {
    const anew = await entries.lookup(cacheKey, { fresh: true });
    if (!anew.hit) fences.note(cacheKey, anew.put);
  }

  async function store(cacheKey: string, pendingEntry: Promise<UseCacheEntry>): Promise<void> {
    const entry = await pendingEntry;
    const put = fences.take(cacheKey, entry.timestamp);
    const ttlMs = Math.min(entry.expire * 1000, maxTtlMs);
    // Without a fence nobody knows what was invalidated while it was made; `expire: 0` is made for each request.
    const stored = put && ttlMs > 0 ? await readEntry(entry, maxEntryBytes) : await entry.value.cancel();
    if (put && stored) await put(stored, { tags: entry.tags, ttlMs });
  }
}

function nowMs(): number {
  return performance.timeOrigin + performance.now();
}

/** Keys contain the arguments of the function, which are long and not for everybody's eyes. */
function digest(cacheKey: string): string {
  return createHash('sha256').update(cacheKey).digest('base64url');
}

function bypass(error: unknown): void {
  warnOnce(
    'UNITE_CACHE_USE_CACHE_BYPASSED',
    `An entry of \`use cache\` could not be read or kept: ${String(error)}`,
  );
}

/** Entries are put there by Next.js. */
function notLoaded(): never {
  throw new Error('An entry is looked up, never loaded.');
}
