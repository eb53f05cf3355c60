import { periodAt } from '../period/period-at';
import type { Calendar, Period } from '../period/period-types';
import { counterOf } from '../plan/define-plans';
import { costUnit } from '../plan/name-limit';
import type { NamedLimit } from '../plan/plan-types';
import { maxAmount } from '../store/max-amount';
import type { StoreLimit } from '../store/store-types';

/** Limits with the periods of now: what a store is asked with. */
export interface LimitSet {
  readonly limits: readonly NamedLimit[];
  /** As the store takes them; the same array for as long as the periods last. */
  readonly forStore: readonly StoreLimit[];
  /** The period of each quota. */
  readonly periods: readonly (Period | undefined)[];
  /** How long counters are kept after the last use. */
  readonly keepMs: number;
}

/** Limits for as long as none of their periods ends. */
interface Lasting extends Period {
  readonly set: LimitSet;
}

/** Counters outlive their period by this much, in milliseconds, so that late settlements find them. */
const keepLongerMs = 3_600_000;

/** The limits of one plan in one calendar, over time. */
export class LimitSets {
  readonly #limits: readonly NamedLimit[];
  readonly #calendar: Calendar;
  /** The two that were asked for last: near a boundary, and for late settlements, both are asked for in turn. */
  #latest: Lasting | undefined;
  #before: Lasting | undefined;

  /** Whether what has no price cannot be let through. */
  readonly limitsCost: boolean;

  constructor(limits: readonly NamedLimit[], calendar: Calendar) {
    this.#limits = limits;
    this.limitsCost = limits.some(({ of, limit }) => of === costUnit && limit !== null);
    this.#calendar = calendar;
  }

  /** What was asked for last, whatever the time is by now. */
  get last(): LimitSet | undefined {
    return this.#latest?.set;
  }

  at(nowMs: number): LimitSet {
    if (this.#latest && lastsAt(this.#latest, nowMs)) return this.#latest.set;
    if (this.#before && lastsAt(this.#before, nowMs)) return this.#before.set;
    this.#before = this.#latest;
    this.#latest = this.#make(nowMs);
    return this.#latest.set;
  }

  #make(nowMs: number): Lasting {
    const periods = this.#limits.map((limit) =>
      limit.kind === 'quota' ? periodAt(limit.per, nowMs, this.#calendar) : undefined,
    );
    return {
      startAtMs: Math.max(...periods.map((period) => period?.startAtMs ?? Number.NEGATIVE_INFINITY)),
      endAtMs: Math.min(...periods.map((period) => period?.endAtMs ?? Number.POSITIVE_INFINITY)),
      set: {
        limits: this.#limits,
        forStore: this.#limits.map((limit, index) => storeLimit(limit, periods[index])),
        periods,
        keepMs:
          keepLongerMs + Math.max(0, ...this.#limits.map((limit, index) => lengthMs(limit, periods[index]))),
      },
    };
  }
}

/** Whether an instant is in the period of each quota. */
export function isCurrent({ periods }: Pick<LimitSet, 'periods'>, atMs: number): boolean {
  return periods.every((period) => !period || lastsAt(period, atMs));
}

function lastsAt({ startAtMs, endAtMs }: Period, nowMs: number): boolean {
  return nowMs >= startAtMs && nowMs < endAtMs;
}

function storeLimit(limit: NamedLimit, period: Period | undefined): StoreLimit {
  const counter = counterOf(limit);
  switch (limit.kind) {
    case 'quota': {
      const { startAtMs, endAtMs } = period as Period;
      return {
        kind: 'quota',
        counter,
        cap: quotaCap(limit),
        first: startAtMs * 1_000,
        second: endAtMs * 1_000,
      };
    }
    case 'rate':
      // Without a limit nothing is kept back: a burst that nobody reaches, at no time.
      if (limit.limit === null) return { kind: 'rate', counter, cap: maxAmount, first: 0, second: 0 };
      return {
        kind: 'rate',
        counter,
        cap: limit.limit === 0 ? 0 : limit.burst,
        first: intervalUs(limit),
        second: 0,
      };
    case 'concurrency':
      return { kind: 'concurrency', counter, cap: limit.limit ?? maxAmount, first: 0, second: 0 };
  }
}

/** The most that may be used: the limit, with grace, or anything. */
export function quotaCap(limit: NamedLimit & { kind: 'quota' }): number {
  if (limit.limit === null || limit.overage) return maxAmount;
  return Math.min(maxAmount, graceEnd(limit.limit, limit.grace));
}

/** Where grace ends. */
export function graceEnd(limit: number, grace: number): number {
  return grace === 0 ? limit : limit + Math.floor(limit * grace * rounding);
}

/** What is whole but for rounding is whole: 0.29 × 100 is 28.999999999999996 in binary. */
export const rounding = 1 + 1e-12;

/** Sums of quarters of a microsecond since the epoch are exact in a double, until the year 2041. */
const quarters = 4;
/** Below this, a quarter is more than a per cent of it. */
const roundedFromUs = 25;

/** Microseconds for one, such that as many as the burst fit into it. */
export function intervalUs({ limit, windowMs }: NamedLimit & { kind: 'rate' }): number {
  if (limit === null) return 0;
  const exact = (windowMs * 1_000) / Math.max(1, limit);
  return exact < roundedFromUs ? exact : Math.round(exact * quarters) / quarters;
}

function lengthMs(limit: NamedLimit, period: Period | undefined): number {
  if (period) return period.endAtMs - period.startAtMs;
  if (limit.kind !== 'rate') return 0;
  // Until a burst is whole again, and as long for what was charged beyond it.
  return Math.ceil((2 * limit.burst * intervalUs(limit)) / 1_000);
}
