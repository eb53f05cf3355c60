import { describeValue } from '@unite/shared';
import { checkAmount } from '../engine/amounts';
import { QuotaError } from '../errors';
import type { Plan, Plans } from '../plan/plan-types';
import type { ResourceDecision } from '../types';

/** From this share of a limit the state is `warn`. */
const warnAt = 0.8;

/**
 * Whether a plan allows so many more of a resource. What is there already stays, also where a plan was lowered below it.
 *
 * @throws QuotaError `UNITE_QUOTA_RESOURCE_UNKNOWN`, `UNITE_QUOTA_AMOUNT_INVALID`
 */
export function decideResource(
  owner: string,
  resource: string,
  { current, adding }: { readonly current: number; readonly adding: number },
  plan: Plan,
  plans: Plans,
): ResourceDecision {
  checkAmount(owner, 'current', current);
  checkAmount(owner, 'adding', adding);
  const limit = limitOf(owner, resource, plan);
  const allowed = adding === 0 || limit === null || current + adding <= limit;
  const cheapest = [...plans.byName.values()].find(
    (other) => other.rank > plan.rank && fits(current + adding, other.resources.get(resource)),
  );
  return {
    allowed,
    resource,
    current,
    limit,
    remaining: limit === null ? null : Math.max(0, limit - current),
    state: stateOf(allowed ? current + adding : current, limit, allowed),
    plan: plan.name,
    sufficientPlan: allowed ? undefined : cheapest?.name,
  };
}

function limitOf(owner: string, resource: string, plan: Plan): number | null {
  const limit = plan.resources.get(resource);
  if (limit !== undefined) return limit;
  const known = [...plan.resources.keys()].join(', ');
  const text = `${owner}: no plan limits ${describeValue(resource)}; known are ${known || 'none'}`;
  throw new QuotaError('UNITE_QUOTA_RESOURCE_UNKNOWN', text);
}

function fits(count: number, limit: number | null | undefined): boolean {
  return limit === null || (limit !== undefined && count <= limit);
}

function stateOf(count: number, limit: number | null, allowed: boolean): ResourceDecision['state'] {
  if (!allowed) return 'blocked';
  if (limit === null || count < warnAt * limit) return 'ok';
  return count > limit ? 'overage' : 'warn';
}
