import { maxTimerMs } from './system-clock';

/** Waits for work, but not longer than this. Never rejects. @returns whether the work ended in time, well or not */
export async function endsWithin(
  work: Promise<unknown>,
  timeoutMs: number,
  clock: { sleep(ms: number, signal?: AbortSignal): Promise<void> },
): Promise<boolean> {
  const timer = new AbortController();
  // The clock's timers keep no process alive; somebody who waits does.
  const alive = setInterval(() => {}, maxTimerMs);
  const ended = work.then(
    () => true,
    () => true,
  );
  const late = clock.sleep(Math.max(0, timeoutMs), timer.signal).then(
    () => false,
    () => false,
  );
  const isInTime = await Promise.race([ended, late]);
  timer.abort();
  clearInterval(alive);
  return isInTime;
}
