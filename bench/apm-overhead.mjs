/**
 * What accounting for every request costs: an Express server bare, with @unite/apm and all its sinks (Sentry, Prometheus,
 * Datadog), with @sentry/node for errors only, with dd-trace, and with express-prom-bundle, each as its guide says and
 * each sending to local receivers. Each in a process of its own; rounds interleaved; medians, and differences and ratios
 * within each round.
 *
 * node apm-overhead.mjs [--quick]   (build the packages first)
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

const report = new Report({
  title: 'Accounting for every request',
  subject: 'apm',
  about:
    'An Express server bare (twice, for A/A), with @unite/apm and all its sinks (Sentry, Prometheus, Datadog), with @sentry/node for errors only, with dd-trace, and with express-prom-bundle, each sending to local receivers.',
});
const { quick } = report;
/** Each is a server in a process of its own. */
const contestants = {
  bare: 'bare',
  'bare, again': 'bare',
  unite: 'unite',
  'sentry-errors': 'sentry-errors',
  'dd-trace': 'dd-trace',
  'prom-bundle': 'prom-bundle',
};
const settings = quick ? { rounds: 3, warmMs: 500 } : { rounds: 5, warmMs: 500 };
const routes = {
  trivial: { path: '/trivial', connections: 4, durationMs: quick ? 700 : 2_000 },
  '10 ms': { path: '/waiting', connections: 8, durationMs: quick ? 1_000 : 3_000 },
};
/** What waits to be sent by then has gone; who is bare has nothing that waits. */
const drainMsOf = (name) => (contestants[name] === 'bare' ? 0 : quick ? 1_200 : 2_500);
/** Of each contestant, two at a time, in an order that is drawn anew each time. */
const latencyOf = { connections: 2, rounds: quick ? 300 : 4_000 };
const mostAddedMs = 0.5;

const receiver = await startChild(new URL('lib/receiver.mjs', import.meta.url));
const datagrams = await startChild(new URL('apm-overhead/datagrams.mjs', import.meta.url));
const env = {
  SENTRY_DSN: `http://${'a'.repeat(32)}@127.0.0.1:${receiver.port}/1`,
  TRACE_AGENT_URL: `http://127.0.0.1:${receiver.port}`,
  DATADOG_PORT: String(datagrams.port),
  // What it sends about itself goes to its makers.
  DD_INSTRUMENTATION_TELEMETRY_ENABLED: 'false',
};
const program = new URL('apm-overhead/app.cjs', import.meta.url);
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
  report.claim('the metrics come over UDP', (await datagrams.ask()).packets > 0);
  report.end();
} finally {
  await Promise.all([...Object.values(apps), receiver, datagrams].map((child) => child.end()));
}

function show(route, { cpuUs, tookMs }) {
  const rows = Object.keys(contestants).map((name) => [
    name,
    short(medianOf(cpuUs[name])),
    name === 'bare' ? '' : short(addedBy(cpuUs, name, 'bare')),
    times(ratioOf(cpuUs, name, 'sentry-errors')),
    ...[0.5, 0.99].flatMap((share) => [
      short(quantile(tookMs[name], share)),
      name === 'bare' ? '' : short(addedMs(tookMs, name, share)),
    ]),
  ]);
  const head = ['', 'CPU µs', 'added', 'to sentry-errors', 'p50 ms', 'added', 'p99 ms', 'added'];
  report.table(`A request to the route ${route}`, head, rows);
  const roles = { ours: ['unite'], limit: ['bare', 'bare, again'] };
  report.bars({
    title: `A request to the route ${route}: processor time of the server`,
    unit: 'µs',
    bars: barsOf(cpuUs, roles),
  });
}

function claimAll(route, { cpuUs, tookMs }) {
  const ms = (value) => `${short(value)} ms`;
  const added = addedMs(tookMs, 'unite', 0.99);
  report.claim(`${route}: less than 0.5 ms added at p99`, added < mostAddedMs, {
    figure: ms(added),
    isOfMachine: true,
    ...voidBecause(Math.abs(addedMs(tookMs, 'bare, again', 0.99)), mostAddedMs / 3, ms),
  });
  for (const [peer, title] of [
    ['sentry-errors', 'Sentry for errors only'],
    ['dd-trace', 'dd-trace'],
  ]) {
    const ratio = ratioOf(cpuUs, 'unite', peer).median;
    report.claim(`${route}: less CPU a request than ${title}`, ratio < 1, {
      figure: `${short(ratio)}×`,
      isOfMachine: true,
      ...(peer === 'sentry-errors' && {
        whyMissed: 'it counts no request, and sends nothing as long as there is no error',
      }),
    });
  }
}

function addedMs(tookMs, name, share) {
  return quantile(tookMs[name], share) - quantile(tookMs.bare, share);
}
