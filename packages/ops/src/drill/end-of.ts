import type { Clock } from '@unite/core';

/** How the waiting for some work ended. */
export interface End {
  readonly end: 'done' | 'time-out' | 'interrupt';
  /** With `done`: what went wrong, in words. */
  readonly error?: string | undefined;
}

/** Waits for work that never rejects, until the time is up or the signal says so. */
export async function endOf(
  work: Promise<string | undefined>,
  timeoutMs: number,
  clock: Clock,
  signal?: AbortSignal | undefined,
): Promise<End> {
  const waiting = new AbortController();
  const stop = () => waiting.abort();
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  try {
    return await Promise.race([
      work.then((error): End => ({ end: 'done', error })),
      clock.sleep(timeoutMs, waiting.signal).then(
        (): End => ({ end: 'time-out' }),
        (): End => ({ end: 'interrupt' }),
      ),
    ]);
  } finally {
    signal?.removeEventListener('abort', stop);
    stop();
  }
}
