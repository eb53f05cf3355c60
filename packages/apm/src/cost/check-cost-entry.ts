import { describeValue } from '@unite/shared';
import { costNameDemand, isCostName } from './cost-name';
import type { CostEntry } from './cost-types';

/** A billion dollars: more is a mistake of units. */
const mostNanoUsd = 10n ** 18n;

/**
 * Checks a cost that is known, and reads each field once.
 *
 * @throws TypeError that names the field
 */
export function checkCostEntry(entry: CostEntry): CostEntry {
  if (typeof entry !== 'object' || entry === null) throw invalid('entry', 'an object', entry);
  const { kind, costNanoUsd, name, tenantId, route } = entry;
  if (!isCostName(kind)) throw invalid('kind', costNameDemand, kind);
  for (const [field, text] of Object.entries({ name, tenantId, route })) {
    if (text !== undefined && text !== '' && !isCostName(text)) throw invalid(field, costNameDemand, text);
  }
  const isCost = typeof costNanoUsd === 'bigint' && costNanoUsd <= mostNanoUsd && costNanoUsd >= -mostNanoUsd;
  if (!isCost) {
    // A bigint that is too large may have any number of digits.
    const got = typeof costNanoUsd === 'bigint' ? 'a larger one' : costNanoUsd;
    throw invalid('costNanoUsd', `a bigint within ${mostNanoUsd} (a billion dollars)`, got);
  }
  return { kind, costNanoUsd, name, tenantId, route };
}

function invalid(field: string, demand: string, got: unknown): TypeError {
  return new TypeError(`recordCost: ${field} must be ${demand}, got ${describeValue(got)}`);
}
