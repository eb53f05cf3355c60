import { checkOptions, expects } from '@unite/shared';
import type { UsdAmount } from '../plan/plan-types';
import type { ModelPrice, PriceBook, PriceBookOptions } from './cost-types';
import { isPriceName, priceNameDemand } from './price-name';
import { PriceTable, type TokenPrices } from './price-table';
import { nanoUsd } from './usd';

const owner = 'definePrices';

/**
 * A price book: what models and units cost, checked once and kept as whole numbers. What the caller changes afterwards
 * has no effect.
 *
 * Prices are for a million. One of 0.000015 dollars a token is `15` here, not `0.15`; `'0.15'` and `0.15` are the same.
 *
 * @throws TypeError that names the model and the field, for a price that is negative, no plain decimal, or finer than a
 *   billionth of a dollar; for an empty version; for names that are empty or have control characters
 * @example
 * const prices = definePrices({
 *   version: '2026-11',
 *   models: { 'small-1': { inputPerMillionUsd: 0.15, outputPerMillionUsd: 0.6, cachedInputPerMillionUsd: '0.075' } },
 *   unitsPerMillionUsd: { apiCalls: 2 },
 * });
 */
export function definePrices(options: PriceBookOptions): PriceBook {
  checkOptions(owner, options, { version: name, models: byName, unitsPerMillionUsd: byName }, ['version']);
  const { version, models = {}, unitsPerMillionUsd = {} } = options;
  return new PriceTable(
    version,
    new Map(namedEntries('models', models).map(([model, price]) => [model, tokenPrices(model, price)])),
    new Map(
      namedEntries('unitsPerMillionUsd', unitsPerMillionUsd).map(([unit, price]) => [
        unit,
        nanoUsd(`${owner}: unitsPerMillionUsd[${JSON.stringify(unit)}]`, price),
      ]),
    ),
  );
}

const name = expects(priceNameDemand, isPriceName);
/** A `Map` has no keys of its own: its prices would be missed. */
const byName = expects(
  'an object of prices by name',
  (value) => typeof value === 'object' && value !== null && !(Symbol.iterator in value),
);
/** The field says what it must be when it is read. */
const anything = () => undefined;

function namedEntries<Value>(
  option: string,
  values: Readonly<Record<string, Value>>,
): readonly [string, Value][] {
  const entries = Object.entries(values);
  for (const [key] of entries) {
    if (!isPriceName(key)) {
      throw new TypeError(
        `${owner}: a name in ${option} must be ${priceNameDemand}, got ${JSON.stringify(key)}`,
      );
    }
  }
  return entries;
}

function tokenPrices(model: string, price: ModelPrice): TokenPrices {
  const path = `models[${JSON.stringify(model)}]`;
  checkOptions(`${owner}: ${path}`, price, {
    inputPerMillionUsd: anything,
    outputPerMillionUsd: anything,
    cachedInputPerMillionUsd: anything,
    reasoningPerMillionUsd: anything,
  });
  const { inputPerMillionUsd: input, outputPerMillionUsd: output } = price;
  const { cachedInputPerMillionUsd: cached = input, reasoningPerMillionUsd: reasoning = output } = price;
  const nano = (field: keyof ModelPrice, amount: UsdAmount) => nanoUsd(`${owner}: ${path}.${field}`, amount);
  return {
    inputTokens: nano('inputPerMillionUsd', input),
    outputTokens: nano('outputPerMillionUsd', output),
    cachedInputTokens: nano('cachedInputPerMillionUsd', cached),
    reasoningTokens: nano('reasoningPerMillionUsd', reasoning),
  };
}
