import type { StoreLimit } from '../../store/store-types';

/** In microseconds. */
export const hourUs = 3_600_000_000;

/** In microseconds since the epoch. */
export interface Period {
  readonly first: number;
  readonly second: number;
}

export function quotaOf(counter: string, cap: number, { first, second }: Period): StoreLimit {
  return { kind: 'quota', counter, cap, first, second };
}

export function rateOf(counter: string, burst: number, intervalUs: number): StoreLimit {
  return { kind: 'rate', counter, cap: burst, first: intervalUs, second: 0 };
}

export function placesOf(counter: string, places: number): StoreLimit {
  return { kind: 'concurrency', counter, cap: places, first: 0, second: 0 };
}

export function backoffOf(counter: string, free: number, firstUs: number, longestUs: number): StoreLimit {
  return { kind: 'backoff', counter, cap: free, first: firstUs, second: longestUs };
}
