import { checkQuotaOptions, readSharedLimits } from './check-options';
import type { Quota, QuotaOptions } from './types';
import { UniteQuota } from './unite-quota';

/**
 * Plans, limits and cost in one decision.
 *
 * It asks nothing and starts no timer before it is used. In Next.js wrap it in `once` of `@unite/core`.
 *
 * @throws TypeError that names the option and what it got
 * @example
 * const quota = createQuota({ plans, store: redisStore(redis), ledger: postgresLedger(pool), prices });
 * const decision = await quota.check({ tenantId: 'acme', plan: 'free', use: { apiCalls: 1 } });
 */
export function createQuota<PlanName extends string>(options: QuotaOptions<PlanName>): Quota<PlanName> {
  checkQuotaOptions(options as QuotaOptions);
  return new UniteQuota(
    options as QuotaOptions,
    readSharedLimits(options.shared, options.plans),
  ) as unknown as Quota<PlanName>;
}
