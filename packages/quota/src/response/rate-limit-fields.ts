import { costUnit } from '../plan/name-limit';
import type { Decision, LimitStatus } from '../types';
import { draft11Fields } from './draft-11';
import type { RateLimitFieldOptions, RateLimitHeaders } from './header-types';

/** A limit that is one. */
export type FiniteLimit = LimitStatus & { readonly limit: number; readonly remaining: number };

/** Writes the fields of one version; gets at least one limit, in the order of the decision. */
export type FieldWriter = (
  limits: readonly FiniteLimit[],
  decision: Decision,
  partitionKey: string | undefined,
) => Readonly<Record<string, string>>;

const writers: Readonly<Record<RateLimitHeaders, FieldWriter>> = {
  'draft-11': draft11Fields,
  none: () => ({}),
};

/** Names of all versions, for the check of options. */
export const rateLimitHeaders: readonly unknown[] = Object.keys(writers);

/**
 * The header fields that tell a client how it stands; none where nothing is limited.
 *
 * @returns field name → value
 * @example
 * rateLimitFields(decision); // { 'RateLimit-Policy': '"daily";q=1000;w=86400', RateLimit: '"daily";r=50;t=30' }
 */
export function rateLimitFields(
  decision: Decision,
  { headers = 'draft-11', units, partitionKey }: RateLimitFieldOptions = {},
): Readonly<Record<string, string>> {
  const used = units && new Set(units).add(costUnit);
  const limits = decision.limits
    .filter(isLimited)
    .filter(({ name, unit }) => !used || used.has(unit) || decision.violated.includes(name));
  return limits.length === 0 ? {} : writers[headers](limits, decision, partitionKey);
}

function isLimited(limit: LimitStatus): limit is FiniteLimit {
  return limit.limit !== null && limit.remaining !== null;
}
