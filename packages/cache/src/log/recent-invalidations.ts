import { LRUCache } from 'lru-cache';

/** Names that are remembered, of those invalidated last. */
const maxNames = 10_000;

/**
 * What this process has read in the log, by which it can judge an entry of the remote layer without asking: one that
 * is not older than what is remembered.
 */
export class RecentInvalidations {
  readonly #positions: LRUCache<string, number>;
  /** Everything invalidated after this position is remembered. */
  #since = Number.POSITIVE_INFINITY;

  constructor() {
    this.#positions = new LRUCache({
      max: maxNames,
      dispose: (position, _, reason) => {
        if (reason === 'evict') this.#since = Math.max(this.#since, position);
      },
    });
  }

  /** The log is read from here on; what was before is not known. */
  beginAt(position: number): void {
    this.#positions.clear();
    this.#since = position;
  }

  note(names: readonly string[], position: number): void {
    for (const name of names) {
      if (name.startsWith('p')) this.#since = Math.max(this.#since, position);
      else this.#positions.set(name, Math.max(position, this.#positions.peek(name) ?? 0));
    }
  }

  /** Whether it is known that none of the names was invalidated after the stamp. */
  areSince(names: readonly string[], stamp: number): boolean {
    return stamp >= this.#since && names.every((name) => (this.#positions.peek(name) ?? 0) <= stamp);
  }
}
