import type { ProblemSource } from '@unite/core';
import type { Decision, ResourceDecision } from '../types';
import type { RateLimitFieldOptions } from './header-types';
import { rateLimitFields } from './rate-limit-fields';
import { retryAfterSeconds, wholeSeconds } from './seconds';

/** The IANA registry of HTTP problem types (RFC 9457 §4.2). */
const ianaBase = 'https://iana.org/assignments/http-problem-types#';
/** A refusal is stored by nobody (RFC 6585 §4). */
const neverStored = { 'Cache-Control': 'no-store' };
/** The last instant that a `Date` can be. */
const maxInstantMs = 8.64e15;

/** Options of {@link quotaProblem}. */
export interface QuotaProblemOptions extends RateLimitFieldOptions {
  /** Link to where plans are explained. */
  readonly upgradeUrl?: string | undefined;
}

/**
 * What a client is told whom a limit refuses: `quota-exceeded` (draft-ietf-httpapi-ratelimit-headers-11 §5.1), with
 * every violated limit and the plan that would have let it pass. Nothing in it says who the client is.
 *
 * @example
 * throw new QuotaError('UNITE_QUOTA_EXCEEDED', text, { decision, problem: quotaProblem(decision, { upgradeUrl }) });
 */
export function quotaProblem(
  decision: Decision,
  { upgradeUrl, ...fields }: QuotaProblemOptions = {},
): ProblemSource {
  const { violated, limits, plan, sufficientPlan } = decision;
  const seconds = retryAfterSeconds(decision);
  return {
    type: `${ianaBase}quota-exceeded`,
    status: 429,
    title: 'Quota exceeded',
    detail: `Plan "${plan}" allows no more: ${violated.join(', ')}.`,
    headers: {
      ...rateLimitFields(decision, fields),
      ...(seconds !== undefined && { 'Retry-After': String(seconds) }),
      ...neverStored,
    },
    extensions: {
      'violated-policies': violated,
      limits: limits.map(({ name, unit, limit, remaining, resetAtMs }) => ({
        name,
        unit,
        limit,
        remaining,
        resetAt: resetAtMs === null ? null : new Date(Math.min(resetAtMs, maxInstantMs)).toISOString(),
      })),
      ...offer(decision.plan, sufficientPlan, upgradeUrl),
    },
  };
}

/** The same where a plan allows no more of a resource. Waiting does not help, so there is no `Retry-After`. */
export function resourceProblem(
  { resource, limit, remaining, plan, sufficientPlan }: ResourceDecision,
  { upgradeUrl }: Pick<QuotaProblemOptions, 'upgradeUrl'> = {},
): ProblemSource {
  const name = `${resource}Max`;
  return {
    type: `${ianaBase}quota-exceeded`,
    status: 429,
    title: 'Quota exceeded',
    detail: `Plan "${plan}" allows no more: ${name}.`,
    headers: neverStored,
    extensions: {
      'violated-policies': [name],
      limits: [{ name, unit: resource, limit, remaining, resetAt: null }],
      ...offer(plan, sufficientPlan, upgradeUrl),
    },
  };
}

/**
 * What a client is told while the store or the ledger cannot be asked: `temporary-reduced-capacity`
 * (draft-ietf-httpapi-ratelimit-headers-11 §5.2), which is never the client's fault.
 *
 * @param retryAfterMs when to try again, in milliseconds
 */
export function outageProblem(retryAfterMs = 1_000): ProblemSource {
  return {
    type: `${ianaBase}temporary-reduced-capacity`,
    status: 503,
    title: 'Temporary reduced capacity',
    headers: { 'Retry-After': String(Math.max(1, wholeSeconds(retryAfterMs))), ...neverStored },
  };
}

function offer(plan: string, sufficientPlan: string | undefined, upgradeUrl: string | undefined): object {
  return { plan, ...(sufficientPlan && { sufficientPlan }), ...(upgradeUrl && { upgradeUrl }) };
}
