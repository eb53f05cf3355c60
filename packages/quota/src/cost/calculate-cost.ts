import type { CostLine } from '../ledger/ledger-types';
import type { ModelUsage, PriceBook } from './cost-types';

/** What {@link calculateCost} came to. */
export interface CalculatedCost {
  /** Sum of the lines that have a price, in billionths of a US dollar; `undefined` where none has one. */
  readonly costNanoUsd: bigint | undefined;
  readonly lines: readonly CostLine[];
  /** Something had no price: the cost is too low. */
  readonly isUnpriced: boolean;
}

/**
 * What models used, as a bill: one line for each kind of token, each rounded once, and their exact sum.
 *
 * @throws QuotaError `UNITE_QUOTA_AMOUNT_INVALID` or `UNITE_QUOTA_KEY_INVALID` for a usage that is none
 * @example
 * const { costNanoUsd, isUnpriced } = calculateCost(prices, { model: 'small-1', inputTokens: 1_200, outputTokens: 300 });
 */
export function calculateCost(prices: PriceBook, usage: ModelUsage | readonly ModelUsage[]): CalculatedCost {
  const usages = Array.isArray(usage) ? (usage as readonly ModelUsage[]) : [usage as ModelUsage];
  const lines = usages.flatMap((each) => prices.modelLines(each));
  const costs = lines.flatMap(({ costNanoUsd }) => costNanoUsd ?? []);
  const hasCost = costs.length > 0 || lines.length === 0;
  return {
    costNanoUsd: hasCost ? costs.reduce((sum, cost) => sum + cost, 0n) : undefined,
    lines,
    isUnpriced: costs.length < lines.length,
  };
}
