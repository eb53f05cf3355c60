import type { CheckOptions } from './check-types';

/** What the check needs of a client: any that can send a command as it is. */
export interface RedisSender {
  /** Sends one command, whose words are text, to the master that is responsible for `route.key`. */
  send(words: readonly string[], route: { readonly key: string; readonly bytes: boolean }): Promise<unknown>;
  /** Whether what is sent now goes out now, and does not wait for a connection. Unsaid, it does. */
  isReady?(): boolean;
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

/** Any client that the check can use. It is looked at by its shape alone. */
export type RedisLike = NodeRedisLike | IoRedisLike | RedisSender;

/** Options of `redisCheck`. */
export interface RedisCheckOptions extends CheckOptions {
  /**
   * Writes a value and reads it back, under `unite:health:` and a random name of each check, for a minute. Without it
   * PING is sent, which a replica answers too, and a server that is full.
   *
   * @default false
   */
  readonly requireWrites?: boolean | undefined;
}
