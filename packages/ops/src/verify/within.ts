/** A step took longer than it may. */
export class NoAnswerError extends Error {
  readonly timeoutMs: number;

  constructor(timeoutMs: number) {
    super(`no answer within ${timeoutMs} ms`);
    this.timeoutMs = timeoutMs;
  }
}

/** The run came to its end before the step. */
export class RunEndedError extends Error {
  constructor(reason: unknown) {
    super('the run has ended', { cause: reason });
  }
}

/**
 * What `work` brings, or an error when that takes longer than `timeoutMs`, or the run ends before. Work that takes no
 * note of its signal goes on alone.
 *
 * @throws NoAnswerError, RunEndedError
 */
export async function within<Answer>(
  timeoutMs: number,
  runSignal: AbortSignal,
  work: (signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  const timeUp = new AbortController();
  const timer = setTimeout(() => timeUp.abort(new NoAnswerError(timeoutMs)), timeoutMs);
  const signal = AbortSignal.any([runSignal, timeUp.signal]);
  try {
    if (runSignal.aborted) throw new RunEndedError(runSignal.reason);
    return await Promise.race([work(signal), rejectionOf(signal, runSignal)]);
  } finally {
    clearTimeout(timer);
  }
}

function rejectionOf(signal: AbortSignal, runSignal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const giveUp = (): void =>
      reject(runSignal.aborted ? new RunEndedError(runSignal.reason) : signal.reason);
    signal.addEventListener('abort', giveUp, { once: true });
  });
}
