import type { Clock } from '@unite/core';
import { LRUCache } from 'lru-cache';
import { periodAt } from '../period/period-at';
import type { Calendar, Period } from '../period/period-types';
import { previousPeriod } from '../period/previous-period';
import type { Plan, Plans } from '../plan/plan-types';
import type { Suggestion } from '../types';
import type { Replays } from './replays';
import type { StoreClock } from './store-clock';

const maxTenants = 10_000;
/** A report does not wait for longer; the next one has it, in milliseconds. */
const patienceMs = 1_000;

/** Finds the cheapest plan on which a tenant's last full billing period would have passed. */
export class Suggestions {
  readonly #plans: Plans;
  readonly #replays: Replays | undefined;
  readonly #clock: StoreClock;
  /** By tenant, plan and period: a period that is over does not change. */
  readonly #known = new LRUCache<string, Promise<Suggestion | null>>({ max: maxTenants });

  readonly #background: Clock;

  constructor(plans: Plans, replays: Replays | undefined, clock: StoreClock, background: Clock) {
    this.#plans = plans;
    this.#replays = replays;
    this.#clock = clock;
    this.#background = background;
  }

  async of(tenantId: string, plan: Plan, calendar: Calendar): Promise<Suggestion | null> {
    if (!this.#replays) return null;
    const period = lastFullPeriod(this.#clock.nowMs(), calendar);
    const key = `${tenantId}|${plan.name}|${period.startAtMs}|${period.endAtMs}`;
    const known = this.#known.get(key);
    if (known) return this.#soon(known);
    const found = this.#find(this.#replays, tenantId, plan, calendar, period);
    this.#known.set(key, found);
    found.catch(() => this.#known.delete(key));
    return this.#soon(found);
  }

  async #soon(found: Promise<Suggestion | null>): Promise<Suggestion | null> {
    const enough = new AbortController();
    const late = this.#background.sleep(patienceMs, enough.signal).catch(() => undefined);
    const first = await Promise.race([found, late]);
    enough.abort();
    return first ?? null;
  }

  async #find(
    replays: Replays,
    tenantId: string,
    plan: Plan,
    calendar: Calendar,
    period: Period,
  ): Promise<Suggestion | null> {
    const current = await replays.replay(tenantId, plan, calendar, period);
    // A tenant that did nothing yet is not told to go elsewhere.
    if (current.events === 0) return null;
    for (const candidate of this.#plans.byName.values()) {
      if (candidate === plan) {
        if (current.denied === 0) return null;
        continue;
      }
      const { denied } = await replays.replay(tenantId, candidate, calendar, period, 1);
      if (denied > 0) continue;
      const isCheaper = candidate.rank < plan.rank;
      const limits = Object.keys(current.deniedBy).join(', ');
      const reason = isCheaper
        ? `Everything of the last billing period would have passed on ${candidate.name}.`
        : `${plan.name} refused ${current.denied} of ${current.events} in the last billing period (${limits}); ${candidate.name} would have refused none.`;
      return { plan: candidate.name, reason };
    }
    return null;
  }
}

export function lastFullPeriod(nowMs: number, calendar: Calendar): Period {
  return previousPeriod('billingPeriod', periodAt('billingPeriod', nowMs, calendar), calendar);
}
