import { describeValue } from '@unite/shared';
import { QuotaError } from '../errors';
import type { Use } from '../types';

/** @throws QuotaError `UNITE_QUOTA_AMOUNT_INVALID`, `UNITE_QUOTA_UNIT_UNKNOWN` */
export function checkUse(owner: string, use: Use, units: ReadonlySet<string>): void {
  // A `Map` has no amounts of its own: it would be free.
  if (typeof use !== 'object' || use === null || Symbol.iterator in use) {
    const text = `${owner}: "use" must be an object of whole amounts, such as { apiCalls: 1 }, got ${describeValue(use)}`;
    throw new QuotaError('UNITE_QUOTA_AMOUNT_INVALID', text);
  }
  for (const unit of Object.keys(use)) {
    if (!units.has(unit)) {
      const text = `${owner}: nothing limits or prices "${unit.slice(0, 64)}"; known are ${[...units].join(', ')}`;
      throw new QuotaError('UNITE_QUOTA_UNIT_UNKNOWN', text);
    }
    checkAmount(owner, `use.${unit}`, use[unit]);
  }
}

/** @throws QuotaError `UNITE_QUOTA_AMOUNT_INVALID` */
export function checkAmount(owner: string, field: string, amount: unknown): void {
  if (Number.isSafeInteger(amount) && (amount as number) >= 0) return;
  const demand = `a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`;
  throw new QuotaError(
    'UNITE_QUOTA_AMOUNT_INVALID',
    `${owner}: "${field}" must be ${demand}, got ${describeValue(amount)}`,
  );
}

/** What was used in truth, less what was reserved. */
export function differences(actual: Use, estimate: Use): Record<string, number> {
  const units = new Set([...Object.keys(actual), ...Object.keys(estimate)]);
  return Object.fromEntries(
    [...units]
      .map((unit) => [unit, (actual[unit] ?? 0) - (estimate[unit] ?? 0)] as const)
      .filter(([, by]) => by !== 0),
  );
}
