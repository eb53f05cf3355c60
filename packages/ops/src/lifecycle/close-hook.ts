import type { Clock, Closable } from '@unite/core';
import type { HookReport } from '../types';

/** Of the time that a hook has, what it is told: so that it can end by itself before it is given up. */
const toldShare = 0.9;

/**
 * Closes one thing and waits for it, but not for longer than it has.
 *
 * @param place which one it is, such as `1 of 4`
 * @returns how it went; never rejects
 */
export async function closeHook(
  hook: Closable,
  place: string,
  timeoutMs: number,
  clock: Clock,
): Promise<HookReport> {
  const startedAtMs = clock.monotonicMs();
  const ended = new AbortController();
  const closing = Promise.resolve()
    .then(() => hook.close({ timeoutMs: Math.floor(timeoutMs * toldShare) }))
    .then(
      (report) => ({ outcome: 'closed' as const, ...(report !== undefined && { report }) }),
      (error: unknown) => ({ outcome: 'failed' as const, error }),
    )
    .finally(() => ended.abort());
  const timeout = clock.sleep(timeoutMs, ended.signal).then(
    () => ({ outcome: 'timed-out' as const }),
    () => closing,
  );
  const end = await Promise.race([closing, timeout]);
  const durationMs = Math.round(clock.monotonicMs() - startedAtMs);
  // One that held up the event loop has closed before its timer fires, and has taken the time of others all the same.
  const isLate = end.outcome === 'closed' && durationMs > timeoutMs;
  return { name: `${nameOf(hook)} (${place})`, durationMs, ...end, ...(isLate && { outcome: 'timed-out' }) };
}

function nameOf(hook: Closable): string {
  const name = hook.constructor?.name;
  return name && name !== 'Object' ? name : 'hook';
}
