import { warnOnce } from '@unite/shared';
import type { CheckedAiUsage } from './check-ai-usage';
import { isCostName } from './cost-name';
import type { CostPrices } from './cost-types';

/** One line of a bill. */
export interface PricedLine {
  /** The kind of token, or the unit. */
  readonly unit: string;
  readonly model: string;
  readonly amount: number;
  /** Billionths of a US dollar; 0 where there is no price. */
  readonly costNanoUsd: bigint;
  readonly isUnpriced?: boolean | undefined;
}

/**
 * What a model used, by the price book: that one bills each token once, cached and reasoning tokens apart. Without a
 * price there is one line, for all tokens; so there is where the price book fails, since nothing may be free unseen.
 */
export function priceLines(prices: CostPrices | undefined, usage: CheckedAiUsage): readonly PricedLine[] {
  const { model, inputTokens, cachedInputTokens, outputTokens, reasoningTokens } = usage;
  const unpriced = [
    { unit: 'aiTokens', model, amount: inputTokens + outputTokens, costNanoUsd: 0n, isUnpriced: true },
  ];
  if (!prices) return unpriced;
  try {
    return prices
      .modelLines({ model, inputTokens, cachedInputTokens, outputTokens, reasoningTokens })
      .map(({ unit, amount, costNanoUsd }) => checked({ unit, model, amount, costNanoUsd }));
  } catch (error) {
    const why = error instanceof Error ? `: ${error.message.slice(0, 200)}` : '';
    warnOnce('UNITE_APM_PRICES_FAILED', `The price book failed, so that costs are too low${why}`);
    return unpriced;
  }
}

/** @throws TypeError for what no price book may answer */
function checked(line: Omit<PricedLine, 'costNanoUsd'> & { costNanoUsd: bigint | null }): PricedLine {
  const { unit, amount, costNanoUsd } = line;
  const isCost = costNanoUsd === null || (typeof costNanoUsd === 'bigint' && costNanoUsd >= 0n);
  if (!isCost || !isCostName(unit) || !Number.isSafeInteger(amount)) {
    throw new TypeError(
      'modelLines must answer with lines of a unit, a whole amount, and a bigint from 0 or null',
    );
  }
  return { ...line, costNanoUsd: costNanoUsd ?? 0n, isUnpriced: costNanoUsd === null };
}
