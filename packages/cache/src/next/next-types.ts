/** An entry of `use cache`, as Next.js 16 hands it over. */
export interface UseCacheEntry {
  readonly value: ReadableStream<Uint8Array>;
  readonly tags: string[];
  /** For the client's router, in seconds. */
  readonly stale: number;
  /** When it began to be made, in milliseconds since the epoch. */
  readonly timestamp: number;
  /** Longest age at which it may be used, in seconds. */
  readonly expire: number;
  /** Age from which it is made anew in the background, in seconds. */
  readonly revalidate: number;
}

/** What `cacheHandlers` of `next.config` takes: `CacheHandler` of Next.js 16, by shape. */
export interface UseCacheHandler {
  get(cacheKey: string, softTags: string[]): Promise<UseCacheEntry | undefined>;
  set(cacheKey: string, pendingEntry: Promise<UseCacheEntry>): Promise<void>;
  refreshTags(): Promise<void>;
  getExpiration(tags: string[]): Promise<number>;
  updateTags(tags: string[], durations?: { readonly expire?: number }): Promise<void>;
}

/** Options of `createCacheHandler`. */
export interface CacheHandlerOptions {
  /** First part of every key. @default 'use-cache' */
  readonly name?: string | undefined;
  /**
   * Longest time for which an entry is kept, in milliseconds, whatever its `cacheLife` says: the log of invalidations
   * has to reach back as far.
   *
   * @default 86_400_000 (a day)
   */
  readonly maxTtlMs?: number | undefined;
  /** What is larger is not kept. @default 4_194_304 (4 MiB) */
  readonly maxEntryBytes?: number | undefined;
}
