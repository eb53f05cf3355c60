import { describeValue } from '@unite/shared';
import { costNameDemand, isCostName } from './cost-name';
import type { AiUsage } from './cost-types';

/** What a model used, with every default. */
export type CheckedAiUsage = Readonly<
  Record<'inputTokens' | 'cachedInputTokens' | 'outputTokens' | 'reasoningTokens', number> &
    Record<'model' | 'provider' | 'feature', string>
>;

/**
 * Checks what a model used.
 *
 * @throws TypeError that names the field: for counts that are none, for more cached tokens than input or more reasoning
 *   tokens than output, and for names that are none
 */
export function checkAiUsage(usage: AiUsage): CheckedAiUsage {
  if (typeof usage !== 'object' || usage === null) throw invalid('usage', 'an object', usage);
  const { model, inputTokens, outputTokens, cachedInputTokens = 0, reasoningTokens = 0 } = usage;
  const { provider = '', feature = '' } = usage;
  checkName('model', model);
  if (provider !== '') checkName('provider', provider);
  if (feature !== '') checkName('feature', feature);
  const tokens = { inputTokens, cachedInputTokens, outputTokens, reasoningTokens };
  for (const [field, count] of Object.entries(tokens)) checkCount(field, count);
  checkCount('inputTokens + outputTokens', inputTokens + outputTokens);
  checkPart('cachedInputTokens', cachedInputTokens, 'inputTokens', inputTokens);
  checkPart('reasoningTokens', reasoningTokens, 'outputTokens', outputTokens);
  return { ...tokens, model, provider, feature };
}

function checkName(field: string, name: unknown): void {
  if (!isCostName(name)) throw invalid(field, costNameDemand, name);
}

function checkCount(field: string, count: number): void {
  if (Number.isSafeInteger(count) && count >= 0) return;
  throw invalid(field, `a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`, count);
}

function checkPart(field: string, part: number, ofField: string, whole: number): void {
  if (part > whole) throw invalid(field, `at most ${ofField} (${whole}), which it is part of`, part);
}

function invalid(field: string, demand: string, got: unknown): TypeError {
  return new TypeError(`recordAiUsage: ${field} must be ${demand}, got ${describeValue(got)}`);
}
