/** Counts by name. Of too many names the one that was counted the longest ago is forgotten, and that is counted, too. */
export class RecentCounts {
  readonly #maxNames: number;
  readonly #counts = new Map<string, number>();
  #forgotten = 0;

  constructor(maxNames: number) {
    this.#maxNames = maxNames;
  }

  add(name: string, amount = 1): void {
    const before = this.#counts.get(name) ?? 0;
    this.#counts.delete(name);
    this.#counts.set(name, before + amount);
    if (this.#counts.size <= this.#maxNames) return;
    const [oldest] = this.#counts.keys();
    this.#counts.delete(oldest as string);
    this.#forgotten += 1;
  }

  get(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  /** Counted last first. */
  names(): readonly string[] {
    return [...this.#counts.keys()].reverse();
  }

  get size(): number {
    return this.#counts.size;
  }

  get forgotten(): number {
    return this.#forgotten;
  }
}
