import { setTimeout as sleep } from 'node:timers/promises';
import type { CheckResult, HealthCheck } from '../../../src';

/** Over the time that a check says it takes: what it waited for is in its words, and a busy machine is not its fault. */
const patienceMs = 10_000;

/** One run of a check, with a signal that aborts when its time is long up. Rejects where it has not answered by then. */
export async function ask(check: HealthCheck): Promise<CheckResult> {
  const timeIsUp = new AbortController();
  const timer = setTimeout(
    () => timeIsUp.abort(new Error('the time was up')),
    (check.timeoutMs ?? 800) + patienceMs,
  );
  try {
    const result = (await check.run(timeIsUp.signal)) ?? {};
    // The check may have gone on all the same.
    timeIsUp.signal.throwIfAborted();
    return result;
  } finally {
    clearTimeout(timer);
  }
}

/** Asks until the answer is as wanted; returns the last one either way, for the test to look at. */
export async function askUntil(
  check: HealthCheck,
  isWanted: (result: CheckResult) => boolean,
  timeoutMs = 60_000,
): Promise<CheckResult> {
  const untilMs = performance.now() + timeoutMs;
  let result = await ask(check);
  while (!isWanted(result) && performance.now() < untilMs) {
    await sleep(20);
    result = await ask(check);
  }
  return result;
}
