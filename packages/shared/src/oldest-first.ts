interface Link<Key, Value> {
  readonly key: Key;
  readonly value: Value;
  older: Link<Key, Value> | undefined;
  newer: Link<Key, Value> | undefined;
}

/**
 * A map whose oldest entry is at hand. A `Map` goes past everything that was deleted before it to find its first, so that
 * a queue of ten thousand in one costs ten microseconds a step; and an iterator that is kept for it instead holds on to
 * every table that the map has outgrown meanwhile.
 */
export class OldestFirst<Key, Value> {
  readonly #links = new Map<Key, Link<Key, Value>>();
  #oldest: Link<Key, Value> | undefined;
  #newest: Link<Key, Value> | undefined;

  get size(): number {
    return this.#links.size;
  }

  get oldest(): { readonly key: Key; readonly value: Value } | undefined {
    return this.#oldest;
  }

  has(key: Key): boolean {
    return this.#links.has(key);
  }

  get(key: Key): Value | undefined {
    return this.#links.get(key)?.value;
  }

  /** It is the newest then, also where the key was there before. */
  set(key: Key, value: Value): void {
    this.delete(key);
    const link: Link<Key, Value> = { key, value, older: this.#newest, newer: undefined };
    if (this.#newest) this.#newest.newer = link;
    else this.#oldest = link;
    this.#newest = link;
    this.#links.set(key, link);
  }

  delete(key: Key): void {
    const link = this.#links.get(key);
    if (!link) return;
    this.#links.delete(key);
    const { older, newer } = link;
    if (older) older.newer = newer;
    else this.#oldest = newer;
    if (newer) newer.older = older;
    else this.#newest = older;
  }

  /** The oldest first; what is deleted meanwhile is left out. */
  *[Symbol.iterator](): Iterator<{ readonly key: Key; readonly value: Value }> {
    for (let link = this.#oldest; link; link = link.newer) {
      if (this.#links.get(link.key) === link) yield link;
    }
  }
}
