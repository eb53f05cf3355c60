import type { CostReport, CostShare, UsageReport } from '../types';

/**
 * What the usage handlers answer, as JSON: a report in which large numbers are text. Types only, for a front end too.
 *
 * @example
 * const usage: UsageDocument = await (await fetch('/api/usage')).json();
 */
export interface UsageDocument extends Omit<UsageReport, 'cost'> {
  readonly cost: CostDocument | null;
}

/** Costs in billionths of a US dollar as text (`…NanoUsd`), and in US dollars as exact decimals (`…Usd`). */
export interface CostDocument
  extends Omit<CostReport, 'totalNanoUsd' | 'forecastNanoUsd' | 'byUnit' | 'byRoute' | 'byModel'> {
  readonly totalNanoUsd: string;
  readonly totalUsd: string;
  readonly forecastNanoUsd: string;
  readonly forecastUsd: string;
  readonly byUnit: readonly CostShareDocument[];
  readonly byRoute: readonly CostShareDocument[];
  readonly byModel: readonly CostShareDocument[];
}

/** A share of the cost, as JSON. */
export interface CostShareDocument extends Pick<CostShare, 'name'> {
  readonly amount: string;
  readonly costNanoUsd: string;
  readonly costUsd: string;
}
