import type { Clock } from '@unite/core';
import { maxTimerMs } from '@unite/shared';

/** Waits for work that never rejects, but not longer than this. */
export async function within(work: Promise<void>, timeoutMs: number, clock: Clock): Promise<void> {
  const timer = new AbortController();
  // The clock's timers may keep no process alive; somebody who waits does.
  const alive = setInterval(() => {}, maxTimerMs);
  await Promise.race([work, clock.sleep(Math.max(0, timeoutMs), timer.signal).catch(() => {})]);
  timer.abort();
  clearInterval(alive);
}
