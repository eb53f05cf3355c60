/** What is needed of a client: any that can send a command as it is. */
export interface RedisSender {
  /** Sends one command, whose words are text, to the master that is responsible for `route.key`. */
  send(words: readonly string[], route: { readonly key: string; readonly bytes: boolean }): Promise<unknown>;
  /** Opens what is not open yet. */
  connect?(): Promise<unknown>;
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

/** Any client that can be used. It is looked at by its shape alone. */
export type RedisLike = NodeRedisLike | IoRedisLike | RedisSender;

/** Options of `verifyRedis`. */
export interface VerifyRedisOptions {
  /**
   * A client, which stays the caller's, or a function that makes one, which is closed at the end. One that is not open
   * yet is opened.
   */
  readonly client: RedisLike | (() => RedisLike);
  /**
   * What it is for.
   * - `cache`: what is dropped is loaded again, so it should drop the oldest when memory is full.
   * - `store`: counters, sessions, jobs: nothing may be dropped, and a restart should lose little.
   *
   * @default neither: eviction and persistence are not judged
   */
  readonly purpose?: 'cache' | 'store' | undefined;
  /** Stands before the keys, for roles that may use some keys only. @default 'unite.verify' */
  readonly namespace?: string | undefined;
  /** Longest time for a connection, or for one answer, in milliseconds. @default 3_000 */
  readonly timeoutMs?: number | undefined;
  /** Name of the verifier. @default 'redis' */
  readonly name?: string | undefined;
}
