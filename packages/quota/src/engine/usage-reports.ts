import { LRUCache } from 'lru-cache';
import type { QuotaLedger } from '../ledger/ledger-types';
import { periodAt } from '../period/period-at';
import type { Calendar, Period } from '../period/period-types';
import type { Plan } from '../plan/plan-types';
import type { ReadReply, StoreLimit } from '../store/store-types';
import type { CostReport, LimitUsage, TenantTerms, UsageReport } from '../types';
import type { Part } from './ask';
import { costReport } from './cost-report';
import { limitStatus, worse } from './decision';
import { isCurrent, type LimitSet, quotaCap } from './limit-set';
import type { Rehydrator } from './rehydrator';
import type { StoreClock } from './store-clock';
import { StoreDown, type StoreGate } from './store-gate';
import type { Suggestions } from './suggestions';

/** A forecast from less of a period than this, an hour of a day, is a guess. */
const leastShare = 0.04;
const attemptsMax = 5;
/** How old the costs of a report may be, in milliseconds. */
const costAgeMs = 2_000;
const maxTenants = 1_000;

/** Tells how a tenant stands. */
export class UsageReports {
  readonly #gate: StoreGate;
  readonly #ledger: QuotaLedger | undefined;
  readonly #rehydrator: Rehydrator;
  readonly #clock: StoreClock;
  readonly #suggestions: Suggestions;
  readonly #costs = new LRUCache<string, { atMs: number; cost: Promise<CostReport | null> }>({
    max: maxTenants,
  });

  constructor(
    gate: StoreGate,
    ledger: QuotaLedger | undefined,
    rehydrator: Rehydrator,
    clock: StoreClock,
    suggestions: Suggestions,
  ) {
    this.#gate = gate;
    this.#ledger = ledger;
    this.#rehydrator = rehydrator;
    this.#clock = clock;
    this.#suggestions = suggestions;
  }

  /** @throws StoreDown */
  async report(tenantId: string, plan: Plan, terms: TenantTerms, part: Part): Promise<UsageReport> {
    const [{ set, reply }, cost, suggestion] = await Promise.all([
      this.#read(part, tenantId),
      this.#cost(tenantId, terms),
      orDown(this.#suggestions.of(tenantId, plan, terms)),
    ]);
    const atMs = Math.floor(reply.nowUs / 1_000);
    const limits = set.limits.map((_, index) => limitUsage(set, reply, index));
    return {
      tenantId,
      plan: plan.name,
      state: limits.reduce<UsageReport['state']>((state, limit) => worse(state, limit.state), 'ok'),
      atMs,
      limits,
      resources: [...plan.resources].map(([name, limit]) => ({ name, limit })),
      cost,
      suggestion,
    };
  }

  async #read(part: Part, tenantId: string): Promise<{ set: LimitSet; reply: ReadReply }> {
    for (const _ of Array.from({ length: attemptsMax })) {
      const set = part.sets.at(this.#clock.nowMs());
      const call = { subject: part.subject, limits: set.forStore, isLedgered: part.isLedgered };
      const reply = await this.#gate.ask((store) => store.read(call));
      if (reply.outcome === 'unknown') {
        await this.#rehydrator.rehydrate(part, tenantId);
        continue;
      }
      if (isCurrent(set, reply.nowUs / 1_000)) return { set, reply };
      this.#clock.correct(reply.nowUs);
    }
    throw new StoreDown(false, new Error('The counts were lost again and again'));
  }

  /** A stream of reports asks every second, and a bill is long. */
  async #cost(tenantId: string, calendar: Calendar): Promise<CostReport | null> {
    const { timeZone, billingAnchor } = calendar;
    const key = `${tenantId}|${timeZone}|${billingAnchor}`;
    const known = this.#costs.get(key);
    const nowMs = this.#clock.nowMs();
    if (known && nowMs >= known.atMs && nowMs - known.atMs < costAgeMs) return known.cost;
    const cost = this.#costOf(tenantId, calendar, nowMs);
    this.#costs.set(key, { atMs: nowMs, cost });
    cost.catch(() => this.#costs.delete(key));
    return cost;
  }

  async #costOf(tenantId: string, calendar: Calendar, nowMs: number): Promise<CostReport | null> {
    if (!this.#ledger) return null;
    const period = periodAt('billingPeriod', nowMs, calendar);
    const totals = await orDown(this.#ledger.totals(tenantId, period.startAtMs, period.endAtMs));
    return costReport(totals, period, nowMs);
  }
}

/** @throws StoreDown for whatever a ledger fails with */
async function orDown<Found>(found: Promise<Found>): Promise<Found> {
  try {
    return await found;
  } catch (error) {
    throw new StoreDown(true, error);
  }
}

function limitUsage(set: LimitSet, reply: ReadReply, index: number): LimitUsage {
  const limit = set.limits[index] as LimitSet['limits'][number];
  const status = limitStatus({ set, reply }, index, limit, false);
  const period = set.periods[index];
  const value = reply.values[index] as number;
  if (!period) {
    return {
      ...status,
      used: limit.kind === 'rate' ? taken(set, index, status.remaining) : value,
      startAtMs: null,
      forecast: null,
      exhaustedAtMs: null,
    };
  }
  const isFull = limit.kind === 'quota' && value >= quotaCap(limit);
  return {
    ...status,
    state: isFull ? 'blocked' : status.state,
    used: value,
    startAtMs: period.startAtMs,
    ...forecast(value, limit.limit, period, reply.nowUs / 1_000),
  };
}

/** Of the burst. Without a limit nothing is kept. */
function taken({ forStore }: LimitSet, index: number, remaining: number | null): number {
  return remaining === null ? 0 : (forStore[index] as StoreLimit).cap - remaining;
}

/** By the pace of the period so far. */
function forecast(
  used: number,
  limit: number | null,
  { startAtMs, endAtMs }: Period,
  nowMs: number,
): Pick<LimitUsage, 'forecast' | 'exhaustedAtMs'> {
  const elapsedMs = nowMs - startAtMs;
  const lengthMs = endAtMs - startAtMs;
  if (elapsedMs < leastShare * lengthMs) return { forecast: null, exhaustedAtMs: null };
  const perMs = used / elapsedMs;
  const exhaustedAtMs = limit === null || perMs === 0 ? endAtMs : Math.ceil(startAtMs + limit / perMs);
  return {
    forecast: Math.round(perMs * lengthMs),
    exhaustedAtMs: exhaustedAtMs < endAtMs ? Math.max(exhaustedAtMs, Math.floor(nowMs)) : null,
  };
}
