import type { QuotaScreen } from '../screen-types';
import type { UsageLike } from '../source-types';
import type { ScreenSources, Viewer } from './screen-source-types';

const states = ['ok', 'warn', 'grace', 'overage', 'blocked'] as const;

/** Who is refused next, what costs most? */
export async function readQuota(
  { options, collectors, usages }: ScreenSources,
  { tenantId }: Viewer,
): Promise<QuotaScreen> {
  const statistics = options.quota?.statistics();
  const found = await usages.read(tenantId);
  return {
    store: statistics?.store ?? 'up',
    ledger: statistics?.ledger ?? 'none',
    allowed: statistics?.allowed ?? 0,
    denied: statistics?.denied ?? 0,
    unavailable: statistics?.unavailable ?? 0,
    lost: statistics?.lost ?? 0,
    tenants: found
      .flatMap((usage) => nearest(usage) ?? [])
      .sort((one, other) => rank(other) - rank(one))
      .slice(0, 50),
    costs: collectors.quota.costs().slice(0, 50),
  };
}

type TenantLine = QuotaScreen['tenants'][number];

/** The limit that a tenant meets first. */
function nearest({ tenantId, plan, limits }: UsageLike): TenantLine | undefined {
  const lines = limits.map(({ name, limit, used, exhaustedAtMs, state }) => ({
    tenantId,
    plan,
    state,
    limit: name,
    used,
    of: limit,
    exhaustedAtMs,
  }));
  return lines.sort((one, other) => rank(other) - rank(one))[0];
}

/** By state, and within one by the share that is used. */
function rank({ state, used, of }: TenantLine): number {
  const share = of === null ? 0 : of === 0 ? 1 : Math.min(1, used / of);
  return states.indexOf(state) + share * 0.99;
}
