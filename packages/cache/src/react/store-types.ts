import type { Clock } from '@unite/core';
import type { CacheEntry } from './cache-entry';
import type { CacheKey, CacheOptions, MutateOptions } from './types';

/** {@link CacheOptions} with every default filled in. */
export type CacheSettings = {
  readonly [Name in keyof CacheOptions]-?: Exclude<CacheOptions[Name], undefined>;
};

/** {@link MutateOptions}, whatever the value. */
export interface AnyMutateOptions extends Omit<MutateOptions<unknown>, 'optimistic'> {
  readonly optimistic?: unknown;
}

/** How a component wants its value. */
export interface CacheRequest {
  readonly key: CacheKey;
  /** A method, so that a fetcher for some keys passes: it is only called with the key it came with. */
  fetcher(key: CacheKey, context: { readonly signal: AbortSignal }): unknown;
  readonly options: CacheSettings;
}

/** What components show of a key. Immutable, and the same object until something of it changes. */
export interface Snapshot {
  /** Whether there is a value, which may be `undefined`. */
  readonly loaded: boolean;
  readonly data: unknown;
  readonly error: unknown;
  readonly isValidating: boolean;
  readonly isStale: boolean;
}

/** A component that shows a key. */
export interface Subscriber {
  /** As of its last commit. */
  readonly request: { readonly current: CacheRequest };
  /** Value to show where there is none: only `loaded` ones count. */
  readonly initial: Snapshot;
  readonly notify: () => void;
}

/** The options of a client, with every default filled in. */
export interface StoreSettings {
  readonly maxEntries: number;
  readonly focusThrottleMs: number;
  readonly defaults: CacheSettings;
  readonly clock: Clock;
  readonly random: () => number;
}

/** What an entry knows of its store. */
export interface EntryHost {
  readonly settings: StoreSettings;
  /** Something about the entry has changed, maybe whether it is in use. */
  touched(entry: CacheEntry): void;
}
