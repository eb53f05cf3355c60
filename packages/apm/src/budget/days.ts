import type { BudgetUnit, BudgetUse } from './budget-types';

const dayMs = 86_400_000;
/** A clock that goes back over midnight, and forth again, finds what was counted. */
const maxDays = 4;

/** What was counted of one unit in one day. */
export interface DayCounts {
  used: number;
  dropped: number;
  /** The last one that was recorded. */
  percentTold: number;
  readonly stepsTold: Set<BudgetUse['state']>;
}

/** One day (UTC). */
export interface DayUse {
  /** `2026-11-26`. */
  readonly name: string;
  readonly counts: Readonly<Record<BudgetUnit, DayCounts>>;
  /** Kinds of errors that were seen. */
  readonly kinds: Set<string>;
}

/** The days that were counted last. */
export class Days {
  readonly #days = new Map<number, DayUse>();
  #today = Number.NaN;

  /** @returns the day of an instant, and whether the one before was another */
  at(wallMs: number): { readonly day: DayUse; readonly isAnother: boolean } {
    const number = Math.floor(wallMs / dayMs);
    const known = this.#days.get(number);
    if (known && number === this.#today) return { day: known, isAnother: false };
    const day = known ?? newDay(number);
    this.#today = number;
    // The day that was left longest ago is forgotten.
    this.#days.delete(number);
    this.#days.set(number, day);
    for (const old of [...this.#days.keys()].slice(0, -maxDays)) this.#days.delete(old);
    return { day, isAnother: true };
  }
}

function newDay(number: number): DayUse {
  const name = new Date(number * dayMs).toISOString().slice(0, 10);
  const counts = { spans: newCounts(), points: newCounts(), errors: newCounts() };
  return { name, counts, kinds: new Set() };
}

function newCounts(): DayCounts {
  return { used: 0, dropped: 0, percentTold: -1, stepsTold: new Set() };
}
