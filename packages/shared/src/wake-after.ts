import { maxTimerMs, systemClock } from './system-clock';

/** The part of a clock that is needed. */
interface Sleeps {
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Why a call does not come. Made once: without a reason an exception would be made for each. */
const calledOff = 'called off';

/**
 * Calls back after a time. By the machine's clock it is a timer: a sleep with a signal to end it costs thirty times as
 * much, and most calls are called off, as those at deadlines are.
 *
 * @returns calls it off
 */
export function wakeAfter(clock: Sleeps, ms: number, callback: () => void): () => void {
  if (clock === systemClock) {
    const timer = setTimeout(callback, Math.min(ms, maxTimerMs));
    return () => clearTimeout(timer);
  }
  const end = new AbortController();
  clock.sleep(ms, end.signal).then(callback, () => undefined);
  return () => end.abort(calledOff);
}
