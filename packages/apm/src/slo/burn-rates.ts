import type { Slo, SloCounts, SloReport } from './slo-types';

/** A pair of windows that both must burn faster than `factor`: the long one says that it matters, the short one that it goes on. */
export interface BurnRule {
  readonly severity: 'page' | 'ticket';
  readonly factor: number;
  readonly long: string;
  readonly short: string;
}

/**
 * Two pages and two tickets: 2 % of the budget of 30 days in an hour, 5 % in six, 10 % in a day, 10 % in three.
 *
 * @see Google SRE Workbook, chapter 5, table 5-8
 */
export const burnRules: readonly BurnRule[] = [
  { severity: 'page', factor: 14.4, long: '1h', short: '5m' },
  { severity: 'page', factor: 6, long: '6h', short: '30m' },
  { severity: 'ticket', factor: 3, long: '1d', short: '2h' },
  { severity: 'ticket', factor: 1, long: '3d', short: '6h' },
];

/**
 * The burn rate from which a rule holds. With a low target not even an outage burns 14 times too fast: all bad is
 * `1 / (1 - target)`. A total outage must hold the rule whatever the target.
 */
export function factorFor({ target }: Slo, { factor }: BurnRule): number {
  return Math.min(factor, 0.9 / (1 - target));
}

/** How fast the budget is used; `undefined` without requests. */
export function burnRate({ target }: Slo, { good, total }: SloCounts): number | undefined {
  return total === 0 ? undefined : (total - good) / total / (1 - target);
}

/** A process knows the last six hours: it warns where they use the budget faster than it grows, and still do. */
const warning: BurnRule = { severity: 'ticket', factor: 1, long: '6h', short: '30m' };

/** What burn rates come to. */
export function stateOf(slo: Slo, burnRates: SloReport['burnRates']): SloReport['state'] {
  if (burnRates['6h'] === undefined) return 'no-data';
  const holds = (rule: BurnRule): boolean =>
    [rule.long, rule.short].every((window) => {
      const rate = burnRates[window as keyof typeof burnRates];
      return rate !== undefined && rate > factorFor(slo, rule);
    });
  if (burnRules.some((rule) => rule.severity === 'page' && holds(rule))) return 'page';
  return holds(warning) ? 'warning' : 'ok';
}
