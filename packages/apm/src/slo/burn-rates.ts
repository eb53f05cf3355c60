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

/**
 * What a long window must have, one of both, before somebody is paged: one bad request of three burns as fast as an outage.
 *
 * @see Google SRE Workbook, chapter 5, "Low-Traffic Services and Error Budget Alerting"
 */
export const leastForPage = { bad: 10, total: 100 } as const;

/** A process knows the last six hours: it warns where they use the budget faster than it grows, and still do. */
const warning: BurnRule = { severity: 'ticket', factor: 1, long: '6h', short: '30m' };

/** What the counts of a process come to, by window. */
export function stateOf(slo: Slo, countsOver: (window: string) => SloCounts): SloReport['state'] {
  if (countsOver(warning.long).total === 0) return 'no-data';
  const holds = (rule: BurnRule): boolean =>
    [rule.long, rule.short].every((window) => {
      const rate = burnRate(slo, countsOver(window));
      return rate !== undefined && rate > factorFor(slo, rule);
    });
  const held = burnRules.filter((rule) => rule.severity === 'page' && holds(rule));
  if (held.some(({ long }) => isEnoughToPage(countsOver(long)))) return 'page';
  return held.length > 0 || holds(warning) ? 'warning' : 'ok';
}

function isEnoughToPage({ good, total }: SloCounts): boolean {
  return total - good >= leastForPage.bad || total >= leastForPage.total;
}
