import { maxAmount } from '../max-amount';
import type { StoreLimit } from '../store-types';
import type { Counter } from './counter-types';

/** Longer than any wait, and no infinity: that times 0 is no number. */
const maxDoublings = 60;

/** Failures that close the door for longer each time. */
export class BackoffCounter implements Counter {
  readonly kind = 'backoff';
  readonly name: string;
  #failures = 0;
  #opensAtUs = 0;

  constructor(name: string) {
    this.name = name;
  }

  refuses(_limit: StoreLimit, _amount: number, nowUs: number): boolean {
    return nowUs < this.#opensAtUs;
  }

  charge(limit: StoreLimit, amount: number, nowUs: number): void {
    this.#failures = Math.min(this.#remembered(limit, nowUs) + amount, maxAmount);
    this.#opensAtUs = nowUs + waitUs(limit, this.#failures);
  }

  adjust(limit: StoreLimit, amount: number, nowUs: number): void {
    if (amount > 0) this.charge(limit, amount, nowUs);
    else this.#forgive(limit, amount, nowUs);
  }

  /** Only failures count, and those are charged at once. */
  settle(): number {
    return 0;
  }

  periodOf(): number {
    return 0;
  }

  valueOf(): number {
    return this.#opensAtUs;
  }

  #forgive(limit: StoreLimit, amount: number, nowUs: number): void {
    this.#failures = Math.max(0, this.#remembered(limit, nowUs) + amount);
    this.#opensAtUs = nowUs;
  }

  #remembered(limit: StoreLimit, nowUs: number): number {
    return nowUs >= this.#opensAtUs + limit.second ? 0 : this.#failures;
  }
}

function waitUs({ cap, first, second }: StoreLimit, failures: number): number {
  const beyond = failures - cap;
  return beyond <= 0 ? 0 : Math.min(first * 2 ** Math.min(beyond - 1, maxDoublings), second);
}
