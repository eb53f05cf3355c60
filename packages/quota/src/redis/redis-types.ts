/** What the store needs of a client: any that can send a command as it is. */
export interface RedisSender {
  /** Sends one command, whose words are text, to the master that is responsible for `route.key`. */
  send(words: readonly string[], route: { readonly key: string; readonly bytes: boolean }): Promise<unknown>;
  /** Whether what is sent now goes out now, and does not wait for a connection. Unsaid, it does. */
  isReady?(): boolean;
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

/** Any client that the store can use. It is looked at by its shape alone. */
export type RedisLike = NodeRedisLike | IoRedisLike | RedisSender;

/** Options of `redisStore`. */
export interface RedisStoreOptions {
  /** Longest time for one call, in milliseconds. Time in which this process was busy with itself does not count. @default 50 */
  readonly timeoutMs?: number | undefined;
  /** Calls under way at a time; what comes on top fails at once. @default 5_000 */
  readonly maxInFlight?: number | undefined;
  /** Stands before every key. @default 'quota' */
  readonly namespace?: string | undefined;
}
