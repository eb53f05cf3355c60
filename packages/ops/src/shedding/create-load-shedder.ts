import type { Clock } from '@unite/core';
import { backgroundClock, checkOptions, expects, optionChecks } from '@unite/shared';
import type { OpsShedMessage } from '../channel-types';
import { shedChannel } from '../channels';
import { AdaptiveLimit } from './adaptive-limit';
import { DelayBudget } from './delay-budget';
import { LoopDelay } from './loop-delay';
import { overloadedError } from './overloaded-error';
import type { Admission, LoadShedder, ShedderOptions, SheddingStatus } from './shedding-types';
import { type Cohort, UnderWay } from './under-way';
import { WarmUp } from './warm-up';

const defaults = { maxDelayMs: 100, maxInFlight: 10_000, warmUpMs: 10_000, retryAfterMs: 2_000 } as const;

/** The timer's, in milliseconds: a shorter one costs more and shows no more. */
const longestIntervalMs = 5;

const checks = {
  maxDelayMs: optionChecks.positive,
  maxInFlight: expects('a whole number from 1', (value) => Number.isSafeInteger(value) && Number(value) >= 1),
  warmUpMs: expects('a number, zero or more', (value) => typeof value === 'number' && value >= 0),
  retryAfterMs: optionChecks.positive,
  clock: optionChecks.object,
  random: optionChecks.function,
};

/**
 * Decides for each request whether there is time for it, so that those which are served are served soon.
 *
 * A request that is admitted waits no longer than about `maxDelayMs` each time that it waits for the event loop: once to
 * be read, and again after each `await` of its handler. The rest is told to come back.
 *
 * @throws TypeError for options that are wrong
 *
 * @example
 * const shedder = createLoadShedder({ maxDelayMs: 100 });
 * const admission = shedder.admit();
 * if (!admission.admitted) throw admission.error; // 503 with Retry-After
 * response.on('close', () => admission.release());
 */
export function createLoadShedder(options: ShedderOptions = {}): LoadShedder {
  checkOptions('createLoadShedder', options, checks);
  return new DelayShedder(options);
}

class DelayShedder implements LoadShedder {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #maxInFlight: number;
  readonly #retryAfterMs: number;
  readonly #loop: LoopDelay;
  readonly #budget: DelayBudget;
  readonly #limit: AdaptiveLimit;
  readonly #warmUp: WarmUp;
  readonly #underWay = new UnderWay();
  #admitted = 0;
  #refused = 0;

  constructor(options: ShedderOptions) {
    const maxDelayMs = options.maxDelayMs ?? defaults.maxDelayMs;
    this.#clock = options.clock ?? backgroundClock;
    this.#random = options.random ?? Math.random;
    this.#maxInFlight = options.maxInFlight ?? defaults.maxInFlight;
    this.#retryAfterMs = options.retryAfterMs ?? defaults.retryAfterMs;
    this.#budget = new DelayBudget(maxDelayMs);
    this.#limit = new AdaptiveLimit(this.#maxInFlight, maxDelayMs);
    this.#warmUp = new WarmUp(options.warmUpMs ?? defaults.warmUpMs);
    const intervalMs = Math.max(1, Math.min(longestIntervalMs, maxDelayMs / 20));
    this.#loop = new LoopDelay(this.#clock, intervalMs, (delayMs, nowMs) => {
      const weighedMs = delayMs * this.#warmUp.weight(nowMs);
      this.#budget.onRound(weighedMs, nowMs);
      this.#limit.onRound(weighedMs, nowMs);
    });
  }

  admit(): Admission {
    const nowMs = this.#clock.monotonicMs();
    this.#loop.need(nowMs);
    const young = this.#underWay.young(nowMs);
    const reason = this.#reasonAgainst(young, nowMs);
    this.#limit.reach(reason === undefined ? young + 1 : young);
    if (reason !== undefined) return this.#refuse(reason);
    this.#admitted += 1;
    this.#budget.use(nowMs);
    return new Admitted(this.#underWay);
  }

  status(): SheddingStatus {
    const nowMs = this.#clock.monotonicMs();
    const { total } = this.#underWay;
    const old = total - this.#underWay.young(nowMs);
    const delayMs = this.#loop.delayMs(nowMs);
    return {
      delayMs,
      inFlight: total,
      limit: Math.min(this.#maxInFlight, old + this.#limit.current(nowMs - delayMs)),
      admitted: this.#admitted,
      refused: this.#refused,
    };
  }

  close(): void {
    this.#loop.close();
  }

  #reasonAgainst(young: number, nowMs: number): OpsShedMessage['reason'] | undefined {
    if (this.#underWay.total >= this.#maxInFlight) return 'in-flight';
    // Closed: there is nothing to judge by.
    if (!this.#loop.isWatched) return undefined;
    const delayMs = this.#loop.delayMs(nowMs);
    if (young >= this.#limit.current(nowMs - delayMs)) return 'in-flight';
    return this.#budget.allows(delayMs * this.#warmUp.weight(nowMs), nowMs) ? undefined : 'delay';
  }

  #refuse(reason: OpsShedMessage['reason']): Admission {
    this.#refused += 1;
    if (shedChannel?.hasSubscribers) shedChannel.publish({ reason } satisfies OpsShedMessage);
    return { admitted: false, error: overloadedError(this.#retryAfterMs * (0.5 + this.#random())) };
  }
}

/** A class, so that an admission costs one small object. */
class Admitted {
  readonly admitted = true;
  readonly #underWay: UnderWay;
  #cohort: Cohort | undefined;

  constructor(underWay: UnderWay) {
    this.#underWay = underWay;
    this.#cohort = underWay.enter();
  }

  release(): void {
    if (!this.#cohort) return;
    this.#underWay.leave(this.#cohort);
    this.#cohort = undefined;
  }
}
