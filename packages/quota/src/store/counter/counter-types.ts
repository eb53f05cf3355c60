import type { StoreHold, StoreLimit } from '../store-types';

/** One counter of a subject, with the state of its kind. Times are microseconds. */
export interface Counter {
  readonly kind: StoreLimit['kind'];
  readonly name: string;
  /** Whether an amount above 0 may not be charged. */
  refuses(limit: StoreLimit, amount: number, nowUs: number, hold: StoreHold | undefined): boolean;
  /** Charges an amount above 0 that it did not refuse. */
  charge(limit: StoreLimit, amount: number, nowUs: number, hold: StoreHold | undefined): void;
  /** Charges or gives back, whatever the limit says. */
  adjust(limit: StoreLimit, amount: number, nowUs: number): void;
  /** Makes of what was reserved what was used. Returns what was added; negative what was given back. */
  settle(limit: StoreLimit, used: number, reserved: Reserved, nowUs: number): number;
  /** Start of the period in which it would charge; 0 where there are none. */
  periodOf(limit: StoreLimit): number;
  /** As in `values` of a reply. */
  valueOf(limit: StoreLimit, nowUs: number): number;
}

/** What a hold has of one counter. */
export interface Reserved {
  readonly holdId: string;
  readonly amount: number;
  readonly periodStartUs: number;
  /** The hold has expired: nothing is given back. */
  readonly isLate: boolean;
}
