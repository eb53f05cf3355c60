import { QuotaError } from '../errors';

/** The time for one call, with everything it waits for. */
export class TimeLimit {
  readonly #passed: Promise<never>;
  #timer: NodeJS.Timeout | undefined;

  constructor(timeoutMs: number) {
    this.#passed = new Promise((_, reject) => {
      this.#timer = setTimeout(() => reject(timeIsUp(timeoutMs)), timeoutMs);
    });
    // Nobody may be waiting when it passes.
    this.#passed.catch(() => undefined);
  }

  /** What `work` comes to, in time. */
  race<Result>(work: Promise<Result>): Promise<Result> {
    return Promise.race([work, this.#passed]);
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

/** What a call ends with that took too long. */
export function timeIsUp(timeoutMs: number): QuotaError {
  return new QuotaError('UNITE_QUOTA_UNAVAILABLE', `The ledger did not answer within ${timeoutMs} ms`);
}
