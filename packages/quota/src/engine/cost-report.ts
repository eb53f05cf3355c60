import type { LedgerTotal } from '../ledger/ledger-types';
import type { Period } from '../period/period-types';
import type { CostReport, CostShare } from '../types';

/** What a period has cost so far, by what, where and by which model. */
export function costReport(totals: readonly LedgerTotal[], period: Period, nowMs: number): CostReport {
  const totalNanoUsd = totals.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0n);
  const elapsedMs = BigInt(Math.max(1, Math.floor(nowMs - period.startAtMs)));
  const lengthMs = BigInt(period.endAtMs - period.startAtMs);
  return {
    ...period,
    totalNanoUsd,
    forecastNanoUsd: (totalNanoUsd * lengthMs) / elapsedMs,
    byUnit: sharesBy(totals, ({ unit }) => unit),
    byRoute: sharesBy(totals, ({ route }) => route),
    byModel: sharesBy(totals, ({ model }) => model),
    unpriced: totals.reduce((sum, { unpriced }) => sum + unpriced, 0),
  };
}

/** The dearest first. */
function sharesBy(
  totals: readonly LedgerTotal[],
  nameOf: (total: LedgerTotal) => string | undefined,
): CostShare[] {
  const shares = new Map<string, { amount: bigint; costNanoUsd: bigint }>();
  for (const total of totals) {
    const name = nameOf(total);
    if (name === undefined) continue;
    const share = shares.get(name) ?? { amount: 0n, costNanoUsd: 0n };
    share.amount += total.amount;
    share.costNanoUsd += total.costNanoUsd;
    shares.set(name, share);
  }
  return [...shares]
    .map(([name, share]) => ({ name, ...share }))
    .sort((one, other) => Number(other.costNanoUsd - one.costNanoUsd) || Number(other.amount - one.amount));
}
