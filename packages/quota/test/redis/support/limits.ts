import { randomUUID } from 'node:crypto';
import type { StoreLimit } from '../../../src/store/store-types';

const dayUs = 86_400_000_000;

/** The day that the server is in; tests do not run at midnight. */
export function day(nowMs = Date.now()): { readonly first: number; readonly second: number } {
  const first = Math.floor((nowMs * 1_000) / dayUs) * dayUs;
  return { first, second: first + dayUs };
}

export function quota(counter: string, cap = 1_000, period = day()): StoreLimit {
  return { kind: 'quota', counter, cap, ...period };
}

/** @param intervalUs for one */
export function rate(counter: string, cap = 10, intervalUs = 1_000_000): StoreLimit {
  return { kind: 'rate', counter, cap, first: intervalUs, second: 0 };
}

export function concurrency(counter: string, cap = 2): StoreLimit {
  return { kind: 'concurrency', counter, cap, first: 0, second: 0 };
}

export function backoff(counter: string, cap = 2, first = 1_000_000, second = 8_000_000): StoreLimit {
  return { kind: 'backoff', counter, cap, first, second };
}

/** What most calls have. */
export const plain = { isLedgered: false, keepMs: 60_000 } as const;

export function newSubject(): string {
  return `tenant:${randomUUID()}`;
}
