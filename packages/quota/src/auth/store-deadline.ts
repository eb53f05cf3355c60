import type { Clock } from '@unite/core';
import { QuotaError } from '../errors';

/** What a store that never answers may hold in memory. */
const maxPending = 10_000;

/** Ends in time what waits for a store, and lets no more than so much wait. */
export class StoreDeadline {
  readonly #timeoutMs: number | undefined;
  readonly #clock: Clock;
  #pending = 0;

  /** @param timeoutMs `undefined` for a store that answers within the process */
  constructor(timeoutMs: number | undefined, clock: Clock) {
    this.#timeoutMs = timeoutMs;
    this.#clock = clock;
  }

  /**
   * Runs the work. What comes too late is handed to `late`, which may not throw.
   *
   * @throws QuotaError `UNITE_QUOTA_UNAVAILABLE`, unless the store has a QuotaError of its own
   */
  async run<Result>(
    work: () => Promise<Result>,
    late: (result: Result) => unknown = () => {},
  ): Promise<Result> {
    if (this.#pending >= maxPending) throw unavailable(`${maxPending} calls wait for the store already`);
    const stop = new AbortController();
    this.#pending += 1;
    const working = work().finally(() => {
      this.#pending -= 1;
    });
    try {
      return await (this.#timeoutMs === undefined
        ? working
        : Promise.race([working, this.#timeUp(this.#timeoutMs, stop.signal)]));
    } catch (error) {
      // The work may go on. If it was the work that failed, this changes nothing.
      working.then(late, () => undefined);
      if (QuotaError.isInstance(error)) throw error;
      throw unavailable('the store could not be asked', error);
    } finally {
      stop.abort();
    }
  }

  async #timeUp(timeoutMs: number, signal: AbortSignal): Promise<never> {
    await this.#clock.sleep(timeoutMs, signal);
    // A loop that was blocked has answers waiting.
    await new Promise((resolve) => setImmediate(resolve));
    throw unavailable(`the store did not answer within ${timeoutMs} ms`);
  }
}

function unavailable(message: string, cause?: unknown): QuotaError {
  return new QuotaError('UNITE_QUOTA_UNAVAILABLE', message, cause === undefined ? {} : { cause });
}
