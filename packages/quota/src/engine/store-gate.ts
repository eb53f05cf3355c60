import type { Clock } from '@unite/core';
import { publishHealth } from '../channels';
import { QuotaError } from '../errors';
import type { DecideCall, DecideReply, QuotaStore } from '../store/store-types';
import { promised } from './and-then';

/** Failures in a row after which the store is left alone. */
const failuresMax = 5;
/** For how long, in milliseconds; ±20 %, so that a fleet comes back one by one. */
const restMs = 1_000;

/** The store could not be asked. */
export class StoreDown extends Error {
  /** The question was sent, and may have been answered where nobody heard it. */
  readonly wasSent: boolean;

  /** @param cause whose text is the message: who reads a log sees it first */
  constructor(wasSent: boolean, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.wasSent = wasSent;
  }
}

/** Asks the store, and leaves one alone that does not answer. */
export class StoreGate {
  readonly #store: QuotaStore;
  readonly #clock: Clock;
  readonly #name: string;
  #failures = 0;
  #lastFailure: unknown;
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

  /** Whether the store answers at once. */
  get isLocal(): boolean {
    return this.#store.isLocal;
  }

  /** What is asked most. @throws StoreDown */
  decide(call: DecideCall): DecideReply | Promise<DecideReply> {
    return this.#store.isLocal ? promised(this.#store.decide(call)) : this.#decideFar(call);
  }

  /** @throws StoreDown */
  ask<Reply>(question: (store: QuotaStore) => Reply | Promise<Reply>): Reply | Promise<Reply> {
    return this.#store.isLocal ? promised(question(this.#store)) : this.#askFar(question);
  }

  #decideFar(call: DecideCall): Promise<DecideReply> {
    return this.#askFar((store) => store.decide(call));
  }

  #askFar<Reply>(question: (store: QuotaStore) => Reply | Promise<Reply>): Promise<Reply> {
    return this.isUp ? this.#send(question) : this.#probe(question);
  }

  /** One promise for each question: a function that awaits has three. */
  #send<Reply>(question: (store: QuotaStore) => Reply | Promise<Reply>): Promise<Reply> {
    try {
      return Promise.resolve(question(this.#store)).then(this.#answered, this.#failed);
    } catch (error) {
      return Promise.reject(error).catch(this.#failed);
    }
  }

  async #probe<Reply>(question: (store: QuotaStore) => Reply | Promise<Reply>): Promise<Reply> {
    if (this.#isProbing || this.#clock.monotonicMs() < this.#restUntilMs)
      throw new StoreDown(false, this.#lastFailure);
    this.#isProbing = true;
    try {
      return await this.#send(question);
    } finally {
      this.#isProbing = false;
    }
  }

  readonly #answered = <Reply>(reply: Reply): Reply => {
    const wasUp = this.isUp;
    this.#failures = 0;
    this.#lastFailure = undefined;
    if (!wasUp) publishHealth({ quota: this.#name, part: 'store', state: 'up' });
    return reply;
  };

  readonly #failed = (error: unknown): never => {
    // What is wrong with the question is no outage.
    if (QuotaError.isInstance(error) && error.code !== 'UNITE_QUOTA_UNAVAILABLE') throw error;
    this.#count(error);
    throw new StoreDown(true, error);
  };

  #count(error: unknown): void {
    const wasUp = this.isUp;
    this.#failures += 1;
    this.#lastFailure = error;
    if (this.isUp) return;
    this.#restUntilMs = this.#clock.monotonicMs() + restMs * (0.8 + 0.4 * Math.random());
    if (wasUp) publishHealth({ quota: this.#name, part: 'store', state: 'down', error });
  }
}
