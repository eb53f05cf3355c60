import type { SlosScreen } from '../../screen-types';

/** How many requests may be bad, of those that have come, and how many are. */
export function budgetOf({
  target,
  good,
  total,
}: Pick<SlosScreen['rows'][number], 'target' | 'good' | 'total'>) {
  return { allowed: total * (1 - target), spent: total - good };
}
