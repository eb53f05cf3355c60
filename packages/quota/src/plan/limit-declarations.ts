import type {
  ConcurrencyLimit,
  ConcurrencyLimitOptions,
  QuotaLimit,
  QuotaLimitOptions,
  RateLimit,
  RateLimitOptions,
} from './plan-types';

/**
 * So much in a calendar period, counted exactly. `apiCallsPerDay: 1_000` in a plan is short for it.
 *
 * @example
 * apiCallsPerMonth: quotaLimit({ of: 'apiCalls', per: 'billingPeriod', limit: 1_000_000, grace: 0.1 })
 */
export function quotaLimit(options: QuotaLimitOptions): QuotaLimit {
  return { ...options, kind: 'quota' };
}

/**
 * So much at a time.
 *
 * @example
 * burst: rateLimit({ of: 'apiCalls', limit: 600, windowMs: 60_000, burst: 50 })
 */
export function rateLimit(options: RateLimitOptions): RateLimit {
  return { ...options, kind: 'rate' };
}

/**
 * So many holds at once.
 *
 * @example
 * scoringAtOnce: concurrencyLimit({ of: 'aiTokens', limit: 3 })
 */
export function concurrencyLimit(options: ConcurrencyLimitOptions): ConcurrencyLimit {
  return { ...options, kind: 'concurrency' };
}
