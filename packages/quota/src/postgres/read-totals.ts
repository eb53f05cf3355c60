import type { LedgerTotal } from '../ledger/ledger-types';
import type { Period } from '../period/period-types';
import { costUnit } from '../plan/name-limit';
import type { LedgerTables } from './ledger-tables';
import type { PgClientLike } from './postgres-types';
import { splitPeriod } from './split-period';
import { usageOf } from './usage-of';
import { ask } from './with-client';

interface TotalRow {
  readonly unit: string;
  readonly route: string;
  readonly model: string;
  readonly amount: string;
  readonly cost_nano_usd: string;
  readonly unpriced: string;
}

/**
 * Sums of whole quarters of an hour, and of single events before the first and after the last. Cost is no unit here: it
 * is what each unit's sum has beside it.
 */
export async function readTotals(
  client: PgClientLike,
  tables: LedgerTables,
  source: string,
  tenantId: string,
  period: Period,
): Promise<readonly LedgerTotal[]> {
  const { buckets } = splitPeriod(period);
  const times = [period.startAtMs, buckets.startAtMs, buckets.endAtMs, period.endAtMs];
  const rows = await ask<TotalRow>(client, totalsSql(tables), [source, tenantId, ...times]);
  return rows.map(({ unit, route, model, amount, cost_nano_usd, unpriced }) => ({
    unit,
    route: route || undefined,
    model: model || undefined,
    amount: BigInt(amount),
    costNanoUsd: BigInt(cost_nano_usd),
    unpriced: Number(unpriced),
  }));
}

function totalsSql(tables: LedgerTables): string {
  const between = (from: string, to: string) => `
    SELECT * FROM ${tables.events}
    WHERE source = $1 AND tenant_id = $2 AND occurred_at_ms >= ${from}::bigint AND occurred_at_ms < ${to}::bigint`;
  return `
SELECT unit, route, model, sum(amount)::text AS amount, sum(cost_nano_usd)::text AS cost_nano_usd,
  sum(unpriced)::text AS unpriced
FROM (
  SELECT unit, route, model, amount, cost_nano_usd, unpriced FROM ${tables.usage}
  WHERE source = $1 AND tenant_id = $2 AND bucket_at_ms >= $4::bigint AND bucket_at_ms < $5::bigint
  UNION ALL
  SELECT unit, route, model, amount, cost_nano_usd, unpriced
  FROM (${usageOf(`(${between('$3', '$4')} UNION ALL ${between('$5', '$6')})`)}) AS part
) AS parts
WHERE unit <> '${costUnit}'
GROUP BY unit, route, model
HAVING sum(amount) <> 0 OR sum(cost_nano_usd) <> 0 OR sum(unpriced) <> 0
ORDER BY unit, route, model`;
}
