import type { CostLine } from '../ledger/ledger-types';
import type { UsdAmount } from '../plan/plan-types';

/**
 * Prices of one model, in US dollars for a million tokens. A price of 0.000015 dollars a token is `15` for a million,
 * not `0.15`.
 */
export interface ModelPrice {
  readonly inputPerMillionUsd: UsdAmount;
  readonly outputPerMillionUsd: UsdAmount;
  /** Of input tokens that the provider had cached. @default `inputPerMillionUsd` */
  readonly cachedInputPerMillionUsd?: UsdAmount | undefined;
  /** Of output tokens that were thought and not said. @default `outputPerMillionUsd` */
  readonly reasoningPerMillionUsd?: UsdAmount | undefined;
}

/** What things cost. Made by `definePrices`. */
export interface PriceBookOptions {
  /** Kept with every event, so that a bill can be explained later: `2026-11`. */
  readonly version: string;
  /** Model → prices. */
  readonly models?: Readonly<Record<string, ModelPrice>> | undefined;
  /** Unit → price of a million, in US dollars: `{ apiCalls: 2 }`. */
  readonly unitsPerMillionUsd?: Readonly<Record<string, UsdAmount>> | undefined;
}

/** What a model used. Cached and reasoning tokens are among the input and the output. */
export interface ModelUsage {
  readonly model: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** @default 0 */
  readonly cachedInputTokens?: number | undefined;
  /** @default 0 */
  readonly reasoningTokens?: number | undefined;
}

/** Prices that were checked. Made by `definePrices`. */
export interface PriceBook {
  readonly version: string;
  /** The units that have a price. */
  readonly units: readonly string[];
  /** Whether the model has a price. */
  hasModel(model: string): boolean;
  /**
   * One line for each kind of token (input, cached input, output, reasoning) that was used, each rounded once, half up.
   * A model without a price gives one line, for all its tokens, whose cost is `null`.
   *
   * @throws QuotaError `UNITE_QUOTA_AMOUNT_INVALID` for counts that are none, `UNITE_QUOTA_KEY_INVALID` for a model's
   *   name that is none
   */
  modelLines(usage: ModelUsage): readonly CostLine[];
  /** Price of a million of a unit, in billionths of a US dollar; `undefined` where it has none. */
  unitPriceNanoUsdPerMillion(unit: string): bigint | undefined;
}
