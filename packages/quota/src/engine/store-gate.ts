import type { Clock } from '@unite/core';
import { publishHealth } from '../channels';
import { QuotaError } from '../errors';
import type { QuotaStore } from '../store/store-types';

/** Failures in a row after which the store is left alone. */
const failuresMax = 5;
/** For how long, in milliseconds; ±20 %, so that a fleet comes back one by one. */
const restMs = 1_000;

/** The store could not be asked. */
export class StoreDown extends Error {
  /** The question was sent, and may have been answered where nobody heard it. */
  readonly wasSent: boolean;

  constructor(wasSent: boolean, cause?: unknown) {
    super('The store cannot be asked', { cause });
    this.wasSent = wasSent;
  }
}

/** Asks the store, and leaves one alone that does not answer. */
export class StoreGate {
  readonly #store: QuotaStore;
  readonly #clock: Clock;
  readonly #name: string;
  #failures = 0;
  #restUntilMs = 0;
  #isProbing = false;

  constructor(store: QuotaStore, clock: Clock, name: string) {
    this.#store = store;
    this.#clock = clock;
    this.#name = name;
  }

  get isUp(): boolean {
    return this.#failures < failuresMax;
  }

  /** @throws StoreDown */
  ask<Reply>(question: (store: QuotaStore) => Reply | Promise<Reply>): Reply | Promise<Reply> {
    if (this.#store.isLocal) return question(this.#store);
    return this.#ask(question);
  }

  async #ask<Reply>(question: (store: QuotaStore) => Reply | Promise<Reply>): Promise<Reply> {
    const isProbe = !this.isUp;
    if (isProbe && (this.#isProbing || this.#clock.monotonicMs() < this.#restUntilMs))
      throw new StoreDown(false);
    if (isProbe) this.#isProbing = true;
    try {
      const reply = await question(this.#store);
      this.#answered();
      return reply;
    } catch (error) {
      // What is wrong with the question is no outage.
      if (QuotaError.isInstance(error) && error.code !== 'UNITE_QUOTA_UNAVAILABLE') throw error;
      this.#failed(error);
      throw new StoreDown(true, error);
    } finally {
      if (isProbe) this.#isProbing = false;
    }
  }

  #answered(): void {
    const wasUp = this.isUp;
    this.#failures = 0;
    if (!wasUp) publishHealth({ quota: this.#name, part: 'store', state: 'up' });
  }

  #failed(error: unknown): void {
    const wasUp = this.isUp;
    this.#failures += 1;
    if (this.isUp) return;
    this.#restUntilMs = this.#clock.monotonicMs() + restMs * (0.8 + 0.4 * Math.random());
    if (wasUp) publishHealth({ quota: this.#name, part: 'store', state: 'down', error });
  }
}
