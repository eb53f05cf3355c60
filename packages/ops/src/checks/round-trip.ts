/** A question is given up and asked anew after this long, in milliseconds: its connection may be dead without a sign. */
const abandonedAfterMs = 30_000;

/** Nothing was heard in time. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
  readonly waitedMs: number;

  constructor(waitedMs: number) {
    super(`no answer in ${waitedMs} ms`);
    this.waitedMs = waitedMs;
  }
}

/**
 * One question to something that may never answer. As long as it is unanswered, whoever asks waits for that answer and
 * sends nothing, so that questions do not pile up before a server that has stopped.
 */
export class RoundTrip<Answer> {
  readonly #send: () => Promise<Answer>;
  #unanswered: { readonly answer: Promise<Answer>; readonly sentAtMs: number } | undefined;

  constructor(send: () => Promise<Answer>) {
    this.#send = send;
  }

  /**
   * @throws NoAnswerError after `waitMs`
   * @throws what the question failed by, or the signal's reason
   */
  async ask(waitMs: number, signal: AbortSignal): Promise<Answer> {
    signal.throwIfAborted();
    return within(this.#answer(), waitMs, signal);
  }

  #answer(): Promise<Answer> {
    const nowMs = performance.now();
    if (!this.#unanswered || nowMs - this.#unanswered.sentAtMs >= abandonedAfterMs) {
      const answer = Promise.resolve().then(this.#send);
      const asked = { answer, sentAtMs: nowMs };
      this.#unanswered = asked;
      const forget = (): void => {
        if (this.#unanswered === asked) this.#unanswered = undefined;
      };
      answer.then(forget, forget);
    }
    return this.#unanswered.answer;
  }
}

function within<Answer>(answer: Promise<Answer>, waitMs: number, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    // Where this process was busy for as long, the answer may be there and only unread: it is read before the check phase.
    const giveUp = (): void => void setImmediate(finish<unknown>, reject, new NoAnswerError(waitMs));
    const timer = setTimeout(giveUp, waitMs).unref();
    const abort = (): void => finish(reject, signal.reason);
    signal.addEventListener('abort', abort);
    answer.then(
      (value) => finish(resolve, value),
      (error: unknown) => finish(reject, error),
    );

    function finish<Value>(settle: (value: Value) => void, value: Value): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      settle(value);
    }
  });
}
