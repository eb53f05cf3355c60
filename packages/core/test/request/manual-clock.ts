import type { Clock } from '../../src/types';

/** A clock that moves only when a test says so. */
export interface ManualClock extends Clock {
  /** Moves both times and lets the sleepers that are due wake up. */
  advance(ms: number): Promise<void>;
  /** How many sleeps have neither ended nor been cancelled. */
  sleepers(): number;
}

export function manualClock(startMs = 1_000_000): ManualClock {
  let nowMs = startMs;
  const sleeping = new Set<{ untilMs: number; wake: () => void }>();
  return {
    wallMs: () => nowMs,
    monotonicMs: () => nowMs,
    sleepers: () => sleeping.size,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const sleeper = { untilMs: nowMs + ms, wake: resolve };
        sleeping.add(sleeper);
        signal?.addEventListener('abort', () => {
          sleeping.delete(sleeper);
          reject(signal.reason);
        });
      }),
    async advance(ms) {
      nowMs += ms;
      for (const sleeper of sleeping) {
        if (sleeper.untilMs > nowMs) continue;
        sleeping.delete(sleeper);
        sleeper.wake();
      }
      await new Promise(setImmediate);
    },
  };
}
