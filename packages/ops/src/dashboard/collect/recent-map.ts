/**
 * A map of what came last. It is kept in two halves: when the younger one is full, the older one is forgotten as a whole,
 * which costs nothing for each entry.
 */
export class RecentMap<Value> {
  readonly #halfSize: number;
  #young = new Map<string, Value>();
  #old = new Map<string, Value>();
  #forgotten = 0;

  /** @param maxSize entries at most; half of them are kept at least */
  constructor(maxSize: number) {
    this.#halfSize = Math.max(1, Math.floor(maxSize / 2));
  }

  has(key: string): boolean {
    return this.#young.has(key) || this.#old.has(key);
  }

  get(key: string): Value | undefined {
    return this.#young.has(key) ? this.#young.get(key) : this.#old.get(key);
  }

  set(key: string, value: Value): void {
    this.#old.delete(key);
    this.#young.set(key, value);
    if (this.#young.size < this.#halfSize) return;
    this.#forgotten += this.#old.size;
    this.#old = this.#young;
    this.#young = new Map();
  }

  delete(key: string): void {
    this.#young.delete(key);
    this.#old.delete(key);
  }

  /** About the newest first. */
  keys(): readonly string[] {
    return [...[...this.#young.keys()].reverse(), ...[...this.#old.keys()].reverse()];
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  /** How many made room. */
  get forgotten(): number {
    return this.#forgotten;
  }
}
