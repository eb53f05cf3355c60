/** Waits until `ask` has an answer that is true, and gives it; what it throws on the way counts as no answer. */
export async function eventually<Answer>(
  ask: () => Answer | Promise<Answer>,
  timeoutMs = 60_000,
): Promise<NonNullable<Answer>> {
  const untilMs = performance.now() + timeoutMs;
  let failure: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer) return answer;
      failure = undefined;
    } catch (error) {
      failure = error;
    }
    if (performance.now() >= untilMs)
      throw new Error(`did not happen within ${timeoutMs} ms: ${ask}`, { cause: failure });
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
