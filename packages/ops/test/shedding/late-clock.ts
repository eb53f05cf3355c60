import { type ManualClock, manualClock } from '@unite/shared/testing';

/** The shedder's own timer with `maxDelayMs: 100`, in milliseconds. */
const roundMs = 5;

/** A clock whose event loop can be kept busy. */
export interface LateClock extends ManualClock {
  /** Time passes, and no timer gets its turn. */
  block(ms: number): void;
  /** The loop gets to its timers. */
  endRound(): Promise<void>;
}

export function lateClock(): LateClock {
  const clock = manualClock();
  let blockedMs = 0;
  return {
    ...clock,
    monotonicMs: () => clock.monotonicMs() + blockedMs,
    block: (ms) => {
      blockedMs += ms;
    },
    endRound: () => clock.advance(roundMs),
  };
}
