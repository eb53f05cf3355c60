import type { StoreHold, StoreLimit } from '../store-types';
import type { Counter, Reserved } from './counter-types';

/** Places that holds take, and that are free when the hold is settled or expires. */
export class ConcurrencyCounter implements Counter {
  readonly kind = 'concurrency';
  readonly name: string;
  /** Hold → when it expires. */
  readonly #leases = new Map<string, number>();
  #earliestEndUs = Number.POSITIVE_INFINITY;

  constructor(name: string) {
    this.name = name;
  }

  refuses(limit: StoreLimit, _amount: number, nowUs: number, hold: StoreHold | undefined): boolean {
    if (this.valueOf(limit, nowUs) < limit.cap) return false;
    return !hold || !this.#leases.has(hold.id);
  }

  charge(_limit: StoreLimit, _amount: number, nowUs: number, hold: StoreHold | undefined): void {
    if (!hold) return;
    const endUs = nowUs + hold.expiresInMs * 1_000;
    this.#leases.set(hold.id, endUs);
    this.#earliestEndUs = Math.min(this.#earliestEndUs, endUs);
  }

  adjust(): void {}

  settle(_limit: StoreLimit, _used: number, { holdId }: Reserved): number {
    this.#leases.delete(holdId);
    return 0;
  }

  periodOf(): number {
    return 0;
  }

  valueOf(_limit: StoreLimit, nowUs: number): number {
    if (nowUs >= this.#earliestEndUs) this.#dropExpired(nowUs);
    return this.#leases.size;
  }

  #dropExpired(nowUs: number): void {
    this.#earliestEndUs = Number.POSITIVE_INFINITY;
    for (const [holdId, endUs] of this.#leases) {
      if (nowUs >= endUs) this.#leases.delete(holdId);
      else this.#earliestEndUs = Math.min(this.#earliestEndUs, endUs);
    }
  }
}
