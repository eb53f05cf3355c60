import type { Clock } from '@unite/core';

/** The store's time as this process guesses it: corrected each time the store says that a period was the wrong one. */
export class StoreClock {
  readonly #clock: Clock;
  #aheadMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  nowMs(): number {
    return this.#clock.wallMs() + this.#aheadMs;
  }

  correct(nowUs: number): void {
    this.#aheadMs = nowUs / 1_000 - this.#clock.wallMs();
  }
}
