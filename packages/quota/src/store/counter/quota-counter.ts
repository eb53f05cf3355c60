import { maxAmount } from '../max-amount';
import type { StoreLimit } from '../store-types';
import type { Counter, Reserved } from './counter-types';

/** A count within a period. A new period begins with the first charge in it, so that no job has to reset anything. */
export class QuotaCounter implements Counter {
  readonly kind = 'quota';
  readonly name: string;
  #used = 0;
  #periodStartUs = 0;

  constructor(name: string) {
    this.name = name;
  }

  refuses(limit: StoreLimit, amount: number): boolean {
    return this.valueOf(limit) + amount > Math.min(limit.cap, maxAmount);
  }

  charge(limit: StoreLimit, amount: number): void {
    this.#set(this.periodOf(limit), this.valueOf(limit) + amount);
  }

  /** An older period is over: what belongs to it would be counted in the wrong one. */
  adjust(limit: StoreLimit, amount: number): void {
    if (limit.first >= this.#periodStartUs) this.#add(limit.first, amount);
  }

  settle(_limit: StoreLimit, used: number, { amount, periodStartUs, isLate }: Reserved): number {
    const difference = used - amount;
    if (difference === 0 || (difference < 0 && isLate)) return 0;
    return periodStartUs < this.#periodStartUs ? 0 : this.#add(periodStartUs, difference);
  }

  /** Where a clock went back, what was counted in the later period is not forgotten. */
  periodOf(limit: StoreLimit): number {
    return Math.max(limit.first, this.#periodStartUs);
  }

  valueOf(limit: StoreLimit): number {
    return this.#periodStartUs < limit.first ? 0 : this.#used;
  }

  /** Takes the count of a ledger. */
  install(limit: StoreLimit, used: number): void {
    this.#set(limit.first, used);
  }

  #add(periodStartUs: number, amount: number): number {
    const before = this.#periodStartUs < periodStartUs ? 0 : this.#used;
    const after = Math.max(0, Math.min(before + amount, maxAmount));
    this.#set(periodStartUs, after);
    return after - before;
  }

  #set(periodStartUs: number, used: number): void {
    this.#periodStartUs = periodStartUs;
    this.#used = used;
  }
}
