import type { Clock } from '@unite/core';

/**
 * What identifies a value: text, or a list of parts such as `['contacts', workspaceId, page]`. Keys of equal
 * content are the same key.
 */
export type CacheKey = string | readonly (string | number | boolean | null)[];

/**
 * Loads the value of a key. `signal` aborts when nobody wants the value any more, or when a mutation made
 * the answer worthless.
 */
export type Fetcher<Key extends CacheKey, Data> = (
  key: Key,
  context: { readonly signal: AbortSignal },
) => Data | Promise<Data>;

/** Options of {@link useCache}. */
export interface CacheOptions {
  /**
   * How long a value is good, in milliseconds: mounting, focus and reconnecting fetch only what is older.
   * `Infinity` fetches once.
   * @default 2_000
   */
  readonly staleMs?: number | undefined;
  /** Whether a window that is looked at again fetches what is stale. @default true */
  readonly revalidateOnFocus?: boolean | undefined;
  /** Whether a machine that is online again fetches what is stale. @default true */
  readonly revalidateOnReconnect?: boolean | undefined;
  /**
   * Fetches again this long after the last answer, in milliseconds. Of several components the shortest counts.
   * @default 0: never
   */
  readonly refreshEveryMs?: number | undefined;
  /** Whether `refreshEveryMs` goes on in a hidden window. @default false */
  readonly refreshWhenHidden?: boolean | undefined;
  /** Whether the value of the previous key is shown until that of a new key is there. @default false */
  readonly keepPreviousData?: boolean | undefined;
  /** Suspends until there is a value, and throws to the error boundary when there is none. @default false */
  readonly suspense?: boolean | undefined;
  /** How often a failed request is sent again. `Infinity` does not give up. @default 3 */
  readonly retries?: number | undefined;
  /** Wait before the first retry, in milliseconds; doubles each time, and up to half is left to chance. @default 1_000 */
  readonly retryDelayMs?: number | undefined;
  /** Longest wait before a retry, in milliseconds. @default 30_000 */
  readonly maxRetryDelayMs?: number | undefined;
  /** Whether to send a request again, after so many failures. @default always */
  readonly shouldRetry?: ((error: unknown, failures: number) => boolean) | undefined;
}

/** Options of one mutation. */
export interface MutateOptions<Data> {
  /**
   * What is shown until the change is through: a value, or a pure function of the present one. A function
   * is applied again where what lies under it changes, so that others can be rolled back independently.
   * @default the present value
   */
  readonly optimistic?: Data | ((current: Data | undefined) => Data) | undefined;
  /** Whether to fetch the value afterwards. @default true */
  readonly revalidate?: boolean | undefined;
  /** Whether a change that fails takes back what it showed. @default true */
  readonly rollbackOnError?: boolean | undefined;
}

/**
 * A new value, or a function that makes it from the present one. An asynchronous function may change it on
 * the server; where it returns nothing, what `optimistic` shows stays until it is fetched. A synchronous one
 * must be pure, like `optimistic`.
 */
export type Change<Data> =
  | Data
  // biome-ignore lint/suspicious/noConfusingVoidType: an async function without a result returns Promise<void>
  | ((current: Data | undefined) => Data | undefined | Promise<Data | undefined | void>);

/** What {@link useCache} returns. `mutate` and `revalidate` stay the same functions while the key does. */
export interface CacheResult<Data, Shown = Data | undefined> {
  /** The newest value, `undefined` before the first. An error does not take it away. */
  readonly data: Shown;
  /** Why the last attempt failed; `undefined` once one succeeds. */
  readonly error: unknown;
  /** There is no value yet, and one is on its way. */
  readonly isLoading: boolean;
  /** A request (or its retry) or a mutation of this key is under way. */
  readonly isValidating: boolean;
  /** `data` is known to be out of date: of the previous key, or invalidated and not fetched since. */
  readonly isStale: boolean;
  /**
   * Changes the value, here and for every component with this key.
   * @returns the value that is shown afterwards; rejects with what `change` throws
   */
  mutate(change: Change<Data>, options?: MutateOptions<Data>): Promise<Data | undefined>;
  /** Sends a new request; an answer to an older one is dropped. Resolves when it is through, and never rejects. */
  revalidate(): Promise<void>;
}

/** Options of {@link createCacheClient}. */
export interface CacheClientOptions {
  /** Values kept at most. Those on the screen or under way are never dropped. @default 1_000 */
  readonly maxEntries?: number | undefined;
  /** Shortest time between two looks at the window that count, in milliseconds. @default 5_000 */
  readonly focusThrottleMs?: number | undefined;
  /** Defaults of every {@link useCache} with this client. @default none */
  readonly defaults?: Omit<CacheOptions, 'suspense'> | undefined;
  /** @default the machine's time */
  readonly clock?: Clock | undefined;
  /** Numbers from 0 up to 1. @default Math.random */
  readonly random?: (() => number) | undefined;
}

/**
 * Which keys: text means that key; a list means every key that begins with these parts; a function decides.
 */
export type KeyFilter = CacheKey | ((key: CacheKey) => boolean);

/** The values of one application or one request, outside of React. */
export interface CacheClient {
  /** The value that is shown for a key, `undefined` where there is none. */
  get<Data = unknown>(key: CacheKey): Data | undefined;
  /** {@link CacheResult.mutate} for any key. One that no component shows is fetched when the next one does. */
  mutate<Data = unknown>(
    key: CacheKey,
    change: Change<Data>,
    options?: MutateOptions<Data>,
  ): Promise<Data | undefined>;
  /**
   * Declares values out of date: those on the screen are fetched at once, the others when they are shown.
   * An answer to a request from before is dropped.
   *
   * @param keys default: all
   * @returns resolves when what is on the screen was fetched; never rejects
   */
  invalidate(keys?: KeyFilter): Promise<void>;
  /** Forgets everything, as at a logout. What is under way is aborted; what is on the screen is fetched anew. */
  clear(): void;
}
