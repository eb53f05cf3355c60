export { type CalculatedCost, calculateCost } from './calculate-cost';
export { costOf } from './cost-of';
export type { ModelPrice, ModelUsage, PriceBook, PriceBookOptions } from './cost-types';
export { definePrices } from './define-prices';
export { type FormatUsdOptions, formatUsd } from './format-usd';
