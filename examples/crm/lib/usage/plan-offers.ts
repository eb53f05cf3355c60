import { formatUsd } from '@unite/quota/cost';
import { type Plan, planLabel } from '../plan-labels';
import { plans } from '../plans';

/** A plan as it is offered, the cheapest first. */
export interface PlanOffer {
  readonly plan: Plan;
  readonly label: string;
  /** US dollars as a decimal. */
  readonly monthlyUsd: string;
  /** Of limits and resources alike; `null` is no limit. */
  readonly limits: Readonly<Record<string, number | null>>;
}

export function planOffers(): readonly PlanOffer[] {
  return plans.names.flatMap((name) => {
    const plan = plans.byName.get(name);
    if (!plan) return [];
    const limits = [...plan.limits.map((limit) => [limit.name, limit.limit] as const), ...plan.resources];
    return {
      plan: name,
      label: planLabel(name),
      monthlyUsd: formatUsd(plan.monthlyPriceNanoUsd ?? 0n).replace(/\.00$/, ''),
      limits: Object.fromEntries(limits),
    };
  });
}
