/**
 * What tracing costs a request: an Express server with PostgreSQL and Redis, bare, with @unite/tracing, with
 * OpenTelemetry's NodeSDK, with @vercel/otel and with Sentry, each tracing every request and sending it to the same
 * receiver, by OTLP over HTTP but for Sentry, which has envelopes of its own. Each in a process of its own; rounds
 * interleaved; medians, ranges, and ratios within each round.
 *
 * node tracing-overhead.mjs [--quick]   (build the packages first)
 */
import { addedBy } from './lib/added-by.mjs';
import { barsOf } from './lib/bars-of.mjs';
import { quantile, senderTo } from './lib/http-load.mjs';
import { latencies } from './lib/latencies.mjs';
import { Report } from './lib/report.mjs';
import { medianOf, ratioOf } from './lib/rounds.mjs';
import { serverRounds } from './lib/server-rounds.mjs';
import { showMemory, startServers } from './lib/servers.mjs';
import { startChild } from './lib/start-child.mjs';
import { short, times } from './lib/table.mjs';
import { voidBecause } from './lib/void-because.mjs';
import { startServices } from './tracing-overhead/services.mjs';

const report = new Report({
  title: 'Tracing every request',
  subject: 'tracing',
  about:
    'An Express server with PostgreSQL and Redis, bare (twice, for A/A) and with each way to trace. Every request is traced and sent to the same receiver, by OTLP over HTTP but for Sentry’s envelopes. The reference route waits 10 ms and makes two queries and two commands of Redis.',
});
const { quick } = report;
/** Each is a server in a process of its own. */
const contestants = {
  bare: 'bare',
  'bare, again': 'bare',
  unite: 'unite',
  'node-sdk': 'node-sdk',
  ...(!quick && { 'vercel-otel': 'vercel-otel', sentry: 'sentry' }),
};
const settings = quick ? { rounds: 3, warmMs: 500 } : { rounds: 5, warmMs: 500 };
const routes = {
  trivial: { path: '/trivial', connections: 4, durationMs: quick ? 700 : 2_000 },
  'reference, 10 ms': { path: '/reference', connections: 8, durationMs: quick ? 1_000 : 3_000 },
};
/** What waits for export by then has gone; who is bare has nothing that waits. */
const drainMsOf = (name) => (contestants[name] === 'bare' ? 0 : quick ? 1_200 : 5_500);
/** Of each contestant, two at a time, in an order that is drawn anew each time. */
const latencyOf = { connections: 2, rounds: quick ? 300 : 2_000 };
/** Of the p50 of a bare server. */
const mostAdded = 0.05;

const services = await startServices();
const receiver = await startChild(new URL('lib/receiver.mjs', import.meta.url));
const env = { ...services.env, RECEIVER_URL: `http://127.0.0.1:${receiver.port}/v1/traces` };
const program = new URL('tracing-overhead/app.cjs', import.meta.url);
const apps = await startServers(program, contestants, env);

try {
  for (const [route, load] of Object.entries(routes)) {
    const cpuUs = await serverRounds(apps, { ...load, ...settings, drainMsOf });
    const senders = Object.entries(apps).map(([name, { port }]) => [name, senderTo({ ...load, port })]);
    const tookMs = await latencies(Object.fromEntries(senders), latencyOf);
    show(route, { cpuUs, tookMs });
    claimAll(route, { cpuUs, tookMs });
  }
  await showMemory(report, apps);
  report.end();
} finally {
  await Promise.all([...Object.values(apps), receiver].map((child) => child.end()));
  await services.close();
}

function show(route, { cpuUs, tookMs }) {
  const rows = Object.keys(contestants).map((name) => [
    name,
    short(medianOf(cpuUs[name])),
    name === 'bare' ? '' : `+${short(addedBy(cpuUs, name, 'bare'))}`,
    times(ratioOf(cpuUs, name, 'node-sdk')),
    short(quantile(tookMs[name], 0.5)),
    name === 'bare' ? '' : percent(added(tookMs, name, 0.5)),
    short(quantile(tookMs[name], 0.95)),
    short(quantile(tookMs[name], 0.99)),
  ]);
  const head = ['', 'CPU µs', 'added', 'to node-sdk', 'p50 ms', 'added to bare', 'p95 ms', 'p99 ms'];
  report.table(`A request to the route ${route}`, head, rows);
  const roles = { ours: ['unite'], limit: ['bare', 'bare, again'] };
  report.bars({
    title: `A request to the route ${route}: processor time of the server`,
    unit: 'µs',
    bars: barsOf(cpuUs, roles),
  });
}

function claimAll(route, { cpuUs, tookMs }) {
  const peers = Object.keys(contestants).filter((name) => !/^(bare|unite)/.test(name));
  for (const peer of peers) {
    const ratio = ratioOf(cpuUs, 'unite', peer).median;
    report.claim(`${route}: less CPU a request than ${peer}`, ratio < 1, {
      figure: `${short(ratio)}×`,
      isOfMachine: true,
    });
  }
  if (!route.startsWith('reference')) return;
  const atP50 = added(tookMs, 'unite', 0.5);
  report.claim(`${route}: at most 5 % added at p50`, atP50 <= mostAdded, {
    figure: `${percent(atP50)}; NodeSDK ${percent(added(tookMs, 'node-sdk', 0.5))}`,
    isOfMachine: true,
    whyMissed: `five spans take ${short(addedBy(cpuUs, 'unite', 'bare'))} µs of the processor here, which is what is added`,
    ...voidBecause(Math.abs(added(tookMs, 'bare, again', 0.5)), mostAdded / 3, percent),
  });
  const p95Ms = (name) => quantile(tookMs[name], 0.95);
  const apartMs = Math.abs(p95Ms('unite') - p95Ms('node-sdk'));
  report.claim(`${route}: p95 below NodeSDK's`, p95Ms('unite') < p95Ms('node-sdk'), {
    figure: `${short(p95Ms('unite'))} ms, ${short(p95Ms('node-sdk'))} ms`,
    isOfMachine: true,
    ...voidBecause(Math.abs(p95Ms('bare, again') - p95Ms('bare')), apartMs / 3, (ms) => `${short(ms)} ms`),
  });
}

/** What a contestant adds to the bare server, as a share of it. */
function added(tookMs, name, share) {
  const bare = quantile(tookMs.bare, share);
  return (quantile(tookMs[name], share) - bare) / bare;
}

function percent(share) {
  return `${(share * 100).toFixed(1)} %`;
}
