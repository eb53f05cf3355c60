import type { Clock } from '@unite/core';

/**
 * The wall clock without its jumps back: it runs with monotonic time, and follows the wall clock forward. So no
 * period opens again, and nothing waits for as long as somebody turned a clock.
 */
export class SteadyClock {
  readonly #clock: Clock;
  /** From monotonic time to the epoch; only grows. */
  #offsetMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whole microseconds since the epoch. */
  nowUs(): number {
    const monotonicMs = this.#clock.monotonicMs();
    const offsetMs = this.#clock.wallMs() - monotonicMs;
    if (offsetMs > this.#offsetMs) this.#offsetMs = offsetMs;
    return Math.round((monotonicMs + this.#offsetMs) * 1_000);
  }
}
