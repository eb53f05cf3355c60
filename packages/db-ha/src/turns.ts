/**
 * One thing after the other, in the order of asking. What is asked on one connection is handed to the driver
 * only when its turn comes: the driver would queue it, and then neither whether it was sent nor in which
 * state of the transaction could be told.
 */
export class Turns {
  #last: Promise<void> | undefined;

  get isIdle(): boolean {
    return this.#last === undefined;
  }

  /** Runs `work` at once where nothing runs, else when everything before it has ended, well or not. */
  take<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#last ? this.#last.then(work) : work();
    const end = () => {
      if (this.#last === ended) this.#last = undefined;
    };
    const ended = turn.then(end, end);
    this.#last = ended;
    return turn;
  }
}
