/** A call has this many stretches of time in which the loop was free, and this many stretches in all. */
const freeStretches = 2;
const maxStretches = 4;

/** Time for an answer, in which a loop that was blocked does not count: the call may not even have been sent then. */
export class CallDeadline {
  readonly #stretchMs: number;
  readonly #giveUp: () => void;
  #timer: NodeJS.Timeout | undefined;
  #dueAtMs = 0;
  #free = 0;
  #all = 0;
  #isMet = false;
  #isOver = false;

  constructor(timeoutMs: number, giveUp: () => void) {
    this.#stretchMs = timeoutMs / freeStretches;
    this.#giveUp = giveUp;
    this.#wait();
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** An answer has come. */
  meet(): void {
    this.#isMet = true;
    clearTimeout(this.#timer);
  }

  #wait(): void {
    this.#dueAtMs = performance.now() + this.#stretchMs;
    // Answers that are waiting come first.
    this.#timer = setTimeout(() => setImmediate(() => this.#isMet || this.#look()), this.#stretchMs);
  }

  #look(): void {
    const lateMs = performance.now() - this.#dueAtMs;
    this.#all += 1;
    if (lateMs < this.#stretchMs / 2) this.#free += 1;
    if (this.#free < freeStretches && this.#all < maxStretches) {
      this.#wait();
      return;
    }
    this.#isOver = true;
    this.#giveUp();
  }
}
