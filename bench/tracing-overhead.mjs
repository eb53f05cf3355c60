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
/** Of the p50 of a bare server. */
const mostAdded = 0.05;

const services = await startServices();
const receiver = await startChild(new URL('lib/receiver.mjs', import.meta.url));
const env = { ...services.env, RECEIVER_URL: `http://127.0.0.1:${receiver.port}/v1/traces` };
const program = new URL('tracing-overhead/app.cjs', import.meta.url);
const apps = await startServers(program, contestants, env);

try {
  for (const [route, load] of Object.entries(routes)) {
    const samples = await serverRounds(apps, { ...load, ...settings, drainMsOf });
    show(route, samples);
    claimAll(route, samples);
  }
  await showMemory(report, apps);
  report.end();
} finally {
  await Promise.all([...Object.values(apps), receiver].map((child) => child.end()));
  await services.close();
}

function show(route, { cpuUs, p50Ms, p95Ms }) {
  const rows = Object.keys(contestants).map((name) => [
    name,
    short(medianOf(cpuUs[name])),
    name === 'bare' ? '' : `+${short(addedBy(cpuUs, name, 'bare'))}`,
    times(ratioOf(cpuUs, name, 'node-sdk')),
    short(medianOf(p50Ms[name])),
    times(ratioOf(p50Ms, name, 'bare')),
    short(medianOf(p95Ms[name])),
    times(ratioOf(p95Ms, name, 'node-sdk')),
  ]);
  const head = ['', 'CPU µs', 'added', 'to node-sdk', 'p50 ms', 'to bare', 'p95 ms', 'to node-sdk'];
  report.table(`A request to the route ${route}`, head, rows);
  const roles = { ours: ['unite'], limit: ['bare', 'bare, again'] };
  report.bars({
    title: `A request to the route ${route}: processor time of the server`,
    unit: 'µs',
    bars: barsOf(cpuUs, roles),
  });
  report.bars({
    title: `A request to the route ${route}: p95`,
    unit: 'ms',
    bars: barsOf(p95Ms, roles),
  });
}

function claimAll(route, { cpuUs, p50Ms, p95Ms }) {
  const peers = Object.keys(contestants).filter((name) => !/^(bare|unite)/.test(name));
  for (const peer of peers) {
    const ratio = ratioOf(cpuUs, 'unite', peer).median;
    report.claim(`${route}: less CPU a request than ${peer}`, ratio < 1, {
      figure: `${short(ratio)}×`,
      isOfMachine: true,
    });
  }
  if (!route.startsWith('reference')) return;
  const apart = (samples) => Math.abs(ratioOf(samples, 'bare, again', 'bare').median - 1);
  const percent = (share) => `${(share * 100).toFixed(1)} %`;
  const added = ratioOf(p50Ms, 'unite', 'bare').median - 1;
  report.claim(`${route}: at most 5 % added at p50`, added <= mostAdded, {
    figure: percent(added),
    isOfMachine: true,
    ...voidBecause(apart(p50Ms), mostAdded / 3, percent),
  });
  const toSdk = ratioOf(p95Ms, 'unite', 'node-sdk').median;
  report.claim(`${route}: p95 below NodeSDK's`, toSdk < 1, {
    figure: `${short(toSdk)}×`,
    isOfMachine: true,
    ...voidBecause(apart(p95Ms), Math.abs(toSdk - 1), percent),
  });
}
