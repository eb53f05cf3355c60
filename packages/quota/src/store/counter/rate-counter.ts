import type { StoreLimit } from '../store-types';
import type { Counter, Reserved } from './counter-types';

/** A double near today's microseconds has quarters of one, so that the sums of a burst may be too large. */
const roundingUs = 0.5;

/** The generic cell rate algorithm in its virtual scheduling form (ITU-T I.371 Annex A). */
export class RateCounter implements Counter {
  readonly kind = 'rate';
  readonly name: string;
  /** Theoretical arrival time: when the burst is whole again. */
  #tatUs = 0;

  constructor(name: string) {
    this.name = name;
  }

  refuses(limit: StoreLimit, amount: number, nowUs: number): boolean {
    if (amount > limit.cap) return true;
    // Written down even with a refusal: moving along with the clock, the bound would never be reached.
    this.#tatUs = Math.min(this.#tatUs, latestTatUs(limit, nowUs));
    const nextUs = Math.max(this.#tatUs, nowUs) + amount * limit.first;
    return nextUs - limit.cap * limit.first > nowUs + roundingUs;
  }

  charge(limit: StoreLimit, amount: number, nowUs: number): void {
    this.#tatUs = Math.max(this.#tatUs, nowUs) + amount * limit.first;
  }

  adjust(limit: StoreLimit, amount: number, nowUs: number): void {
    this.charge(limit, amount, nowUs);
    this.#tatUs = Math.min(this.#tatUs, latestTatUs(limit, nowUs));
  }

  /** Less is not given back: the burst has come back meanwhile. */
  settle(limit: StoreLimit, used: number, { amount }: Reserved, nowUs: number): number {
    const difference = Math.max(0, used - amount);
    if (difference > 0) this.adjust(limit, difference, nowUs);
    return difference;
  }

  periodOf(): number {
    return 0;
  }

  valueOf(limit: StoreLimit, nowUs: number): number {
    return Math.max(nowUs, Math.min(this.#tatUs, latestTatUs(limit, nowUs)));
  }
}

/** Debt of more than one burst comes from another clock or another limit, and would close the door for too long. */
function latestTatUs({ cap, first }: StoreLimit, nowUs: number): number {
  return nowUs + 2 * cap * first;
}
