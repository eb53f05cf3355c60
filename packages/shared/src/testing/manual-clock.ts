/** A `Clock` of `@unite/core` that moves only when a test says so. */
export interface ManualClock {
  wallMs(): number;
  monotonicMs(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Moves the time, waking each sleeper at its own instant, in order. */
  advance(ms: number): Promise<void>;
  /** How many sleeps have neither ended nor been cancelled. */
  sleepers(): number;
}

interface Sleeper {
  readonly untilMs: number;
  readonly wake: () => void;
}

export function manualClock(startMs = 1_000_000): ManualClock {
  let nowMs = startMs;
  const sleeping = new Set<Sleeper>();
  return {
    wallMs: () => nowMs,
    monotonicMs: () => nowMs,
    sleepers: () => sleeping.size,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const cancel = (): void => {
          sleeping.delete(sleeper);
          reject(signal?.reason);
        };
        const wake = (): void => {
          signal?.removeEventListener('abort', cancel);
          resolve();
        };
        const sleeper = { untilMs: nowMs + ms, wake };
        sleeping.add(sleeper);
        signal?.addEventListener('abort', cancel);
      }),
    async advance(ms) {
      const endMs = nowMs + ms;
      await settle();
      for (let next = first(); next && next.untilMs <= endMs; next = first()) {
        sleeping.delete(next);
        nowMs = Math.max(nowMs, next.untilMs);
        next.wake();
        await settle();
      }
      nowMs = endMs;
    },
  };

  function first(): Sleeper | undefined {
    return [...sleeping].sort((one, other) => one.untilMs - other.untilMs)[0];
  }
}

/** Lets everything happen that needs no time. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}
