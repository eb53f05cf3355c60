import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until something holds. */
export async function until(holds: () => Promise<boolean>, what: string, timeoutMs = 60_000): Promise<void> {
  const endMs = performance.now() + timeoutMs;
  while (!(await holds())) {
    if (performance.now() > endMs) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await sleep(20);
  }
}
