import { describeValue } from '@unite/shared';
import { QuotaError } from '../errors';
import type { ModelUsage } from './cost-types';
import { isPriceName, priceNameDemand } from './price-name';

/** What a model used, with every default. */
export type CheckedUsage = Readonly<
  Record<'inputTokens' | 'cachedInputTokens' | 'outputTokens' | 'reasoningTokens', number>
> & { readonly model: string };

/**
 * Checks what a model used.
 *
 * @throws QuotaError `UNITE_QUOTA_AMOUNT_INVALID` for counts that are none, and for more cached tokens than input or
 *   more reasoning tokens than output; `UNITE_QUOTA_KEY_INVALID` for a model's name that is none
 */
export function checkUsage(usage: ModelUsage): CheckedUsage {
  if (typeof usage !== 'object' || usage === null) throw invalid('usage', 'an object', usage);
  const { model, inputTokens, outputTokens, cachedInputTokens = 0, reasoningTokens = 0 } = usage;
  if (!isPriceName(model)) {
    throw new QuotaError(
      'UNITE_QUOTA_KEY_INVALID',
      `model must be ${priceNameDemand}, got ${describeValue(model)}`,
    );
  }
  const checked = { model, inputTokens, cachedInputTokens, outputTokens, reasoningTokens };
  for (const field of counts) checkCount(field, checked[field]);
  checkCount('inputTokens + outputTokens', inputTokens + outputTokens);
  checkSubset('cachedInputTokens', cachedInputTokens, 'inputTokens', inputTokens);
  checkSubset('reasoningTokens', reasoningTokens, 'outputTokens', outputTokens);
  return checked;
}

const counts = ['inputTokens', 'cachedInputTokens', 'outputTokens', 'reasoningTokens'] as const;

function checkCount(field: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 0) return;
  throw invalid(field, `a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`, value);
}

function checkSubset(field: string, part: number, ofField: string, whole: number): void {
  if (part > whole) throw invalid(field, `at most ${ofField} (${whole}), which it is part of`, part);
}

function invalid(field: string, demand: string, got: unknown): QuotaError {
  return new QuotaError(
    'UNITE_QUOTA_AMOUNT_INVALID',
    `${field} must be ${demand}, got ${describeValue(got)}`,
  );
}
