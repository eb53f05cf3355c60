import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { currentContext, runWithContext } from '@unite/core/context';
import { createQuota, definePlans, type Quota, type QuotaLedger } from '@unite/quota';
import { definePrices } from '@unite/quota/cost';
import { postgresLedger, quotaLedgerSql } from '@unite/quota/postgres';
import { type PostgresCluster, startPostgres } from '@unite/services';
import pg from 'pg';
import { type CostLedger, createCostLedger } from '../../src/cost';
import type { CostRow, QuotaUse } from '../../src/cost/cost-types';
import { recordMetrics } from './support/record-metrics';

const tenants = ['acme', 'globex', 'initech'];
const routes = ['POST /api/score', 'POST /api/draft', 'GET /api/contacts/[id]'];
const prices = definePrices({
  version: '2026-11',
  models: {
    small: { inputPerMillionUsd: '0.15', cachedInputPerMillionUsd: '0.075', outputPerMillionUsd: '0.6' },
    large: { inputPerMillionUsd: '2.333333333', outputPerMillionUsd: 10, reasoningPerMillionUsd: '7.77' },
  },
  unitsPerMillionUsd: { apiCalls: '2.5' },
});
const plans = definePlans({ pro: { apiCallsPerDay: null, aiTokensPerDay: null, monthlyPriceUsd: 49 } });

let cluster: PostgresCluster;
let pool: pg.Pool;
beforeAll(async () => {
  cluster = await startPostgres({ replicas: 0 });
  pool = new pg.Pool({ connectionString: cluster.primaryUrl });
  await pool.query(quotaLedgerSql());
});
afterAll(async () => {
  await pool?.end();
  await cluster?.close();
});

let metrics: ReturnType<typeof recordMetrics>;
let costs: CostLedger;
let told: (message: unknown) => void;
beforeEach(() => {
  metrics = recordMetrics();
  const service = { name: 'crm', release: 'v1' };
  costs = createCostLedger({ service, prices, context: currentContext, recorder: metrics.recorder });
  told = (message) => costs.recordQuotaUse(message as QuotaUse);
  subscribe('unite:quota:use', told);
});
afterEach(() => void unsubscribe('unite:quota:use', told));

it.each(['store', 'ledger'] as const)(
  "equals quota's ledger to the last unit, by route, unit and model: durable in the %s",
  async (durability) => {
    const ledger = postgresLedger(pool, { namespace: durability });
    const quota = createQuota({ plans, prices, ledger, durability });
    await Promise.all(Array.from({ length: 300 }, (_, at) => inRequest(at, () => play(quota, at))));
    await quota.record({ tenantId: 'acme', plan: 'pro', use: { apiCalls: 7 } });
    expect(await quota.close()).toEqual({ drained: true, lost: 0 });

    const { rows, unpriced, overflowed, refused } = costs.report();
    expect({ unpriced, overflowed, refused }).toEqual({
      unpriced: ['unheard-of'],
      overflowed: 0,
      refused: 0,
    });
    for (const tenantId of tenants) {
      const written = await writtenFor(ledger, tenantId);
      expect(written.length).toBeGreaterThan(10);
      expect(linesOf(rows.filter((row) => row.tenantId === tenantId))).toEqual(written);
    }
    // Counters are at or above the net: what was given back is owed to what comes next.
    const totalUsd = Number(costs.report().totalNanoUsd) / 1e9;
    expect(metrics.sumOf('cost_usd_total')).toBeGreaterThanOrEqual(totalUsd - 1e-9);
    expect(metrics.metric('ai_unpriced_tokens_total', { model: 'unheard-of' })).toBeGreaterThan(0);
  },
);

/** Kinds of use that a service has: at once, as an estimate that was too high or too low, given back, and late. */
async function play(quota: Quota<'pro'>, at: number): Promise<void> {
  const model = { model: at % 2 ? 'small' : 'large', inputTokens: 1_000 + at, outputTokens: 333 + at };
  const terms = { plan: 'pro', use: { apiCalls: 1 } } as const;
  const actual = { ...model, cachedInputTokens: at, reasoningTokens: 7 };
  switch (at % 7) {
    case 0:
      return void (await quota.check(terms));
    case 1:
      return void (await quota.reserve({ ...terms, model }, (hold) =>
        hold.commit({ ...actual, inputTokens: 500, outputTokens: 33 }),
      ));
    case 2:
      return void (await quota.reserve({ ...terms, model }, (hold) =>
        hold.commit({ ...actual, outputTokens: 9_000 }),
      ));
    case 3:
      return void (await (await quota.reserve({ ...terms, model })).release());
    case 4:
      return void (await quota.reserve({ ...terms, model }, (hold) =>
        hold.commit({ ...actual, model: 'unheard-of' }),
      ));
    case 5:
      // The call names another tenant than the request.
      return quota.record({ ...terms, tenantId: tenants[(at + 1) % 3], model });
    default: {
      const hold = await quota.reserve({ ...terms, model, expiresInMs: 1 });
      await new Promise((resolve) => hold.signal.addEventListener('abort', resolve, { once: true }));
      await hold.commit({ ...actual, inputTokens: 10, outputTokens: 10, cachedInputTokens: 0 });
    }
  }
}

function inRequest<Result>(at: number, work: () => Result): Result {
  const tenantId = tenants[at % 3];
  return runWithContext({ requestId: `${at}`, tenantId, route: routes[at % 2], state: new Map() }, work);
}

async function writtenFor(ledger: QuotaLedger, tenantId: string): Promise<readonly string[]> {
  const totals = await ledger.totals(tenantId, 0, Date.now() + 60_000);
  return totals
    .filter(({ unit, costNanoUsd, unpriced }) => unit !== '' && (costNanoUsd !== 0n || unpriced > 0))
    .map(({ route = '', unit, model = '', costNanoUsd }) => `${route} ${unit} ${model} ${costNanoUsd}`)
    .sort();
}

function linesOf(rows: readonly CostRow[]): readonly string[] {
  return rows
    .filter(({ costNanoUsd, kind }) => costNanoUsd !== 0n || kind === 'aiTokens')
    .map(({ route, kind, name, costNanoUsd }) => `${route} ${kind} ${name} ${costNanoUsd}`)
    .sort();
}
