import { startApm } from '../../packages/apm/dist/index.js';
import { prometheus } from '../../packages/apm/dist/prometheus.js';
import { slo } from '../../packages/apm/dist/slo.js';
import { loopOf } from '../lib/rounds.mjs';
import { repeated } from './loops.mjs';

const sync = { isAsync: false };

/** Routes, label values and series, up to their caps and over them; objectives; and whose costs are kept. */
export async function apm(axes) {
  await routes(axes);
  await labelValues(axes);
  await seriesOfScrape(axes);
  await objectives(axes);
  await tenantsOfLedger(axes);
}

async function routes(axes) {
  await population(axes, {
    name: 'apm: routes',
    operation: 'an observed request, of 300 routes at most',
    counts: [10, 100, 1_000, 10_000],
    valueAt: (at) => `/contacts/${at}`,
    record: (one) => (route) => {
      one.observe({ method: 'GET', route }).end({ status: 200 });
      return true;
    },
  });
}

async function labelValues(axes) {
  await population(axes, {
    name: 'apm: values of a label',
    operation: 'to count one, of 1,000 at most',
    counts: [10, 100, 1_000, 10_000, 100_000],
    valueAt: (at) => ({ campaign: `campaign-${at}` }),
    record: (one) => (labels) => {
      one.count('sent_total', 1, labels);
      return true;
    },
  });
}

async function tenantsOfLedger(axes) {
  const made = await population(axes, {
    name: 'apm: tenants in the ledger of costs',
    operation: 'to record a cost, in 10,000 rows at most',
    counts: [10, 100, 1_000, 10_000, 100_000],
    valueAt: (at) => ({
      kind: 'storage',
      costNanoUsd: 1_000n + BigInt((at * 7_919) % 1_000),
      tenantId: `tenant-${at}`,
      route: 'GET /files',
    }),
    record: (one) => (entry) => {
      one.recordCost(entry);
      return true;
    },
    keepOpen: true,
  });
  await axes.measure({
    name: 'apm: rows in the report of costs',
    operation: 'a report, the dearest first',
    x: 'size',
    points: made
      .filter(({ x }) => x <= 10_000)
      .map(({ x, one }) => ({ x, run: repeated(() => one.costs(), sync) })),
  });
  for (const { one } of made) await one.close();
}

async function seriesOfScrape(axes) {
  const made = [10, 100, 1_000, 10_000, 50_000].map((x) => {
    const sink = prometheus();
    const one = start({ sinks: [sink] });
    for (let at = 0; at < x; at++) one.count(`events_${at % 50}_total`, 1, { campaign: `campaign-${at}` });
    return { x, sink, one };
  });
  await axes.measure({
    name: 'apm: series in a scrape',
    operation: 'a scrape',
    x: 'size',
    points: made.map(({ x, sink }) => ({ x, run: repeated(async () => (await sink.metrics()).text()) })),
    limit: {
      name: "prom-client's own writer",
      points: made.map(({ x, sink }) => ({ x, run: repeated(() => sink.registry.metrics()) })),
    },
  });
  for (const { one } of made) await one.close();
}

async function objectives(axes) {
  const made = [1, 3, 10, 25, 50].map((x) => ({
    x,
    one: start({
      slos: Array.from({ length: x }, (_, at) =>
        slo(
          `objective-${at + 1}`.replaceAll(/\d/g, (digit) => 'abcdefghij'[digit]),
          { target: 0.99, underMs: 200 },
        ),
      ),
    }),
  }));
  await axes.measure({
    name: 'apm: objectives of a route',
    operation: 'an observed request',
    x: 'size',
    points: made.map(({ x, one }) => ({
      x,
      run: repeated(() => {
        one.observe({ method: 'GET', route: '/contacts' }).end({ status: 200 });
        return true;
      }, sync),
    })),
  });
  for (const { one } of made) await one.close();
}

async function population(axes, { name, operation, counts, valueAt, record, keepOpen = false }) {
  const made = counts.map((x) => {
    const one = start({ sinks: [prometheus()] });
    const values = Array.from({ length: Math.max(x, 8) }, (_, at) => valueAt(at % x));
    const run = record(one);
    for (const value of values) run(value);
    return { x, one, run: loopOf(run, values, sync) };
  });
  await axes.measure({ name, operation, x: 'population', points: made });
  if (!keepOpen) for (const { one } of made) await one.close();
  return made;
}

function start(options) {
  return startApm({ service: { name: 'bench', release: 'v1' }, crash: false, channels: false, ...options });
}
