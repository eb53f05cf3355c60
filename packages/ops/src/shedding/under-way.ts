/** What is under way for longer waits for something else than the event loop, in milliseconds. */
const youngMs = 1_000;

/** Requests that were admitted in the same second. */
export interface Cohort {
  size: number;
}

/**
 * Requests under way, and how many of them are young. What takes more than a second or two (a long poll, a download, a
 * request that its caller never releases) takes no place from those that a late event loop limits.
 */
export class UnderWay {
  #total = 0;
  #current: Cohort = { size: 0 };
  #previous: Cohort = { size: 0 };
  #sinceMs = 0;

  get total(): number {
    return this.#total;
  }

  young(nowMs: number): number {
    if (nowMs - this.#sinceMs >= youngMs) this.#beginCohort(nowMs);
    return this.#current.size + this.#previous.size;
  }

  /** @returns what `leave` is given */
  enter(): Cohort {
    this.#total += 1;
    this.#current.size += 1;
    return this.#current;
  }

  leave(cohort: Cohort): void {
    this.#total -= 1;
    cohort.size -= 1;
  }

  #beginCohort(nowMs: number): void {
    const isNext = nowMs - this.#sinceMs < 2 * youngMs;
    this.#previous = isNext ? this.#current : { size: 0 };
    this.#current = { size: 0 };
    this.#sinceMs = nowMs;
  }
}
