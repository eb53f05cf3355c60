import type { Clock } from '@unite/core';

/** Holds a sweep to so many written rows in a second. */
export class Pace {
  readonly #rowsPerSecond: number;
  readonly #clock: Clock;
  readonly #signal: AbortSignal | undefined;
  #freeAtMs: number;

  constructor(rowsPerSecond: number, clock: Clock, signal: AbortSignal | undefined) {
    this.#rowsPerSecond = rowsPerSecond;
    this.#clock = clock;
    this.#signal = signal;
    this.#freeAtMs = clock.monotonicMs();
  }

  /** Waits until the next rows may be written. */
  async after(rows: number): Promise<void> {
    const nowMs = this.#clock.monotonicMs();
    this.#freeAtMs = Math.max(nowMs, this.#freeAtMs + (rows * 1_000) / this.#rowsPerSecond);
    await this.wait(this.#freeAtMs - nowMs);
  }

  /** Ends early, and well, when the sweep is stopped. */
  async wait(ms: number): Promise<void> {
    if (ms <= 0) return;
    await this.#clock.sleep(ms, this.#signal).catch((error: unknown) => {
      if (!this.#signal?.aborted) throw error;
    });
  }
}
