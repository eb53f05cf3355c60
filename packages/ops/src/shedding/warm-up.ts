/** What a millisecond of delay counts for at the first request. */
const leastWeight = 0.2;

/**
 * A process that has just started reads and compiles its code as the first requests come, so it is late without being
 * overloaded: a new release would refuse its first clients. Lateness counts for a fifth at the first request, and for
 * more and more until it counts in full.
 */
export class WarmUp {
  readonly #durationMs: number;
  #sinceMs: number | undefined;

  constructor(durationMs: number) {
    this.#durationMs = durationMs;
  }

  /** What a millisecond of delay counts for now, up to 1. The first call begins the time. */
  weight(nowMs: number): number {
    this.#sinceMs ??= nowMs;
    const elapsedMs = nowMs - this.#sinceMs;
    if (elapsedMs >= this.#durationMs) return 1;
    return leastWeight + (1 - leastWeight) * (elapsedMs / this.#durationMs);
  }
}
