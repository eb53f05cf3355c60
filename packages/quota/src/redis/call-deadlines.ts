/** How often is looked for calls whose time is up: so many times in the time of one. */
const looks = 8;

/** The deadline of one call. */
export interface CallDeadline {
  readonly giveUp: () => void;
  readonly freeEndMs: number;
  readonly endMs: number;
  isOver: boolean;
  older: CallDeadline | undefined;
  newer: CallDeadline | undefined;
}

/**
 * Time for answers, in which a loop that was blocked does not count: a call may not even have been sent then.
 *
 * One timer looks for all calls, for as long as there are any: one for each takes longer than all that is done here for
 * a call. It does not keep the process: the connection does.
 */
export class CallDeadlines {
  readonly #timeoutMs: number;
  readonly #lookMs: number;
  #oldest: CallDeadline | undefined;
  #newest: CallDeadline | undefined;
  #isWaiting = false;
  #beganMs = 0;
  /** Time that was waited while the loop was free, and in all. */
  #freeMs = 0;
  #allMs = 0;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    this.#lookMs = timeoutMs / looks;
  }

  /** @param giveUp is called when the time is up */
  begin(giveUp: () => void): CallDeadline {
    const deadline = {
      giveUp,
      // More or less one look, which is under way already.
      freeEndMs: this.#freeMs + this.#timeoutMs,
      endMs: this.#allMs + 2 * this.#timeoutMs,
      isOver: false,
      older: this.#newest,
      newer: undefined,
    };
    if (this.#newest) this.#newest.newer = deadline;
    else this.#oldest = deadline;
    this.#newest = deadline;
    if (!this.#isWaiting) this.#wait();
    return deadline;
  }

  /** An answer has come: a deadline is met once, and not when it was over. */
  meet(deadline: CallDeadline): void {
    const { older, newer } = deadline;
    if (older) older.newer = newer;
    else this.#oldest = newer;
    if (newer) newer.older = older;
    else this.#newest = older;
  }

  #wait(): void {
    this.#isWaiting = true;
    this.#beganMs = performance.now();
    // Answers that are waiting come first.
    setTimeout(() => setImmediate(() => this.#look()), this.#lookMs).unref();
  }

  #look(): void {
    this.#isWaiting = false;
    const waitedMs = performance.now() - this.#beganMs;
    if (waitedMs - this.#lookMs < this.#timeoutMs / 4) this.#freeMs += waitedMs;
    this.#allMs += Math.min(waitedMs, this.#timeoutMs / 2);
    // All have the same time: the oldest are over first.
    for (let at = this.#oldest; at && this.#isOver(at); at = this.#oldest) {
      this.meet(at);
      at.isOver = true;
      at.giveUp();
    }
    if (this.#oldest && !this.#isWaiting) this.#wait();
  }

  #isOver({ freeEndMs, endMs }: CallDeadline): boolean {
    return this.#freeMs >= freeEndMs || this.#allMs >= endMs;
  }
}
