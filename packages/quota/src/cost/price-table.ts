import type { CostLine } from '../ledger/ledger-types';
import { type CheckedUsage, checkUsage } from './check-usage';
import { costOf } from './cost-of';
import type { ModelUsage, PriceBook } from './cost-types';

/** Kind of token → price of a million, in billionths of a US dollar. */
export type TokenPrices = Readonly<Record<Exclude<keyof CheckedUsage, 'model'>, bigint>>;

/** The price book that `definePrices` makes. */
export class PriceTable implements PriceBook {
  readonly version: string;
  readonly units: readonly string[];
  readonly #models: ReadonlyMap<string, TokenPrices>;
  readonly #units: ReadonlyMap<string, bigint>;

  constructor(version: string, models: ReadonlyMap<string, TokenPrices>, units: ReadonlyMap<string, bigint>) {
    this.version = version;
    this.units = [...units.keys()];
    this.#models = models;
    this.#units = units;
  }

  hasModel(model: string): boolean {
    return this.#models.has(model);
  }

  modelLines(usage: ModelUsage): readonly CostLine[] {
    const checked = checkUsage(usage);
    const prices = this.#models.get(checked.model);
    return prices === undefined ? [unpricedLine(checked)] : pricedLines(checked, prices);
  }

  unitPriceNanoUsdPerMillion(unit: string): bigint | undefined {
    return this.#units.get(unit);
  }
}

function unpricedLine({ model, inputTokens, outputTokens }: CheckedUsage): CostLine {
  return { unit: 'aiTokens', model, amount: inputTokens + outputTokens, costNanoUsd: null };
}

/** Cached tokens are among the input and reasoning tokens among the output: each token is billed once. */
function pricedLines(usage: CheckedUsage, prices: TokenPrices): readonly CostLine[] {
  const { model, inputTokens, cachedInputTokens, outputTokens, reasoningTokens } = usage;
  const amounts = [
    ['inputTokens', inputTokens - cachedInputTokens],
    ['cachedInputTokens', cachedInputTokens],
    ['outputTokens', outputTokens - reasoningTokens],
    ['reasoningTokens', reasoningTokens],
  ] as const;
  return amounts
    .filter(([, amount]) => amount > 0)
    .map(([unit, amount]) => ({ unit, model, amount, costNanoUsd: costOf(amount, prices[unit]) }));
}
