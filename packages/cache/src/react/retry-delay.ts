import { maxTimerMs } from '@unite/shared';

/**
 * Wait before the next attempt, in milliseconds: doubles with each failure up to a cap, and half of it is
 * left to chance, so that clients which failed together do not return together ("equal jitter",
 * M. Brooker, Exponential Backoff And Jitter, 2015).
 *
 * @param failures attempts so far, from 1
 */
export function retryDelay(
  failures: number,
  { retryDelayMs, maxRetryDelayMs }: { readonly retryDelayMs: number; readonly maxRetryDelayMs: number },
  random: () => number,
): number {
  const cappedMs = Math.min(maxTimerMs, maxRetryDelayMs, retryDelayMs * 2 ** (failures - 1));
  return (cappedMs * (1 + random())) / 2;
}
