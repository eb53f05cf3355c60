/** A word of a command. */
export type RedisWord = string | Uint8Array;

/** What a command is answered with: bulk strings as bytes. */
export type RedisReply =
  | string
  | number
  | bigint
  | Uint8Array
  | boolean
  | null
  | undefined
  | RedisReply[]
  | object;

/**
 * What the layer needs of a client: any that can send a command as it is.
 *
 * @example
 * const layer = redisLayer({ send: (words) => myClient.rawCommand(words) });
 */
export interface RedisSender {
  /**
   * Sends one command to the master that is responsible for `key`. Bulk strings of the answer may be bytes or, where
   * `bytes` is false, text.
   */
  send(
    words: readonly RedisWord[],
    route: { readonly key: string; readonly bytes: boolean },
  ): Promise<unknown>;
  /** One sender for each master, for SCAN; only a cluster has more than one. */
  masters?(): readonly RedisSender[] | Promise<readonly RedisSender[]>;
  /** Opens what is not open yet. */
  connect?(): Promise<unknown>;
  /** Gives the connection up and opens another one: it is open, and nothing has been heard for seconds. */
  reconnect?(): Promise<unknown>;
  /** Ends what `connect` opened. */
  close?(): Promise<unknown>;
}

/** A client of `redis` (node-redis 5 or later): `createClient`, `createCluster`, `createSentinel`, or a client pool. */
export interface NodeRedisLike {
  sendCommand(...args: never[]): Promise<unknown>;
}

/** A client of `ioredis` 5 or later: `Redis` (also by Sentinel) or `Cluster`. */
export interface IoRedisLike {
  call(command: string, ...args: never[]): Promise<unknown>;
  callBuffer(command: string, ...args: never[]): Promise<unknown>;
}

/** Any client that the layer can use. It is looked at by its shape alone. */
export type RedisLike = NodeRedisLike | IoRedisLike | RedisSender;

/** Options of `redisLayer`. */
export interface RedisLayerOptions {
  /** Longest time for one command, in milliseconds. @default 100 */
  readonly timeoutMs?: number | undefined;
  /** Commands under way at a time; what comes on top fails at once. @default 5_000 */
  readonly maxInFlight?: number | undefined;
  /** Bytes of one encoded entry; a larger one is kept in memory alone. @default 8_388_608 (8 MiB) */
  readonly maxEntryBytes?: number | undefined;
  /** Invalidations that the log keeps in full, for processes that fall behind. @default 10_000 */
  readonly maxLogEntries?: number | undefined;
  /** Names whose last invalidation is remembered; beyond, the oldest make older entries invalid. @default 100_000 */
  readonly maxLogNames?: number | undefined;
}
