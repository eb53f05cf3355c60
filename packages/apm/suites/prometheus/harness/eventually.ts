import { setTimeout as sleep } from 'node:timers/promises';

/** Asks until there is an answer; fails with what it waited for. */
export async function eventually<Answer>(
  what: string,
  ask: () => Answer | undefined | Promise<Answer | undefined>,
  timeoutMs = 60_000,
): Promise<Answer> {
  const untilMs = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > untilMs) throw new Error(`no ${what} within ${timeoutMs} ms`);
    await sleep(100);
  }
}
