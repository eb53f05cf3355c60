/** Message of `unite:cache:hit`. */
export interface CacheHitMessage {
  /** The cache's namespace. */
  readonly cache: string;
  /** The definition's name. */
  readonly definition: string;
}

/** Message of `unite:cache:get`. */
export interface CacheGetMessage extends CacheHitMessage {
  /** Where the value came from; set at the end. */
  layer?: 'memory' | 'remote' | 'load';
  /** The read joined one that was under way. */
  joined?: boolean;
  error?: unknown;
}

/** Message of `unite:cache:load`. */
export interface CacheLoadMessage extends CacheHitMessage {
  readonly reason: 'miss' | 'refresh';
  error?: unknown;
}

/** Message of `unite:cache:invalidate`. */
export interface CacheInvalidateMessage {
  readonly cache: string;
  /** How many names were given. */
  readonly names: number;
  /** Set at the end. */
  acknowledged?: boolean;
  error?: unknown;
}

/** Message of `unite:cache:state`. */
export interface CacheStateMessage {
  readonly cache: string;
  readonly state: 'up' | 'down' | 'log-lost';
  /** In words. */
  readonly reason: string;
}
