import type { Clock } from '@unite/core';

/** A clock that moves only when a test says so. Nothing here sleeps. */
export function manualClock(startMs: number): Clock & { set(ms: number): void } {
  let nowMs = startMs;
  return {
    wallMs: () => nowMs,
    monotonicMs: () => nowMs,
    sleep: () => Promise.reject(new Error('nobody sleeps here')),
    set(ms) {
      nowMs = ms;
    },
  };
}
