import { checkOptions, optionChecks } from '@unite/shared';
import { CacheEntry } from './cache-entry';
import type { AnyMutateOptions, EntryHost, StoreSettings, Subscriber } from './store-types';
import type { CacheKey } from './types';
import { watchPage } from './watch-page';

const mutateChecks = {
  optimistic: () => undefined,
  revalidate: optionChecks.boolean,
  rollbackOnError: optionChecks.boolean,
};

/** All entries of a client. Bounded: of those that nothing refers to, the least recently used go first. */
export class CacheStore implements EntryHost {
  readonly settings: StoreSettings;
  readonly #entries = new Map<string, CacheEntry>();
  /** Least recently used first. */
  readonly #unused = new Set<CacheEntry>();
  #subscribers = 0;
  #stopWatching: (() => void) | undefined;
  #shownAtMs = -Infinity;

  constructor(settings: StoreSettings) {
    this.settings = settings;
  }

  /** The entry of a key, if there is one. */
  peek(hash: string): CacheEntry | undefined {
    return this.#entries.get(hash);
  }

  /** The entry of a key. Whoever asks for it uses it before the present task ends. */
  open(hash: string): CacheEntry {
    const entry = this.#entries.get(hash) ?? new CacheEntry(hash, this);
    this.#entries.set(hash, entry);
    return entry;
  }

  /** The entries whose key passes. */
  select(matches: (key: CacheKey) => boolean): CacheEntry[] {
    return [...this.#entries.values()].filter(({ key }) => matches(key));
  }

  /** Listens to the page while anybody is subscribed to anything. @returns ends the subscription */
  subscribe(hash: string, subscriber: Subscriber): () => void {
    if (this.#subscribers++ === 0) this.#watch();
    const unsubscribe = this.open(hash).subscribe(subscriber);
    return () => {
      unsubscribe();
      if (--this.#subscribers === 0) this.#stopWatching?.();
    };
  }

  async mutate(hash: string, change: unknown, options: AnyMutateOptions = {}): Promise<unknown> {
    checkOptions('mutate', options, mutateChecks);
    const entry = this.open(hash);
    try {
      return await entry.mutate(change, options);
    } finally {
      // It may have failed before it began.
      this.touched(entry);
    }
  }

  touched(entry: CacheEntry): void {
    this.#unused.delete(entry);
    if (!entry.isReferred) {
      if (entry.isEmpty) this.#entries.delete(entry.hash);
      else this.#unused.add(entry);
    }
    this.#trim();
  }

  #trim(): void {
    for (const entry of this.#unused) {
      if (this.#entries.size <= this.settings.maxEntries) return;
      if (entry.isAwaited) continue;
      this.#unused.delete(entry);
      this.#entries.delete(entry.hash);
    }
  }

  #watch(): void {
    this.#stopWatching = watchPage({
      shown: () => {
        for (const entry of this.#entries.values()) entry.schedule();
        const nowMs = this.settings.clock.wallMs();
        if (Math.abs(nowMs - this.#shownAtMs) < this.settings.focusThrottleMs) return;
        this.#shownAtMs = nowMs;
        for (const entry of this.#entries.values()) entry.fetchFor('revalidateOnFocus');
      },
      connected: () => {
        for (const entry of this.#entries.values()) entry.fetchFor('revalidateOnReconnect');
      },
    });
  }
}
