/**
 * Cost by endpoint against the ledger of quotas: metered calls of several tenants and routes at once, with estimates
 * that were too high and too low, and a model without a price. Each sum must be the same to the billionth of a dollar.
 *
 * node apm-cost.mjs [--quick]   (build the packages first)
 */

import { startApm } from '../packages/apm/dist/index.js';
import { createContext, runWithContext } from '../packages/core/dist/context.js';
import { definePrices } from '../packages/quota/dist/cost.js';
import { createQuota, definePlans } from '../packages/quota/dist/index.js';
import { memoryLedger } from './apm-cost/memory-ledger.mjs';
import { Report } from './lib/report.mjs';

const report = new Report({
  title: 'Cost by endpoint',
  subject: 'apm',
  about:
    'Metered calls of 50 tenants and four routes at once, with estimates that were too high and too low, and a model without a price: what apm adds up by endpoint against the ledger of quotas.',
});
const calls = report.quick ? 10_000 : 100_000;
const atOnce = 200;
const tenants = Array.from({ length: 50 }, (_, at) => `tenant-${at}`);
const routes = ['POST /api/score', 'POST /api/draft', 'GET /api/contacts/[id]', 'POST /api/campaigns'];
const models = ['small', 'large', 'unheard-of'];

const prices = definePrices({
  version: '2026-11',
  models: {
    small: { inputPerMillionUsd: '0.15', cachedInputPerMillionUsd: '0.075', outputPerMillionUsd: '0.6' },
    large: { inputPerMillionUsd: '2.333333333', outputPerMillionUsd: 10, reasoningPerMillionUsd: '7.77' },
  },
  unitsPerMillionUsd: { apiCalls: '2.5' },
});
const plans = definePlans({ pro: { apiCallsPerDay: null, aiTokensPerDay: null, monthlyPriceUsd: 49 } });
const ledger = memoryLedger();
const quota = createQuota({ plans, prices, ledger });
const apm = startApm({ service: { name: 'bench', release: 'v1' }, prices, crash: false });

const startMs = performance.now();
const todo = Array.from({ length: calls }, (_, at) => at).values();
await Promise.all(
  Array.from({ length: atOnce }, async () => {
    for (const at of todo) await metered(at);
  }),
);
const tookMs = performance.now() - startMs;
const { lost } = await quota.close();
const { rows, totalNanoUsd, unpriced, overflowed, refused } = apm.costs();
const sums = ledger.sums();
const told = new Map(
  rows.map(({ route, tenantId, kind, name, costNanoUsd }) => [
    [route, tenantId, kind, name].join(' | '),
    costNanoUsd,
  ]),
);
const different = [...new Set([...sums.keys(), ...told.keys()])].filter(
  (key) => sums.get(key) !== told.get(key),
);
await apm.close();

report.note(
  `${calls.toLocaleString('en')} calls of ${tenants.length} tenants, ${atOnce} at once, ${Math.round(calls / (tookMs / 1_000)).toLocaleString('en')} a second.`,
);
report.table(
  'Cost by endpoint, billionths of a dollar',
  ['endpoint', 'apm', "quota's ledger", 'off by'],
  routes.map((route) => {
    const [ours, theirs] = [told, sums].map((all) => sumOf(all, route));
    return [route, ours.toLocaleString('en'), theirs.toLocaleString('en'), `${ours - theirs}`];
  }),
);
const written = [...sums.values()].reduce((sum, cost) => sum + cost, 0n);
report.claim('each sum by endpoint, tenant, unit and model is the ledger’s', different.length === 0, {
  figure: `${different.length} of ${sums.size} differ`,
});
report.claim('the total is, to the billionth of a dollar', totalNanoUsd === written && written > 0n);
report.claim('the model without a price is named', unpriced.join() === 'unheard-of');
report.claim('nothing is lost, refused or over a cap', lost === 0 && overflowed === 0 && refused === 0);
report.end();

/** @param {number} at */
function metered(at) {
  const tenantId = tenants[at % tenants.length];
  const route = routes[(at >> 3) % routes.length];
  return runWithContext(createContext({ tenantId, route, plan: 'pro' }), async () => {
    const use = { apiCalls: 1 };
    const usage = { model: models[at % 2], inputTokens: 1_000 + (at % 777), outputTokens: 500 };
    if (at % 4 === 0) return quota.check({ use });
    if (at % 4 === 1) return quota.record({ use, model: usage });
    return quota.reserve({ use, model: usage }, (hold) =>
      hold.commit({
        ...usage,
        model: models[at % 40 === 2 ? 2 : at % 2],
        outputTokens: at % 3 ? at % 400 : 500 + (at % 4_000),
        reasoningTokens: 0,
        cachedInputTokens: at % 900,
      }),
    );
  });
}

/** @param {Map<string, bigint>} all @param {string} route */
function sumOf(all, route) {
  const own = [...all].filter(([key]) => key.startsWith(`${route} | `));
  return own.reduce((sum, [, cost]) => sum + cost, 0n);
}
