/** A word of a command. */
export type RedisWord = string | Uint8Array;

/** Any client of Redis that can be used, as each package declares it for its callers. */
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
  /** Whether what is sent now goes out now, and does not wait for a connection. Unsaid, it does. */
  isReady?(): boolean;
  /** Why there is no connection, as far as the client has said, while there is none. */
  connectionError?(): unknown;
  /** Opens what is not open yet. */
  connect?(): Promise<unknown>;
  /** Gives the connection up and opens another one: it is open, and nothing has been heard for seconds. */
  reconnect?(): Promise<unknown>;
  /** Ends what `connect` opened. */
  close?(): Promise<unknown>;
}

interface NodeRedisLike {
  sendCommand(...args: never[]): Promise<unknown>;
}

interface IoRedisLike {
  call(command: string, ...args: never[]): Promise<unknown>;
  callBuffer(command: string, ...args: never[]): Promise<unknown>;
}

export type RedisLike = NodeRedisLike | IoRedisLike | RedisSender;
