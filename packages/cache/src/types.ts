import type { Clock, CloseOptions, ContextSource } from '@unite/core';
import type { CacheCodec, RemoteLayer } from './remote-types';

/** Options of `createCache`. */
export interface CacheOptions {
  /** Prefix of everything in Redis: letters, digits, `.`, `_` and `-`. One for each application. */
  readonly namespace: string;
  readonly memory?: MemoryOptions | undefined;
  /** The layer that processes share, such as `redisLayer(client)`. Without one each process caches alone. */
  readonly remote?: RemoteLayer | undefined;
  /**
   * Longest time for which a value may be served after its invalidation was acknowledged, in milliseconds, whatever
   * messages are lost. At least 500.
   *
   * @default 5_000
   */
  readonly maxStalenessMs?: number | undefined;
  /** How often the invalidation log is read while the cache is in use, in milliseconds. @default 50 */
  readonly pollEveryMs?: number | undefined;
  /** How remote entries are turned into other bytes, such as ciphertext. */
  readonly codec?: CacheCodec | undefined;
  /** Whose writes an invalidation stands for, so that the load after it reads from a node that has seen them. */
  readonly database?: DatabaseSession | undefined;
  /** Where the request's tenant, deadline and signal are read from. @default the shared slot of `@unite/core` */
  readonly context?: ContextSource | undefined;
  readonly clock?: Clock | undefined;
  /** Random numbers in [0, 1). @default Math.random */
  readonly random?: (() => number) | undefined;
}

/** Options of the memory layer. */
export interface MemoryOptions {
  /** What all entries together may take, by estimate of their size in the heap. @default 67_108_864 (64 MiB) */
  readonly maxBytes?: number | undefined;
  /** What one entry may take; a bigger one is kept in the remote layer alone. @default an eighth of `maxBytes` */
  readonly maxEntryBytes?: number | undefined;
  /** @default 100_000 */
  readonly maxEntries?: number | undefined;
}

/** What the cache needs to know of a database with replicas. A cluster of `@unite/db-ha` is one. */
export interface DatabaseSession {
  /** How far the current session's writes reach; `undefined` when it wrote nothing. */
  sessionToken(): Promise<object | undefined>;
  /** Makes the current session see what a token stands for. */
  advanceSession(token: never): void;
}

/** What a key is made of. */
export type KeyPart = string | number | boolean | bigint | null;

/** Options of `define`. */
export interface DefinitionOptions<Params, Value> {
  /** What tells one entry from another. Parts are compared with their type: `1` is not `'1'`. */
  readonly key: (params: Params) => readonly KeyPart[];
  /** Whether entries belong to the context's tenant, or to all of them. */
  readonly scope: 'tenant' | 'global';
  /** Names by which the entry can be invalidated, from the parameters alone. At most 100. */
  readonly tags?: ((params: Params) => readonly string[]) | undefined;
  /** How long memory keeps a value, in milliseconds. @default `remoteTtlMs`, else 60_000 */
  readonly memoryTtlMs?: number | undefined;
  /** How long the remote layer keeps a value, in milliseconds. @default 5 times `memoryTtlMs` */
  readonly remoteTtlMs?: number | undefined;
  /** Makes the value. `undefined` and `null` are values. */
  readonly load: (params: Params, call: LoadCall) => Promise<Value> | Value;
  /** Longest time for one load, in milliseconds. @default 30_000 */
  readonly loadTimeoutMs?: number | undefined;
  /**
   * Longest time for which a value whose time to live has passed, or that was invalidated, may be served because the
   * load fails, in milliseconds, on top of the bound. The receipt says so. @default 0
   */
  readonly staleOnErrorMs?: number | undefined;
  /**
   * Loads ahead of expiry in the background, by chance that grows towards the end: β of XFetch. 1 is a good value.
   * @default 0, never
   * @see Vattani, Chierichetti, Lowenstein: Optimal Probabilistic Cache Stampede Prevention, VLDB 2015
   */
  readonly refreshAhead?: number | undefined;
  /** A read of a value older than this also loads it anew in the background, in milliseconds. */
  readonly refreshEveryMs?: number | undefined;
  /**
   * Counts which parameters are read most, for `warm({ popular })`. They are kept in the remote layer as they are,
   * whatever the codec. @default false
   */
  readonly countReads?: boolean | undefined;
  /**
   * After an invalidation a load waits until it is this old, in milliseconds: for a database whose replicas lag, and
   * that cannot say by how much. @default 0
   */
  readonly loadDelayMs?: number | undefined;
}

/** What a loader is told. */
export interface LoadCall {
  /** Aborts when nobody waits any more, when the time is up, or when the cache closes. */
  readonly signal: AbortSignal;
  /**
   * How long ago something that this entry hangs on was invalidated, in milliseconds; `Infinity` when not known to
   * be. While it is small, a replica may not have seen the write.
   */
  readonly invalidatedMsAgo: number;
}

/** Options of one read. */
export interface GetOptions {
  /** Ends the wait, not the load that others wait for too. */
  readonly signal?: AbortSignal | undefined;
}

/** A value with where it came from. */
export interface Receipt<Value> {
  readonly value: Value;
  readonly layer: 'memory' | 'remote' | 'load';
  /** Since its load began, in milliseconds. */
  readonly ageMs: number;
  /** For how long at most an invalidation may have gone unseen by this read, in milliseconds. */
  readonly staleBoundMs: number;
  /** Served although it expired or was invalidated, because the load failed (`staleOnErrorMs`). */
  readonly isStale: boolean;
  readonly tags: readonly string[];
}

/** Options of one `lookup`. */
export interface LookupOptions {
  /**
   * Takes nothing that is stored: always a miss, whose `put` replaces what is there. For a value that is made anew
   * although there is one. @default false
   */
  readonly fresh?: boolean | undefined;
  /**
   * Further names of which none may have been invalidated since the value was made, known only to the reader. At
   * most 100.
   */
  readonly tags?: readonly string[] | undefined;
}

/** What `lookup` found. */
export type Lookup<Value> =
  | { readonly hit: true; readonly receipt: Receipt<Value> }
  | {
      readonly hit: false;
      /**
       * Keeps a value that was made after this miss, unless it has been invalidated meanwhile.
       *
       * @param extra further tags that only the value tells
       * @returns whether it is kept
       */
      put(
        value: Value,
        extra?: { readonly tags?: readonly string[] | undefined; readonly ttlMs?: number | undefined },
      ): Promise<boolean>;
    };

/** What became of an invalidation. */
export interface InvalidationReceipt {
  /**
   * Whether the log has taken it, so that every process knows it within the bound. Otherwise this process knows, and
   * the log is told as soon as it can be reached.
   */
  readonly acknowledged: boolean;
  /** All tags that were invalidated, with those that follow from the tag graph. */
  readonly tags: readonly string[];
}

/** Options of `write`. */
export interface WriteOptions {
  /** Tags that the write makes invalid. */
  readonly invalidates: readonly string[] | (() => readonly string[]);
}

/** Options of `warm`. */
export interface WarmOptions<Params> {
  /** What to load. */
  readonly entries?: Iterable<Params> | undefined;
  /** Or: as many of the keys that the fleet has read most, the most popular first. */
  readonly popular?: number | undefined;
  /** Loads at a time. @default 4 */
  readonly concurrency?: number | undefined;
  /** Again and again, in milliseconds from the end of one round to the next, until the cache closes. */
  readonly everyMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: WarmReport) => void) | undefined;
}

/** How far warming is. */
export interface WarmReport {
  readonly total: number;
  readonly done: number;
  readonly failed: number;
}

/** One kind of cached value. */
export interface CacheDefinition<Params, Value> {
  readonly name: string;
  /**
   * From memory, else from the remote layer, else by the loader, which runs once for all who wait, in this process
   * and as far as the remote layer is reached in the others.
   *
   * @throws CacheError for a key that is none, a missing tenant, a passed deadline
   */
  get(params: Params, options?: GetOptions): Promise<Value>;
  /** The same with where the value came from. */
  getWithReceipt(params: Params, options?: GetOptions): Promise<Receipt<Value>>;
  /** In the order of the parameters, with one round trip for all that memory does not have. */
  getMany(params: readonly Params[], options?: GetOptions): Promise<Value[]>;
  /** What memory has and may serve, at once; else `undefined`. */
  peek(params: Params): Value | undefined;
  /** From the layers, without the loader; on a miss with the means to keep what the caller makes. */
  lookup(params: Params, options?: LookupOptions): Promise<Lookup<Value>>;
  /** Puts a value there as the current one, for all processes. */
  set(params: Params, value: Value): Promise<InvalidationReceipt>;
  /** Makes one entry invalid, in all processes. */
  delete(params: Params): Promise<InvalidationReceipt>;
  /** Loads anew and replaces the old value without an interval of misses. */
  refresh(params: Params, options?: GetOptions): Promise<Value>;
  /**
   * Runs a write whose result is the new value, keeps that, and invalidates the entry and what else it names. When two
   * such writes overlap, neither result is kept and the next read loads.
   */
  writeThrough(
    params: Params,
    work: () => Promise<Value> | Value,
    options?: Partial<WriteOptions>,
  ): Promise<Value>;
  /** Makes every entry of this definition invalid, in all processes, in one round trip. */
  clear(): Promise<InvalidationReceipt>;
  /** Loads ahead of the first read; what fails is counted. */
  warm(options: WarmOptions<Params>): Promise<WarmReport>;
  stats(): DefinitionStats;
}

/** The graph of tags, from cause to effect. */
export interface TagGraph {
  /**
   * A change of `cause` is from now on a change of `effect`, for all processes, for seven days after the last call.
   *
   * @throws CacheError `UNITE_CACHE_TAG_CYCLE`
   */
  link(cause: string, effect: string): Promise<void>;
  /** Takes a link back. */
  unlink(cause: string, effect: string): Promise<void>;
  /**
   * What follows from a change of one kind of thing. The function that is returned names the thing's tag
   * (`contact:9`) and those that follow from it, for `invalidates`.
   *
   * @param kind first part of the tag
   * @param effects tags that follow
   * @param idOf second part of the tag. @default `(thing) => thing.id`
   * @example
   * const contactTags = cache.tags.rule('contact', (contact: Contact) => [`contacts-of:${contact.workspaceId}`]);
   * await cache.write(() => updateContact(contact), { invalidates: contactTags(contact) });
   */
  rule<Thing>(
    kind: string,
    effects: (thing: Thing) => readonly string[],
    idOf?: (thing: Thing) => string | number,
  ): (thing: Thing) => readonly string[];
}

/** A cache in layers with a bound on staleness. */
export interface Cache {
  readonly namespace: string;
  readonly tags: TagGraph;
  /** Declares a kind of cached value. The name is part of every key. */
  define<Params, Value>(
    name: string,
    options: DefinitionOptions<Params, Value>,
  ): CacheDefinition<Params, Value>;
  /**
   * Runs a write and then invalidates, also where the write fails: it may have taken effect.
   *
   * @returns what the write returns
   */
  write<Result>(work: () => Promise<Result> | Result, options: WriteOptions): Promise<Result>;
  /** Makes everything under these tags invalid, and what follows by the graph: one round trip, however many entries. */
  invalidateTags(tags: readonly string[]): Promise<InvalidationReceipt>;
  /** Makes everything invalid, in one round trip. */
  clear(): Promise<InvalidationReceipt>;
  /**
   * For administration: deletes the entries whose key matches, such as `contacts:acme:42:*`, of all processes. Only
   * `*` is special; see `escapePattern` for user input. Reads through the names of all keys.
   *
   * @returns how many remote entries were deleted
   */
  clearPattern(pattern: string): Promise<number>;
  stats(): CacheStats;
  /** Waits until the log has been read once; without it the first reads do. Never rejects. */
  ready(options?: { readonly timeoutMs?: number | undefined }): Promise<boolean>;
  /** Hands on what invalidations are pending until `timeoutMs` (default 2_000), then stops. Never rejects. */
  close(options?: CloseOptions): Promise<CloseReport>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** What `close` could not save. */
export interface CloseReport {
  /** Names whose invalidation the log has not taken. */
  readonly lostInvalidations: number;
}

/** Counts since the start. */
export interface DefinitionStats {
  readonly memoryHits: number;
  readonly remoteHits: number;
  /** Reads that came to a load, their own or one that was under way. */
  readonly misses: number;
  readonly loads: number;
  readonly loadErrors: number;
  /** Time spent in loads, in milliseconds. */
  readonly loadMs: number;
  /** What the hits would have cost by the mean load, in milliseconds. */
  readonly savedMs: number;
  /** Values served beyond their time because the load failed. */
  readonly staleServed: number;
  /** Loads whose value was invalidated before it was there, and that are not kept. */
  readonly fenced: number;
}

/** Counts since the start, and the present state. */
export interface CacheStats extends DefinitionStats {
  readonly definitions: Readonly<Record<string, DefinitionStats>>;
  readonly memory: {
    readonly entries: number;
    readonly bytes: number;
    readonly maxBytes: number;
    readonly evictions: number;
    /** Values bigger than one entry may be. */
    readonly tooLarge: number;
  };
  /** Absent without a remote layer. */
  readonly remote?: RemoteStats | undefined;
}

/** The remote layer, as this process sees it. */
export interface RemoteStats {
  /** `down`: reads go to the loader, and memory serves only what it loaded within the bound. */
  readonly state: 'starting' | 'up' | 'down';
  /** Since the log was last known to be read to its end, in milliseconds. */
  readonly syncedMsAgo: number;
  /** Names that the log has not taken yet. */
  readonly pendingInvalidations: number;
  readonly failures: number;
  readonly timeouts: number;
  /** Entries that could not be read: broken bytes, another version's, another key's. */
  readonly unreadable: number;
  /** Values that cannot be encoded, or are too large. */
  readonly unstorable: number;
  /** How often the log was lost, and everything with it. */
  readonly logLosses: number;
  /** The last failure, in words. */
  readonly lastError?: string | undefined;
}
