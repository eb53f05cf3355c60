import { CacheError } from '../errors';
import { isSince, type LogView } from '../log/log-view';
import type { Name } from '../log/names';
import type { CodecEntry } from '../remote-types';

/** What came of a read that memory could not serve. */
export interface Filled<Value> {
  readonly value: Value;
  readonly layer: 'remote' | 'load';
  /** By the wall clock, in milliseconds. */
  readonly loadedAtMs: number;
  /** Monotonic; the value is known to have been current then. */
  readonly confirmedAtMs: number;
  readonly isStale: boolean;
  /** Tags that the entry has beside those of the parameters. */
  readonly extraTags?: readonly string[];
}

/** One read of a key under way, which others join. */
export class Flight<Value> {
  readonly key: string;
  /** Whose key it is, where it is one tenant's. */
  readonly tenantId: string | undefined;
  readonly tags: readonly string[];
  /** Held until it ends. */
  readonly names: readonly Name[];
  readonly generation: number;
  readonly startedAtMs: number;
  readonly controller = new AbortController();
  promise!: Promise<Filled<Value>>;
  /** What was invalidated up to here was so before it began. */
  baseline: number;
  #waiting = 0;

  constructor(
    { key, tenantId }: CodecEntry,
    tags: readonly string[],
    names: readonly Name[],
    view: LogView,
    startedAtMs: number,
  ) {
    this.key = key;
    this.tenantId = tenantId;
    this.tags = tags;
    this.names = names;
    this.generation = view.generation;
    this.baseline = view.position;
    this.startedAtMs = startedAtMs;
  }

  /** Whether its result is as good for a read that begins now as for the one that began it. */
  isJoinable(view: LogView, nowMs: number): boolean {
    return (
      !this.controller.signal.aborted &&
      this.generation === view.generation &&
      isSince(this.names, this.baseline) &&
      view.isTrusted(this.startedAtMs, nowMs)
    );
  }

  /** Whether a value with this stamp may be kept now. */
  mayKeep(view: LogView, stamp: number): boolean {
    return this.generation === view.generation && isSince(this.names, stamp);
  }

  /** Waits through `wait`; when nobody waits any more the load is aborted. */
  async join<Result>(wait: (promise: Promise<Filled<Value>>) => Promise<Result>): Promise<Result> {
    this.#waiting += 1;
    let isServed = false;
    try {
      const result = await wait(this.promise);
      isServed = true;
      return result;
    } finally {
      this.#waiting -= 1;
      // What has been served needs no end: its error, with a stack, would cost more than a hit in memory.
      if (this.#waiting === 0 && !isServed)
        this.controller.abort(new CacheError('UNITE_CACHE_ABORTED', 'nobody waits any more'));
    }
  }
}
