import { setTimeout as sleep } from 'node:timers/promises';

/** A point in time that several waits share, so that together they stay within one bound. */
export class Deadline {
  readonly #endsAtMs: number;
  readonly signal: AbortSignal | undefined;

  constructor(timeoutMs: number, signal?: AbortSignal) {
    this.#endsAtMs = performance.now() + timeoutMs;
    this.signal = signal;
  }

  get remainingMs(): number {
    return Math.max(0, Math.ceil(this.#endsAtMs - performance.now()));
  }

  /**
   * Asks until the answer is neither `undefined` nor `false`.
   *
   * @returns the answer, or `undefined` when the time was up first
   * @throws the signal's reason
   */
  async poll<Answer>(ask: () => Answer | Promise<Answer>, everyMs = 15): Promise<Answer | undefined> {
    for (;;) {
      this.signal?.throwIfAborted();
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      if (this.remainingMs === 0) return undefined;
      await sleep(everyMs);
    }
  }
}
