/** What a cache is given for one node: one process of an application, here one instance. */
export interface OpenNodeOptions {
  /** `redis://…`, with password. It may lead through a proxy that the hazard holds. */
  readonly redisUrl: string;
  /** Prefix of every key and channel, so that scenarios beside each other do not meet. */
  readonly namespace: string;
  /** Bound on staleness in milliseconds, for a cache that has one. */
  readonly maxStalenessMs?: number | undefined;
  /** Bound on memory in bytes, for a cache that has one. */
  readonly memoryMaxBytes?: number | undefined;
}

/** How one value is to be cached. */
export interface EntryOptions {
  /** How long the value is fresh, in milliseconds. */
  readonly ttlMs: number;
  /** Names under which it can be invalidated. */
  readonly tags?: readonly string[] | undefined;
  /**
   * The old value may be served while it is loaded anew in the background, for this long, in milliseconds.
   * For a cache without such a mode it has no effect.
   */
  readonly refreshBehindMs?: number | undefined;
}

/** One open node of a cache. What a cache cannot do is left out. */
export interface CacheNode {
  /** From the cache, else by `load`, and then cached. */
  get(key: string, load: () => Promise<unknown>, options: EntryOptions): Promise<unknown>;
  /** Puts a value there without a load. */
  set?(key: string, value: unknown, options: EntryOptions): Promise<unknown>;
  /** Loads and caches ahead of the first read. */
  warm?(key: string, load: () => Promise<unknown>, options: EntryOptions): Promise<unknown>;
  /** Resolves when the cache regards the key as invalid. */
  delete(key: string): Promise<unknown>;
  /** Resolves when the cache regards everything under the tag as invalid. */
  invalidateTag?(tag: string): Promise<unknown>;
  /** Ends its connections. */
  close(): Promise<unknown>;
}

/**
 * A cache set up as in production: the adapter through which every hazard drives it.
 *
 * @example
 * const mine: CacheUnderTest = {
 *   name: 'mine',
 *   async openNode({ redisUrl, namespace }) {
 *     const cache = await openMyCache(redisUrl, namespace);
 *     return {
 *       get: (key, load, { ttlMs }) => cache.getOrLoad(key, load, ttlMs),
 *       delete: (key) => cache.delete(key),
 *       close: () => cache.close(),
 *     };
 *   },
 * };
 */
export interface CacheUnderTest {
  readonly name: string;
  /** Shown in tables. */
  readonly version?: string | undefined;
  /**
   * URL of a module, which Node can load without a build, whose default export is this cache. Memory is
   * measured in a process of its own that loads it; without it that hazard does not apply.
   */
  readonly moduleUrl?: string | undefined;
  openNode(options: OpenNodeOptions): Promise<CacheNode>;
}

/** What Redis holds. */
export interface KeyCount {
  readonly keys: number;
  /** Keys that never expire. */
  readonly keysForEver: number;
  /** Members that all sets, hashes, lists and streams have together. */
  readonly members: number;
}

/** A Redis that can be broken on purpose. */
export interface RedisControl extends AsyncDisposable {
  /** The same through every restart. */
  readonly url: string;
  /** Stops the server's process: its sockets stay open and nothing answers. */
  freeze(): void;
  /** Ends `freeze`. */
  thaw(): void;
  /** Ends the server as a power cut would, and starts an empty one at the same address. */
  restart(): Promise<void>;
  /** Cuts every subscriber's connection, or every other one but its own. Resolves to how many were cut. */
  killClients(type: 'pubsub' | 'normal'): Promise<number>;
  /** Deletes everything. */
  flushAll(): Promise<void>;
  /** Names of the keys that match a glob. @default every key */
  keys(pattern?: string): Promise<string[]>;
  /** Deletes the keys that match a glob. Resolves to how many there were. */
  deleteKeys(pattern: string): Promise<number>;
  /** Deletes keys by name. Resolves to how many there were. */
  delete(names: readonly string[]): Promise<number>;
  /** What a string or a hash holds, as text; `undefined` for other types. */
  textOf(name: string): Promise<string | undefined>;
  count(): Promise<KeyCount>;
  /** Any other command. */
  command(...words: string[]): Promise<unknown>;
  /** Ends the server. Idempotent. */
  close(): Promise<void>;
}

/** Windows and bounds of a run. */
export interface HazardSettings {
  /** Longest time for which an old value may be served, in milliseconds. @default 5_000 */
  readonly maxStalenessMs: number;
  /** How long a node is watched that goes on with an old value, in milliseconds. @default 18_000 */
  readonly watchMs: number;
  /** Longest time for one read while Redis does not answer, in milliseconds. @default 1_000 */
  readonly readDeadlineMs: number;
  /** How long Redis is frozen, in milliseconds. @default 12_000 */
  readonly freezeMs: number;
  /** Longest time after that until a read is served within its deadline, in milliseconds. @default 10_000 */
  readonly recoveryMs: number;
  /** Bound on memory given to each cache, in bytes. @default 67_108_864 */
  readonly memoryMaxBytes: number;
  /** What the whole process may use under it, in bytes of resident memory. @default 500_000_000 */
  readonly processMaxBytes: number;
  /** How many values of 1 MB are loaded. @default 2_000 */
  readonly bigValues: number;
  /** Keys of each round in which the bookkeeping of tags is watched. @default 2_000 */
  readonly keysPerRound: number;
  /** After the keys of a round have expired, Redis and the cache get this long to tidy up, in milliseconds. @default 2_000 */
  readonly tidyMs: number;
}

/** What one hazard showed: a measurement. A cache that throws has shown that. */
export interface HazardResult {
  /** Absent where the cache has nothing to which the hazard could happen. */
  readonly holds?: boolean | undefined;
  /** The measured figure in words. */
  readonly seen: string;
  /** The same for programs: what was measured, by name. */
  readonly figures: Readonly<Record<string, number | string | boolean>>;
}

/** One way in which caches go wrong. */
export interface Hazard {
  /** kebab-case. */
  readonly name: string;
  /** What has to hold, in one sentence. */
  readonly summary: string;
  run(cache: CacheUnderTest, redis: RedisControl, settings: HazardSettings): Promise<HazardResult>;
}
