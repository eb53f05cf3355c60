import { formatUsd } from '../cost/format-usd';
import type { CostReport, CostShare, UsageReport } from '../types';
import type { CostDocument, CostShareDocument, UsageDocument } from './usage-document-types';

/** A report as JSON can have it. */
export function usageDocument({ cost, ...report }: UsageReport): UsageDocument {
  return { ...report, cost: cost && costDocument(cost) };
}

function costDocument({ totalNanoUsd, forecastNanoUsd, byUnit, byRoute, byModel, ...rest }: CostReport) {
  return {
    ...rest,
    totalNanoUsd: String(totalNanoUsd),
    totalUsd: formatUsd(totalNanoUsd),
    forecastNanoUsd: String(forecastNanoUsd),
    forecastUsd: formatUsd(forecastNanoUsd),
    byUnit: byUnit.map(shareDocument),
    byRoute: byRoute.map(shareDocument),
    byModel: byModel.map(shareDocument),
  } satisfies CostDocument;
}

function shareDocument({ name, amount, costNanoUsd }: CostShare): CostShareDocument {
  return {
    name,
    amount: String(amount),
    costNanoUsd: String(costNanoUsd),
    costUsd: formatUsd(costNanoUsd),
  };
}
