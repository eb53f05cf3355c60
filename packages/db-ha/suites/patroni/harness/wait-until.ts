import { setTimeout as sleep } from 'node:timers/promises';

/** Options of {@link waitUntil}. */
export interface WaitOptions {
  /** What is waited for, as in "…did not happen: the leader is elected". */
  readonly what: string;
  /** @default 60_000 */
  readonly timeoutMs?: number;
  /** @default 50 */
  readonly everyMs?: number;
  /** Added to the error. */
  readonly explain?: (() => string) | undefined;
}

/**
 * Asks until the answer is neither `undefined` nor `false`. A question that fails counts as unanswered.
 *
 * @throws Error when the time is up, with the last failure as its cause
 */
export async function waitUntil<Answer>(
  ask: () => Promise<Answer | undefined | false> | Answer | undefined | false,
  { what, timeoutMs = 60_000, everyMs = 50, explain }: WaitOptions,
): Promise<Answer> {
  const endsAtMs = performance.now() + timeoutMs;
  let cause: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > endsAtMs)
      throw new Error(`Waited ${timeoutMs} ms in vain: ${what}.\n${explain?.() ?? ''}`, { cause });
    await sleep(everyMs);
  }
}
