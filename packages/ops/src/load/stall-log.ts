import type { Stall } from './load-types';

const leastMs = 250;
const mostKept = 10;

/** Finds the times in which something was asked and nothing answered. A request that failed is no answer. */
export class StallLog {
  readonly #startAtMs: number;
  readonly #endAtMs: number;
  readonly #countWaiting: (atMs: number) => number;
  #quietSinceMs: number | undefined;
  #stalls: Stall[] = [];

  /** @param countWaiting how many requests are due or under way; only asked at the end of a stall */
  constructor(startAtMs: number, endAtMs: number, countWaiting: (atMs: number) => number) {
    this.#startAtMs = startAtMs;
    this.#endAtMs = endAtMs;
    this.#countWaiting = countWaiting;
  }

  /** In the order of their beginning. */
  get stalls(): readonly Stall[] {
    return this.#stalls.toSorted((one, other) => one.atMs - other.atMs);
  }

  sent(nowMs: number): void {
    this.#quietSinceMs ??= nowMs;
  }

  /** @param isIdle whether it was the last one under way */
  answered(nowMs: number, isIdle: boolean): void {
    this.close(nowMs);
    this.#quietSinceMs = isIdle ? undefined : nowMs;
  }

  /** Ends the stall that there may be. */
  close(nowMs: number): void {
    const beganAtMs = Math.max(this.#quietSinceMs ?? nowMs, this.#startAtMs);
    this.#quietSinceMs = undefined;
    const durationMs = nowMs - beganAtMs;
    // After the end there is less and less to answer.
    if (durationMs < leastMs || beganAtMs >= this.#endAtMs) return;
    const stall = { atMs: beganAtMs - this.#startAtMs, durationMs, waiting: this.#countWaiting(nowMs) };
    this.#stalls = [...this.#stalls, stall]
      .sort((one, other) => other.durationMs - one.durationMs)
      .slice(0, mostKept);
  }
}
