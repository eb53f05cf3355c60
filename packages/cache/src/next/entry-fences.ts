import type { Lookup } from '../types';

type Put<Value> = Extract<Lookup<Value>, { readonly hit: false }>['put'];

/** More misses than are under way in one process. */
const maxFences = 1000;

/**
 * For each key the last miss, with which what is made after it can be kept. Next.js tells of a miss and of the entry
 * made for it in two calls, which nothing but the time connects.
 */
export class EntryFences<Value> {
  readonly #fences = new Map<string, { readonly put: Put<Value>; readonly atMs: number }>();

  /** Notes a miss of now. */
  note(key: string, put: Put<Value>): void {
    this.#fences.delete(key);
    this.#fences.set(key, { put, atMs: performance.timeOrigin + performance.now() });
    if (this.#fences.size > maxFences) {
      const [oldest] = this.#fences.keys();
      this.#fences.delete(oldest as string);
    }
  }

  /**
   * The fence of an entry, once: that of a miss before it began to be made. After a later one it may be older than an
   * invalidation that the miss knew already.
   *
   * @param madeAtMs in milliseconds since the epoch, by this process's clock
   */
  take(key: string, madeAtMs: number): Put<Value> | undefined {
    const fence = this.#fences.get(key);
    if (!fence || fence.atMs > madeAtMs) return undefined;
    this.#fences.delete(key);
    return fence.put;
  }
}
