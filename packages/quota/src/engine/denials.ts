import type { Clock } from '@unite/core';
import { LRUCache } from 'lru-cache';
import type { Asked } from './decision';
import type { LimitSet } from './limit-set';
import { waitOf } from './wait-of';

/** Where what is used may become less, a refusal is not trusted for longer, in milliseconds. */
const softMs = 1_000;
/** What can never pass is looked up again after this, in milliseconds. */
const neverMs = 60_000;

interface Denial {
  readonly set: LimitSet;
  readonly reply: Asked['reply'];
  readonly refused: readonly { readonly index: number; readonly amount: number; readonly untilMs: number }[];
  /** Of `refused`. */
  readonly indices: readonly number[];
}

/** Remembers whom the store has refused, until they may pass again. */
export class Denials {
  readonly #denials: LRUCache<string, Denial> | undefined;
  readonly #clock: Clock;

  constructor(maxDenials: number, clock: Clock) {
    this.#denials = maxDenials > 0 ? new LRUCache({ max: maxDenials }) : undefined;
    this.#clock = clock;
  }

  get isEmpty(): boolean {
    return this.#denials === undefined || this.#denials.size === 0;
  }

  /** What the store would say, if that is certain. */
  find(subject: string, set: LimitSet, amounts: readonly number[], nowUs: number): Asked | undefined {
    const denial = this.#denials?.get(subject);
    // Another plan or period has other limits.
    if (!denial || denial.set !== set) return undefined;
    const nowMs = this.#clock.monotonicMs();
    let refused = denial.indices;
    for (const { index, amount, untilMs } of denial.refused) {
      const isRefused = (amounts[index] as number) >= amount && nowMs < untilMs;
      // Mostly all still refuse, and nothing is made.
      if (!isRefused) refused = refused.filter((other) => other !== index);
    }
    const { values } = denial.reply;
    return refused.length === 0 ? undefined : { set, amounts, reply: { nowUs, refused, values } };
  }

  /** @param shrinking which counts may become less before their time */
  remember(subject: string, asked: Asked, shrinking: 'none' | 'quotas' | 'all'): void {
    if (!this.#denials) return;
    const { set, reply, amounts } = asked;
    const nowMs = this.#clock.monotonicMs();
    const refused = reply.refused.flatMap((index) => {
      const kind = set.limits[index]?.kind;
      if (kind === 'concurrency') return [];
      const waitMs = waitOf(asked, index) ?? neverMs;
      const mayShrink = shrinking === 'all' || (shrinking === 'quotas' && kind === 'quota');
      const trustedMs = mayShrink ? Math.min(waitMs, softMs) : waitMs;
      return [{ index, amount: amounts[index] as number, untilMs: nowMs + trustedMs }];
    });
    const indices = refused.map(({ index }) => index);
    if (refused.length > 0) this.#denials.set(subject, { set, reply, refused, indices });
  }

  forget(subject: string): void {
    this.#denials?.delete(subject);
  }
}
