import { checkUsage } from '../cost/check-usage';
import { costOf } from '../cost/cost-of';
import type { ModelUsage, PriceBook } from '../cost/cost-types';
import type { CostLine } from '../ledger/ledger-types';
import type { Plan } from '../plan/plan-types';
import type { Use } from '../types';

/** What a use costs. */
export interface Priced {
  readonly lines: readonly CostLine[];
  /** Of all lines that have a price. */
  readonly nanoUsd: bigint;
  readonly isUnpriced: boolean;
}

const nothing: Priced = { lines: [], nanoUsd: 0n, isUnpriced: false };

/**
 * Prices a use: tokens by the model that is named, else at the plan's price of a token or the price book's; other units
 * at the plan's price, else the price book's. A model without a price is a line without a cost, never one of $0.
 */
export function priceUse(
  use: Use,
  model: ModelUsage | undefined,
  plan: Plan,
  prices: PriceBook | undefined,
): Priced {
  if (!prices && plan.unitPricesNanoUsdPerMillion.size === 0 && !model) return nothing;
  const lines: CostLine[] = [];
  for (const [unit, amount] of Object.entries(use)) {
    if (unit === 'aiTokens' && model) continue;
    const price = plan.unitPricesNanoUsdPerMillion.get(unit) ?? prices?.unitPriceNanoUsdPerMillion(unit);
    if (price !== undefined && amount > 0) lines.push({ unit, amount, costNanoUsd: costOf(amount, price) });
  }
  if (model) lines.push(...modelLines(model, prices));
  return {
    lines,
    nanoUsd: lines.reduce((sum, { costNanoUsd }) => sum + (costNanoUsd ?? 0n), 0n),
    isUnpriced: lines.some(({ costNanoUsd }) => costNanoUsd === null),
  };
}

function modelLines(usage: ModelUsage, prices: PriceBook | undefined): readonly CostLine[] {
  if (prices) return prices.modelLines(usage);
  const { model, inputTokens, outputTokens } = checkUsage(usage);
  return [{ unit: 'aiTokens', model, amount: inputTokens + outputTokens, costNanoUsd: null }];
}
