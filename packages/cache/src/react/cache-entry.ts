import { type Flight, startFlight } from './flight';
import { type Mutation, MutationLog } from './mutation-log';
import { refreshTimer } from './refresh-timer';
import type { AnyMutateOptions, CacheRequest, EntryHost, Snapshot, Subscriber } from './store-types';
import type { CacheKey } from './types';

/** Of a key about which nothing is known: whoever shows it will fetch it. */
export const unknownSnapshot: Snapshot = {
  loaded: false,
  data: undefined,
  error: undefined,
  isValidating: true,
  isStale: false,
};

/** How long a component that suspended may take to mount before its value or error counts as unused. */
const mountGraceMs = 1_000;

/**
 * One key: its value, the one request under way, and who shows it.
 *
 * Every request that began before a mutation, an invalidation or another request is aborted by it, and an
 * aborted flight reports nothing. So whatever lands is newer than what it replaces.
 */
export class CacheEntry {
  snapshot = unknownSnapshot;
  readonly hash: string;
  readonly key: CacheKey;
  readonly #host: EntryHost;
  readonly #log = new MutationLog();
  readonly #subscribers = new Set<Subscriber>();
  readonly #setTimer: ReturnType<typeof refreshTimer>;
  #flight: Flight | undefined;
  #pendingMutations = 0;
  #failure: { readonly error: unknown } | undefined;
  /** When the value came from the server or from a mutation. */
  #loadedAtMs = -Infinity;
  #settledAtMs = -Infinity;
  #stale = false;
  #suspended = false;

  constructor(hash: string, host: EntryHost) {
    this.hash = hash;
    this.key = JSON.parse(hash);
    this.#host = host;
    this.#setTimer = refreshTimer(host.settings.clock, () => this.fetch());
  }

  /** Whether something refers to it, or will tell it something: such an entry is never dropped. */
  get isReferred(): boolean {
    return this.#subscribers.size > 0 || this.#flight !== undefined || this.#pendingMutations > 0;
  }

  /** Whether a component that suspended is about to mount. */
  get isAwaited(): boolean {
    return this.#suspended && this.#nowMs() - this.#settledAtMs < mountGraceMs;
  }

  get isEmpty(): boolean {
    return !this.#log.shown && !this.#failure;
  }

  subscribe(subscriber: Subscriber): () => void {
    this.#subscribers.add(subscriber);
    this.#suspended = false;
    // Of unknown age, so the component fetches a newer one.
    if (subscriber.initial.loaded && !this.#log.shown) this.#log.rebase(subscriber.initial.data);
    this.schedule();
    this.#publish();
    return () => {
      this.#subscribers.delete(subscriber);
      this.schedule();
      // An effect that runs again (another key, StrictMode) or a page that follows takes over in this task.
      queueMicrotask(() => {
        if (this.#subscribers.size === 0) this.#abandonFlight();
        this.#publish();
      });
    };
  }

  /** For a component that has just mounted. */
  mount(request: CacheRequest): void {
    if (this.#isDue(request)) this.fetch(request);
  }

  /** Fetches, or joins the request under way. @param request default: that of a component which shows the key */
  fetch(request = this.#anyRequest()): Promise<void> {
    this.#flight?.wake();
    if (!this.#flight && request) {
      const flight = startFlight(request, this.#host.settings, {
        landed: (data) => {
          this.#log.rebase(data);
          this.#loaded();
          this.#settle();
          this.#publish();
        },
        failed: (error, final) => {
          this.#failure = { error };
          if (final) this.#settle();
          this.#publish();
        },
      });
      this.#flight = flight;
      this.schedule();
      this.#publish();
    }
    return this.#untilSettled();
  }

  /**
   * For a component that cannot render without a value. Starts nothing while it renders: other components
   * would be told of it.
   *
   * @throws a promise, or the error that was the answer to an earlier one
   */
  suspend(request: CacheRequest): never {
    if (this.#failure && !this.#flight && this.isAwaited) throw this.#failure.error;
    this.#suspended = true;
    throw this.#untilLoaded(request);
  }

  /** Begins a mutation at once. @returns what is shown once it is through; rejects with what `change` throws */
  async mutate(change: unknown, options: AnyMutateOptions): Promise<unknown> {
    const { optimistic, revalidate = true, rollbackOnError = true } = options;
    const current = this.#log.shown?.data;
    const mutation = this.#log.begin(asUpdate(optimistic));
    this.#pendingMutations += 1;
    this.#abandonFlight();
    this.#publish();
    try {
      const result = typeof change === 'function' ? change(current) : change;
      // No await for what is there already: it is shown before this call returns.
      if (isPromise(result)) this.#commit(mutation, await result, undefined);
      else this.#commit(mutation, result, change);
    } catch (error) {
      this.#abandonFlight();
      if (rollbackOnError) this.#log.remove(mutation);
      else this.#log.keep(mutation, mutation.update);
      throw error;
    } finally {
      this.#pendingMutations -= 1;
      if (revalidate || this.#stale) this.invalidate();
      else this.#publish();
    }
    return this.#log.shown?.data;
  }

  /** Declares the value out of date, and fetches another one where somebody shows it. */
  invalidate(): Promise<void> {
    this.#abandonFlight();
    this.#stale = true;
    this.#suspended = false;
    this.#publish();
    return this.fetch();
  }

  /** Forgets everything, and fetches anew where somebody shows it. */
  clear(): void {
    this.#log.clear();
    this.#failure = undefined;
    this.invalidate();
  }

  /** The page is looked at again, or connected again: fetches for those components which want that. */
  fetchFor(wish: 'revalidateOnFocus' | 'revalidateOnReconnect'): void {
    for (const { request } of this.#subscribers) {
      if (request.current.options[wish] && this.#isDue(request.current)) this.fetch(request.current);
    }
  }

  /** Sets the interval anew; goes on with one that a hidden page has paused. */
  schedule(): void {
    const wishes = this.#flight ? [] : [...this.#subscribers].map(({ request }) => request.current.options);
    this.#setTimer(wishes, this.#settledAtMs);
  }

  /** A clock that was set back makes a value old. */
  #isDue({ options }: CacheRequest): boolean {
    const ageMs = this.#nowMs() - this.#loadedAtMs;
    return this.#stale || this.#failure !== undefined || ageMs < 0 || ageMs >= options.staleMs;
  }

  #nowMs(): number {
    return this.#host.settings.clock.wallMs();
  }

  #anyRequest(): CacheRequest | undefined {
    const [subscriber] = this.#subscribers;
    return subscriber?.request.current;
  }

  async #untilSettled(): Promise<void> {
    while (this.#flight) await this.#flight.done;
  }

  /** Does not wake a flight that waits for its next attempt: a screen may render often. */
  async #untilLoaded(request: CacheRequest): Promise<void> {
    await undefined;
    if (!this.#flight && !this.#log.shown) this.fetch(request);
    await this.#untilSettled();
  }

  #commit(mutation: Mutation, result: unknown, change: unknown): void {
    // What was sent meanwhile may have been answered before the change.
    this.#abandonFlight();
    if (result === undefined) this.#log.keep(mutation, mutation.update);
    else if (typeof change === 'function') this.#log.keep(mutation, asUpdate(change));
    else if (this.#log.replace(mutation, result)) this.#loaded();
    // A mutation that began later was through before. Only the server knows what they come to.
    else this.#stale = true;
  }

  #settle(): void {
    this.#flight = undefined;
    this.#settledAtMs = this.#nowMs();
    this.schedule();
  }

  #loaded(): void {
    this.#loadedAtMs = this.#nowMs();
    this.#failure = undefined;
    this.#stale = false;
  }

  /** What it would have brought is missing, so somebody has to fetch it. */
  #abandonFlight(): void {
    if (!this.#flight) return;
    this.#flight.abort();
    this.#stale = true;
    this.#settle();
  }

  #publish(): void {
    const { shown } = this.#log;
    const next: Snapshot = {
      loaded: shown !== undefined,
      data: shown?.data,
      error: this.#failure?.error,
      isValidating: this.#flight !== undefined || this.#pendingMutations > 0 || this.isEmpty,
      isStale: this.#stale && shown !== undefined,
    };
    if (!isSame(this.snapshot, next)) {
      this.snapshot = next;
      for (const { notify } of this.#subscribers) notify();
    }
    this.#host.touched(this);
  }
}

function isSame(one: Snapshot, other: Snapshot): boolean {
  return (Object.keys(one) as (keyof Snapshot)[]).every((name) => Object.is(one[name], other[name]));
}

function asUpdate(value: unknown): Mutation['update'] {
  if (value === undefined) return undefined;
  return typeof value === 'function' ? (current) => value(current) : () => value;
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | undefined)?.then === 'function';
}
