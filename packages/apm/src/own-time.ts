/** One request in this many is measured. */
const every = 64;
const kept = 101;

/** What the package itself takes of a request, on the median of the last that were measured. */
export class OwnTime {
  readonly #micros: number[] = [];
  #calls = 0;
  #next = 0;

  /** Runs `work`, now and then with a look at the time. */
  measure<Result>(work: () => Result): Result {
    this.#calls += 1;
    if (this.#calls % every !== 1) return work();
    const startedAtMs = performance.now();
    try {
      return work();
    } finally {
      this.#micros[this.#next % kept] = (performance.now() - startedAtMs) * 1_000;
      this.#next += 1;
    }
  }

  /** In microseconds; `undefined` before the first one. */
  median(): number | undefined {
    const sorted = this.#micros.toSorted((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)];
  }
}
