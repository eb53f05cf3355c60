import type { ProblemSource } from '@unite/core';

/** Stable codes of {@link CacheError}. */
export type CacheErrorCode =
  /** A part of a key is not a string, a finite number, a boolean, a bigint or null. */
  | 'UNITE_CACHE_KEY_INVALID'
  /** A tag is empty, too long or not a string, or there are too many. */
  | 'UNITE_CACHE_TAG_INVALID'
  /** A link would make a tag follow from itself. */
  | 'UNITE_CACHE_TAG_CYCLE'
  /** More tags follow from one invalidation than the graph may have. */
  | 'UNITE_CACHE_TAG_FAN_OUT'
  /** The definition belongs to tenants, and the context has none. */
  | 'UNITE_CACHE_TENANT_MISSING'
  /** Two definitions have the same name. */
  | 'UNITE_CACHE_DEFINED_TWICE'
  /** The loader took longer than `loadTimeoutMs`. */
  | 'UNITE_CACHE_LOAD_TIMEOUT'
  /** The request's deadline has passed. */
  | 'UNITE_CACHE_DEADLINE_EXCEEDED'
  /** The request was aborted. */
  | 'UNITE_CACHE_ABORTED'
  /** The remote layer did not answer in time. */
  | 'UNITE_CACHE_REMOTE_TIMEOUT'
  /** The remote layer cannot be reached. */
  | 'UNITE_CACHE_REMOTE_FAILED'
  /** The remote layer answers with an error: no access, read-only, out of memory. */
  | 'UNITE_CACHE_REMOTE_REFUSED'
  /** The cache is closed. */
  | 'UNITE_CACHE_CLOSED';

const statuses: Partial<Record<CacheErrorCode, number>> = {
  UNITE_CACHE_LOAD_TIMEOUT: 504,
  UNITE_CACHE_DEADLINE_EXCEEDED: 504,
  UNITE_CACHE_ABORTED: 503,
  UNITE_CACHE_CLOSED: 503,
  UNITE_CACHE_REMOTE_TIMEOUT: 503,
  UNITE_CACHE_REMOTE_FAILED: 503,
  UNITE_CACHE_REMOTE_REFUSED: 503,
};

const titles: Readonly<Record<number, string>> = {
  500: 'Internal Server Error',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

const brand = Symbol.for('unite.cache.error');

/** What a cache throws of its own. What a loader throws is handed on as it is. */
export class CacheError extends Error {
  readonly code: CacheErrorCode;
  /** Survives React Server Components, which replace the message of an error. */
  readonly digest: string;

  constructor(code: CacheErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.digest = `unite;${code};${statuses[code] ?? 500}`;
  }

  /** Holds across module copies, where `instanceof` does not. */
  static isInstance(value: unknown): value is CacheError {
    return typeof value === 'object' && value !== null && (value as { [brand]?: unknown })[brand] === true;
  }

  override get name(): string {
    return 'CacheError';
  }

  /** Express answers with it where no other error middleware does. */
  get status(): number {
    return statuses[this.code] ?? 500;
  }

  get [brand](): true {
    return true;
  }

  /** Nothing about keys or servers: those are for the log. */
  get [Symbol.for('unite.problem')](): ProblemSource {
    const { status } = this;
    return {
      type: 'about:blank',
      status,
      title: titles[status] as string,
      ...(status === 503 && { headers: { 'Retry-After': '2' } }),
    };
  }
}
