import type { Clock } from '@unite/core';
import { observe } from '@unite/shared';
import type { QuotaSettleMessage } from '../channel-types';
import { settleChannel } from '../channels';
import { QuotaError } from '../errors';
import type { Actual, Decision, Hold, Settlement } from '../types';
import { type ActualUse, type HeldUse, noUse, type Settlements } from './settlements';

/** Something reserved, in the process that did it. */
export class OpenHold implements Hold {
  readonly id: string;
  readonly expiresAtMs: number;
  readonly decision: Decision;
  readonly signal: AbortSignal;
  readonly #held: HeldUse;
  readonly #settlements: Settlements;
  readonly #name: string;
  readonly #over = new AbortController();
  #settled: Promise<Settlement> | undefined;

  constructor(
    held: HeldUse,
    settlements: Settlements,
    {
      name,
      clock,
      expiresInMs,
      signal,
    }: {
      readonly name: string;
      readonly clock: Clock;
      readonly expiresInMs: number;
      readonly signal: AbortSignal | undefined;
    },
  ) {
    this.id = held.id;
    this.expiresAtMs = held.expiresAtMs;
    this.decision = held.admission.decision;
    this.#held = held;
    this.#settlements = settlements;
    this.#name = name;
    const expiry = new AbortController();
    this.signal = signal ? AbortSignal.any([expiry.signal, signal]) : expiry.signal;
    clock.sleep(expiresInMs, this.#over.signal).then(
      () =>
        expiry.abort(new QuotaError('UNITE_QUOTA_HOLD_EXPIRED', `The hold expired after ${expiresInMs} ms`)),
      () => undefined,
    );
  }

  /** Whether a commit or a release has begun. */
  get isSettled(): boolean {
    return this.#settled !== undefined;
  }

  commit(actual: Actual): Promise<Settlement> {
    return this.#settle('commit', () => this.#settlements.read(this.#held, actual));
  }

  release(): Promise<Settlement> {
    return this.#settle('release', () => noUse);
  }

  async #settle(as: QuotaSettleMessage['as'], read: () => ActualUse): Promise<Settlement> {
    if (this.#settled) return { ...(await this.#settled), isRepeated: true };
    const actual = read();
    this.#over.abort();
    const work = (): Promise<Settlement> => this.#settlements.settle(this.#held, actual);
    this.#settled = settleChannel?.hasSubscribers
      ? observe(settleChannel, { quota: this.#name, as } as QuotaSettleMessage, async (message) => {
          const settlement = await work();
          message.isLate = settlement.isLate;
          return settlement;
        })
      : work();
    return this.#settled;
  }
}
