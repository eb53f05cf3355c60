import type { Clock } from '@unite/core';
import type { PgResult } from '../driver-types';
import { Interrupted, type Operation } from '../operation';

/** How long a commit that ran out of time may still answer. */
const verdictMs = 250;

/**
 * The answer to a commit, for a moment even after the time is up: knowing is worth it. A commit is never
 * cancelled, since one that stops waiting for its replicas says that it succeeded.
 *
 * @throws Interrupted
 */
export async function patiently(
  sent: Promise<PgResult>,
  operation: Operation,
  clock: Clock,
): Promise<PgResult> {
  try {
    return await operation.race(sent);
  } catch (error) {
    if (!(error instanceof Interrupted) || error.interruption === 'fenced') throw error;
    const timer = new AbortController();
    const timeout = clock.sleep(verdictMs, timer.signal).catch(() => undefined);
    const answer = await Promise.race([sent, timeout]);
    timer.abort();
    if (answer) return answer;
    throw error;
  }
}
