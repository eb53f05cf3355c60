import type { Clock } from '@unite/core';

/** A clock that moves only when a test says so. */
export interface ManualClock extends Clock {
  /** Moves the time, waking each sleeper at its own instant, in order. */
  advance(ms: number): Promise<void>;
  /** Sets the wall clock, as a person does. */
  set(wallMs: number): void;
  /** The waits that have neither ended nor been cancelled, in milliseconds from now. */
  sleeping(): number[];
}

interface Sleeper {
  readonly untilMs: number;
  readonly wake: () => void;
}

export function manualClock(startMs = 1_000_000): ManualClock {
  let nowMs = 0;
  let wallOffsetMs = startMs;
  const sleepers = new Set<Sleeper>();
  return {
    wallMs: () => wallOffsetMs + nowMs,
    monotonicMs: () => nowMs,
    set(wallMs) {
      wallOffsetMs = wallMs - nowMs;
    },
    sleeping: () => [...sleepers].map(({ untilMs }) => untilMs - nowMs),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const sleeper = { untilMs: nowMs + ms, wake: resolve };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper);
          reject(signal.reason);
        });
      }),
    async advance(ms) {
      const endMs = nowMs + ms;
      await settle();
      for (let next = first(); next && next.untilMs <= endMs; next = first()) {
        sleepers.delete(next);
        nowMs = Math.max(nowMs, next.untilMs);
        next.wake();
        await settle();
      }
      nowMs = endMs;
    },
  };

  function first(): Sleeper | undefined {
    return [...sleepers].sort((one, other) => one.untilMs - other.untilMs)[0];
  }
}

/** Lets everything happen that needs no time. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}
