import type { SloCounts } from './slo-types';

/** Six hours. */
const slots = 360;

/** Good and bad requests of the last six hours, by the minute. Its size is fixed. */
export class MinuteCounts {
  readonly #minutes = new Float64Array(slots).fill(-1);
  readonly #good = new Float64Array(slots);
  readonly #total = new Float64Array(slots);

  add(minute: number, isGood: boolean): void {
    const slot = minute % slots;
    if (this.#minutes[slot] !== minute) {
      this.#minutes[slot] = minute;
      this.#good[slot] = 0;
      this.#total[slot] = 0;
    }
    this.#total[slot] = (this.#total[slot] ?? 0) + 1;
    if (isGood) this.#good[slot] = (this.#good[slot] ?? 0) + 1;
  }

  /** Counts of the last `minutes`, the running one included. */
  last(minutes: number, now: number): SloCounts {
    let good = 0;
    let total = 0;
    this.#minutes.forEach((minute, slot) => {
      if (minute > now || minute <= now - minutes || minute < 0) return;
      good += this.#good[slot] ?? 0;
      total += this.#total[slot] ?? 0;
    });
    return { good, total };
  }
}
