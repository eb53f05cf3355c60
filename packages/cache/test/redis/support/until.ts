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

/**
 * Reads until the value is new.
 *
 * @returns how late the last read that still gave an old one began, in milliseconds from now: how long a read itself takes
 *   is the machine's affair
 */
export async function lastOldMs(read: () => Promise<unknown>, newValue: unknown): Promise<number> {
  const startMs = performance.now();
  let lastMs = 0;
  await until(async () => {
    const beganMs = performance.now() - startMs;
    if ((await read()) === newValue) return true;
    lastMs = beganMs;
    return false;
  }, `the value is ${newValue}`);
  return lastMs;
}
