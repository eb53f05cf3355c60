import { setTimeout as sleep } from 'node:timers/promises';

const everyMs = 100;

/**
 * Asks until something is so.
 *
 * @param {string} what is waited for, as the error says it
 * @param {() => Promise<unknown> | unknown} isSo
 * @param {{ signal: AbortSignal, timeoutMs?: number }} options
 * @returns {Promise<number>} how long it took, in milliseconds
 * @throws {Error} when it is not so within the time
 */
export async function until(what, isSo, { signal, timeoutMs = 60_000 }) {
  const startedAtMs = performance.now();
  for (;;) {
    if (await isSo()) return Math.round(performance.now() - startedAtMs);
    if (performance.now() - startedAtMs > timeoutMs)
      throw new Error(`${what}: not so within ${timeoutMs / 1_000} s`);
    await sleep(everyMs, undefined, { signal });
  }
}
