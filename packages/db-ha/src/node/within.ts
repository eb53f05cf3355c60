import type { Clock } from '@unite/core';

/** What `work` brings, or an error when that takes longer than `timeoutMs`. `work` itself goes on. */
export async function within<Answer>(
  clock: Clock,
  timeoutMs: number,
  work: Promise<Answer>,
): Promise<Answer> {
  const timer = new AbortController();
  try {
    return await Promise.race([work, timeout(clock, timeoutMs, timer.signal)]);
  } finally {
    timer.abort();
  }
}

async function timeout(clock: Clock, timeoutMs: number, signal: AbortSignal): Promise<never> {
  await clock.sleep(timeoutMs, signal);
  // A blocked event loop runs its timers first: answers that already lie in the sockets get their turn.
  await new Promise((resolve) => setImmediate(resolve));
  throw new Error(`no answer within ${timeoutMs} ms`);
}
