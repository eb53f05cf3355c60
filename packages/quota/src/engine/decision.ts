import type { NamedLimit, Plan, Plans } from '../plan/plan-types';
import type { StoreDecision, StoreLimit } from '../store/store-types';
import type { Decision, LimitStatus, QuotaState } from '../types';
import { graceEnd, intervalUs, type LimitSet, quotaCap, rounding } from './limit-set';
import { waitOf } from './wait-of';

/** From good to bad. */
const states: readonly QuotaState[] = ['ok', 'warn', 'grace', 'overage', 'blocked'];
const nothing: readonly string[] = Object.freeze([]);

/** What is known of limits after they were asked. */
export interface Asked {
  readonly set: LimitSet;
  readonly amounts: readonly number[];
  readonly reply: Pick<StoreDecision, 'nowUs' | 'refused' | 'values'>;
}

/** Puts together what one or several stores' subjects have answered. */
export function toDecision(
  asked: readonly Asked[],
  plan: Plan,
  plans: Plans,
  how: Pick<Decision, 'by' | 'isRepeated'>,
): Decision {
  const limits = asked.length === 1 ? statusesOf(asked[0] as Asked) : asked.flatMap(statusesOf);
  const violated = asked.some(refuses) ? limits.filter(isBlocked).map(({ name }) => name) : nothing;
  const allowed = violated.length === 0;
  let state: QuotaState = 'ok';
  for (const limit of limits) state = worse(state, limit.state);
  return {
    allowed,
    atMs: Math.floor((asked[0]?.reply.nowUs ?? 0) / 1_000),
    state,
    violated,
    limits,
    retryAfterMs: allowed ? 0 : longestWaitOf(asked),
    plan: plan.name,
    sufficientPlan: allowed ? undefined : sufficientPlan(asked, plan, plans),
    by: how.by,
    isRepeated: how.isRepeated,
  };
}

function refuses({ reply }: Asked): boolean {
  return reply.refused.length > 0;
}

function isBlocked({ state }: LimitStatus): boolean {
  return state === 'blocked';
}

function statusesOf(asked: Asked): LimitStatus[] {
  const { refused } = asked.reply;
  return asked.set.limits.map((limit, index) =>
    limitStatus(asked, index, limit, refused.length > 0 && refused.includes(index)),
  );
}

/** `null` where waiting does not help. */
function longestWaitOf(asked: readonly Asked[]): number | null {
  let longestMs = 0;
  for (const one of asked) {
    for (const index of one.reply.refused) {
      const waitMs = waitOf(one, index);
      if (waitMs === null) return null;
      longestMs = Math.max(longestMs, waitMs);
    }
  }
  return longestMs;
}

export function worse(one: QuotaState, other: QuotaState): QuotaState {
  if (one === other) return one;
  return states.indexOf(one) >= states.indexOf(other) ? one : other;
}

/** How one limit stands. One literal, always of the same shape: this runs for every limit of every request. */
export function limitStatus(
  { set, reply }: { readonly set: LimitSet; readonly reply: Pick<StoreDecision, 'nowUs' | 'values'> },
  index: number,
  limit: NamedLimit,
  isRefused: boolean,
): LimitStatus {
  const value = reply.values[index] as number;
  const period = set.periods[index];
  const most = limit.limit;
  return {
    name: limit.name,
    kind: limit.kind,
    unit: limit.of,
    limit: most,
    remaining:
      most === null
        ? null
        : Math.max(0, limit.kind === 'rate' ? tokensLeft(set, index, reply) : most - value),
    resetAtMs: period
      ? period.endAtMs
      : limit.kind === 'rate'
        ? Math.ceil(Math.max(value, reply.nowUs) / 1_000)
        : null,
    state: isRefused ? 'blocked' : limit.kind === 'quota' ? quotaState(limit, value) : 'ok',
    windowMs: period ? period.endAtMs - period.startAtMs : limit.kind === 'rate' ? limit.windowMs : null,
  };
}

/** By what the store was asked with: while it is away, this process has a share of the burst. */
function tokensLeft(
  { forStore }: Pick<LimitSet, 'forStore'>,
  index: number,
  { nowUs, values }: Pick<StoreDecision, 'nowUs' | 'values'>,
): number {
  const { cap, first } = forStore[index] as StoreLimit;
  const owedUs = Math.max(0, (values[index] as number) - nowUs);
  // What is whole but for rounding is whole.
  return Math.floor(cap - owedUs / first + 1e-6);
}

function quotaState(limit: NamedLimit & { kind: 'quota' }, used: number): QuotaState {
  if (limit.limit === null) return 'ok';
  if (used > graceEnd(limit.limit, limit.grace)) return 'overage';
  if (used > limit.limit) return 'grace';
  return used * rounding >= limit.warnAt * limit.limit && used > 0 ? 'warn' : 'ok';
}

/** The cheapest plan above this one that would have let it pass. Shared limits are the same on every plan. */
function sufficientPlan(asked: readonly Asked[], plan: Plan, plans: Plans): string | undefined {
  const own = asked.find(({ set }) => set.limits === plan.limits);
  if (!own || asked.some((other) => other !== own && other.reply.refused.length > 0)) return undefined;
  for (const other of plans.byName.values()) {
    if (other.rank > plan.rank && other.limits.every((limit) => wouldPass(limit, own))) return other.name;
  }
  return undefined;
}

/** Counters are the same in every plan, and every plan names them all. */
function wouldPass(limit: NamedLimit, { set, amounts, reply }: Asked): boolean {
  const index = set.limits.findIndex(({ name }) => name === limit.name);
  const amount = amounts[index] as number;
  if (limit.limit === null || amount === 0) return true;
  const value = reply.values[index] as number;
  switch (limit.kind) {
    case 'quota':
      return value + amount <= quotaCap(limit);
    case 'rate': {
      const takenUs = Math.max(0, value - reply.nowUs);
      const taken = takenUs / Math.max(1, intervalUs(set.limits[index] as typeof limit));
      return limit.limit > 0 && taken + amount <= limit.burst;
    }
    case 'concurrency':
      return value < limit.limit;
  }
}
