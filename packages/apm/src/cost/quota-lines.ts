import { isCostName } from './cost-name';
import type { QuotaUse } from './cost-types';
import type { PricedLine } from './price-lines';

/**
 * What a use came to, one line for each unit and model: a settlement says what is new and takes the estimate back, and
 * only their difference is a change.
 *
 * @throws TypeError for what is no such message
 */
export function quotaLines({ costs }: QuotaUse): readonly PricedLine[] {
  const lines = new Map<string, PricedLine>();
  for (const { unit, model, amount = 0, costNanoUsd, isUnpriced = false } of costs) {
    const isNamed = isCostName(unit) && (model === '' || isCostName(model));
    if (!isNamed || !Number.isSafeInteger(amount) || typeof costNanoUsd !== 'bigint') {
      throw new TypeError('costs of unite:quota:use must have a unit, a model, a whole amount and a bigint');
    }
    const key = JSON.stringify([unit, model]);
    const sum = lines.get(key);
    lines.set(key, {
      unit,
      model,
      amount: (sum?.amount ?? 0) + amount,
      costNanoUsd: (sum?.costNanoUsd ?? 0n) + costNanoUsd,
      isUnpriced: isUnpriced || sum?.isUnpriced,
    });
  }
  return [...lines.values()];
}
