import { QuotaError } from '../errors';
import type { QuotaStore, StoreLimit } from '../store/store-types';
import type { Backoff } from './auth-types';

/** Failures of accounts, or of addresses, in a store. */
export class FailureCounter {
  readonly #store: QuotaStore;
  readonly #prefix: string;
  readonly #limits: readonly StoreLimit[];
  readonly #keepMs: number;

  constructor(store: QuotaStore, prefix: string, options: Backoff) {
    const { freeAttempts, firstWaitMs, maxWaitMs } = options;
    this.#store = store;
    this.#prefix = prefix;
    this.#limits = [
      {
        kind: 'backoff',
        counter: 'failures',
        cap: freeAttempts,
        first: firstWaitMs * 1_000,
        second: maxWaitMs * 1_000,
      },
    ];
    // The door may be closed for the longest wait, and failures are remembered for as long again.
    this.#keepMs = 2 * maxWaitMs;
  }

  /** Counts a failure, unless the door is closed: then how long it still is. */
  async charge(key: string): Promise<number> {
    const reply = await this.#store.decide({ ...this.#call(key), amounts: [1], keepMs: this.#keepMs });
    if (reply.outcome !== 'decided') throw unexpected(reply.outcome);
    return reply.refused.length === 0 ? 0 : Math.max(1, waitMs(reply));
  }

  /** How long the door is closed. */
  async waitMs(key: string): Promise<number> {
    const reply = await this.#store.read(this.#call(key));
    if (reply.outcome !== 'read') throw unexpected(reply.outcome);
    return waitMs(reply);
  }

  /** Takes failures back, down to none, and opens the door. */
  async takeBack(key: string, failures: number): Promise<void> {
    await this.#store.adjust({ ...this.#call(key), amounts: [-failures], keepMs: this.#keepMs });
  }

  #call(key: string) {
    return { subject: `${this.#prefix}:${key}`, limits: this.#limits, isLedgered: false };
  }
}

function waitMs({ nowUs, values }: { readonly nowUs: number; readonly values: readonly number[] }): number {
  return Math.max(0, Math.ceil(((values[0] ?? 0) - nowUs) / 1_000));
}

function unexpected(outcome: string): QuotaError {
  return new QuotaError('UNITE_QUOTA_UNAVAILABLE', `the store answered "${outcome}" for a count of failures`);
}
