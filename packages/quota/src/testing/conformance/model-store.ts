import { maxAmount } from '../../store/max-amount';
import type { DecideCall, StoreHold, StoreLimit } from '../../store/store-types';

/** What of a call the model looks at. */
type ModelCall = Pick<DecideCall, 'limits' | 'amounts' | 'hold' | 'event'>;

interface ModelHold {
  readonly expiresAtUs: number;
  /** Counter → what was charged, and in which period. */
  readonly charges: ReadonlyMap<string, { readonly amount: number; readonly periodStartUs: number }>;
  isSettled: boolean;
}

interface Bucket {
  readonly levelUs: number;
  readonly atUs: number;
}

/**
 * What one subject's counters have to be, said as simply as can be and in another way than stores do it: a rate is a
 * bucket that runs dry, places are a list. It is told what time it is.
 */
export class ModelStore {
  readonly #counts = new Map<string, { readonly used: number; readonly periodStartUs: number }>();
  readonly #buckets = new Map<string, Bucket>();
  readonly #places = new Map<string, readonly { readonly holdId: string; readonly untilUs: number }[]>();
  readonly #holds = new Map<string, ModelHold>();
  readonly #events = new Map<string, string>();

  decide({ limits, amounts, hold, event }: ModelCall, nowUs: number): ModelReply {
    const known = event && this.#events.get(event.id);
    if (event && known !== undefined)
      return { outcome: known === event.fingerprint ? 'repeated' : 'reused', refused: undefined };
    const refused = limits.flatMap((limit, index) =>
      this.#fits(limit, amounts[index] as number, nowUs) ? [] : [index],
    );
    if (refused.length > 0) return { outcome: 'decided', refused };
    for (const [index, limit] of limits.entries())
      this.add(this.#inItsPeriod(limit), amounts[index] as number, nowUs, hold);
    if (event) this.#events.set(event.id, event.fingerprint);
    if (hold) this.#holds.set(hold.id, this.#holdOf(limits, amounts, nowUs + hold.expiresInMs * 1_000));
    return { outcome: 'decided', refused };
  }

  settle({ limits, amounts }: ModelCall, holdId: string, nowUs: number): string {
    const hold = this.#holds.get(holdId);
    if (!hold) return 'unknown';
    if (hold.isSettled) return 'repeated';
    hold.isSettled = true;
    const isLate = nowUs >= hold.expiresAtUs;
    for (const [index, limit] of limits.entries()) {
      const charge = hold.charges.get(limit.counter);
      const difference = (amounts[index] as number) - (charge?.amount ?? 0);
      const isKept = difference < 0 && (isLate || limit.kind === 'rate');
      const itsPeriod = { ...limit, first: charge?.periodStartUs ?? 0 };
      if (limit.kind === 'concurrency') this.#leave(limit, holdId);
      else if (!isKept) this.add(limit.kind === 'quota' ? itsPeriod : limit, difference, nowUs);
    }
    return isLate ? 'settled late' : 'settled';
  }

  /** When a hold expires, in microseconds; never, where there is none. */
  expiryOf(holdId: string): number {
    return this.#holds.get(holdId)?.expiresAtUs ?? Number.POSITIVE_INFINITY;
  }

  /** Charges or gives back without asking. Not for places, but with a hold. */
  add(limit: StoreLimit, amount: number, nowUs: number, hold?: StoreHold): void {
    const { kind, counter, cap, first } = limit;
    if (amount === 0) return;
    if (kind === 'quota' && first >= (this.#counts.get(counter)?.periodStartUs ?? 0)) {
      const used = Math.min(maxAmount, Math.max(0, this.#used(limit) + amount));
      this.#counts.set(counter, { used, periodStartUs: first });
    }
    if (kind === 'rate') {
      const levelUs = Math.min(2 * cap * first, Math.max(0, this.#levelUs(limit, nowUs) + amount * first));
      this.#buckets.set(counter, { levelUs, atUs: nowUs });
    }
    if (kind === 'concurrency' && hold) {
      const lease = { holdId: hold.id, untilUs: nowUs + hold.expiresInMs * 1_000 };
      this.#places.set(counter, [...(this.#places.get(counter) ?? []), lease]);
    }
  }

  valueOf(limit: StoreLimit, nowUs: number): number {
    if (limit.kind === 'quota') return this.#used(limit);
    if (limit.kind === 'rate') return nowUs + this.#levelUs(limit, nowUs);
    return (this.#places.get(limit.counter) ?? []).filter(({ untilUs }) => nowUs < untilUs).length;
  }

  /** Takes over an arrival time, where it is not known to the microsecond when a store has charged. */
  arriveAt({ counter }: StoreLimit, tatUs: number, nowUs: number): void {
    this.#buckets.set(counter, { levelUs: Math.max(0, tatUs - nowUs), atUs: nowUs });
  }

  #fits(limit: StoreLimit, amount: number, nowUs: number): boolean {
    if (amount === 0) return true;
    const { kind, cap, first } = limit;
    if (kind === 'quota') return this.#used(limit) + amount <= cap;
    if (kind === 'rate') return this.#levelUs(limit, nowUs) + amount * first <= cap * first;
    return this.valueOf(limit, nowUs) < cap;
  }

  #used({ counter, first }: StoreLimit): number {
    const count = this.#counts.get(counter);
    return count && count.periodStartUs >= first ? count.used : 0;
  }

  /** Where a clock went back, the later period goes on. */
  #inItsPeriod(limit: StoreLimit): StoreLimit {
    const startUs = this.#counts.get(limit.counter)?.periodStartUs ?? 0;
    return limit.kind === 'quota' && startUs > limit.first ? { ...limit, first: startUs } : limit;
  }

  #levelUs({ counter }: StoreLimit, nowUs: number): number {
    const bucket = this.#buckets.get(counter);
    return bucket ? Math.max(0, bucket.levelUs - (nowUs - bucket.atUs)) : 0;
  }

  #leave({ counter }: StoreLimit, holdId: string): void {
    const others = (this.#places.get(counter) ?? []).filter((lease) => lease.holdId !== holdId);
    this.#places.set(counter, others);
  }

  #holdOf(limits: readonly StoreLimit[], amounts: readonly number[], expiresAtUs: number): ModelHold {
    const charges = limits.map(
      (limit, index) =>
        [
          limit.counter,
          { amount: amounts[index] as number, periodStartUs: this.#inItsPeriod(limit).first },
        ] as const,
    );
    return { expiresAtUs, charges: new Map(charges), isSettled: false };
  }
}

/** What a decision has to be. */
export interface ModelReply {
  readonly outcome: 'decided' | 'repeated' | 'reused';
  readonly refused: readonly number[] | undefined;
}
