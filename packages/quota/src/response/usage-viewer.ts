/** For the browser: how long it waits before it connects again, in milliseconds (HTML §9.2.5). */
const retryMs = 2_000;

export interface ViewerTimes {
  /** A comment is sent after this much silence, so that nothing on the way takes the connection for dead. */
  readonly heartbeatMs: number;
  /** The stream ends then, and the browser connects again. */
  readonly maxAgeMs: number;
}

/**
 * One who watches. Takes the newest event when its connection can, so that nothing waits in memory for a slow one:
 * what was not sent is replaced by what is newer.
 */
export class UsageViewer {
  readonly #times: ViewerTimes;
  readonly #leave: () => void;
  readonly #beganMs: number;
  #shownMs: number;
  #frame: string | undefined;
  #isFirst = true;
  #wake: (() => void) | undefined;
  readonly #closed = new AbortController();

  constructor(times: ViewerTimes, nowMs: number, leave: () => void) {
    this.#times = times;
    this.#leave = leave;
    this.#beganMs = nowMs;
    this.#shownMs = nowMs;
  }

  /** Aborts when nothing more will come. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /** Something changed. */
  show(event: string, nowMs: number): void {
    this.#frame = event;
    this.#shownMs = nowMs;
    this.#wake?.();
  }

  /** Time has passed. */
  tick(nowMs: number): void {
    const isQuiet = this.#frame === undefined && nowMs - this.#shownMs >= this.#times.heartbeatMs;
    if (isQuiet) this.show(':\n\n', nowMs);
    if (nowMs - this.#beganMs >= this.#times.maxAgeMs) this.close();
  }

  /** Waits for what is to be sent; `undefined` when the stream ends. Asked again when that was sent. */
  async next(): Promise<string | undefined> {
    while (this.#frame === undefined && !this.closed.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.closed.aborted) return undefined;
    const frame = this.#frame;
    this.#frame = undefined;
    if (!this.#isFirst) return frame;
    this.#isFirst = false;
    return `retry: ${retryMs}\n${frame}`;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    let frame = await this.next();
    while (frame !== undefined) {
      yield frame;
      frame = await this.next();
    }
  }

  /** Idempotent. */
  close(): void {
    if (this.closed.aborted) return;
    this.#closed.abort();
    this.#leave();
    this.#wake?.();
  }
}
