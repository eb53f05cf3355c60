import { setTimeout as sleep } from 'node:timers/promises';

/** Asks until the answer is yes. */
export async function until(
  ask: () => boolean | Promise<boolean>,
  what: string,
  withinMs = 60_000,
): Promise<void> {
  const endMs = performance.now() + withinMs;
  while (!(await ask())) {
    if (performance.now() > endMs) throw new Error(`${what}: not within ${withinMs} ms`);
    await sleep(5);
  }
}
