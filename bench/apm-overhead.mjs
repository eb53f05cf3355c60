/**
 * What accounting for every request costs: an Express server bare, with @unite/apm and all its sinks (Sentry, Prometheus,
 * Datadog), with @sentry/node for errors only, with dd-trace, and with express-prom-bundle, each as its guide says and
 * each sending to local receivers. Each in a process of its own; rounds interleaved; medians, and differences and ratios
 * within each round.
 *
 * node apm-overhead.mjs [--quick]   (build the packages first)
 */
import { cpus, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { medianOf, ratioOf } from './lib/rounds.mjs';
import { judge, short, table, times } from './lib/table.mjs';
import { startChild } from './tracing-overhead/child.mjs';
import { load, quantile } from './tracing-overhead/load.mjs';

const quick = process.argv.includes('--quick');
const contestants = ['bare', 'unite', 'sentry-errors', 'dd-trace', 'prom-bundle'];
const rounds = quick ? 3 : 7;
const routes = {
  trivial: { path: '/trivial', connections: 4, durationMs: quick ? 700 : 2_000 },
  '10 ms': { path: '/waiting', connections: 8, durationMs: quick ? 1_000 : 3_000 },
};
/** What waits to be sent by then has gone. */
const drainMs = quick ? 1_200 : 2_500;

const receiver = await startChild('./receiver.mjs');
const datagrams = await startChild('../apm-overhead/datagrams.mjs');
const env = {
  SENTRY_DSN: `http://${'a'.repeat(32)}@127.0.0.1:${receiver.port}/1`,
  TRACE_AGENT_URL: `http://127.0.0.1:${receiver.port}`,
  DATADOG_PORT: String(datagrams.port),
  // What it sends about itself goes to its makers.
  DD_INSTRUMENTATION_TELEMETRY_ENABLED: 'false',
};
const apps = {};
for (const name of contestants) apps[name] = await startChild('../apm-overhead/app.cjs', [name], env);
console.log(
  `Node ${process.version}, ${cpus().length} processors, load ${loadavg()[0].toFixed(1)}, ${rounds} rounds\n`,
);

const claims = [];
try {
  for (const [route, settings] of Object.entries(routes)) {
    const samples = { cpuUs: samplesOf(), p50Ms: samplesOf(), p99Ms: samplesOf() };
    for (const app of Object.values(apps)) await load({ ...settings, port: app.port, durationMs: 1_000 });
    await sleep(drainMs);
    for (let round = 0; round < rounds; round++) {
      for (const name of rotated(contestants, round)) {
        const { tookMs, cpuUs } = await measured(apps[name], settings);
        samples.cpuUs[name].push(cpuUs);
        samples.p50Ms[name].push(quantile(tookMs, 0.5));
        samples.p99Ms[name].push(quantile(tookMs, 0.99));
      }
    }
    print(route, samples);
    claims.push(...claimsOf(route, samples));
  }
  for (const [name, app] of Object.entries(apps)) {
    console.log(`${name}: ${Math.round((await app.ask()).rssBytes / 1e6)} MB resident at the end`);
  }
  console.log(`\nLoad ${loadavg()[0].toFixed(1)}\n`);
  claims.push(['the metrics came over UDP', (await datagrams.ask()).packets > 0]);
  judge(claims, { quick });
} finally {
  await Promise.all([...Object.values(apps), receiver, datagrams].map((child) => child.end()));
}

async function measured(app, settings) {
  // The engine forgets what it compiled while others have their turn; a server under load has it.
  await load({ ...settings, port: app.port, durationMs: quick ? 500 : 1_000 });
  const before = await app.ask();
  const tookMs = await load({ ...settings, port: app.port });
  await sleep(drainMs);
  const { cpu } = await app.ask();
  const us = cpu.user + cpu.system - before.cpu.user - before.cpu.system;
  return { tookMs, cpuUs: us / tookMs.length };
}

function print(route, { cpuUs, p50Ms, p99Ms }) {
  const rows = contestants.map((name) => [
    name,
    short(medianOf(cpuUs[name])),
    ...(name === 'bare'
      ? ['', '']
      : [`+${short(addedBy(cpuUs, name))}`, times(ratioOf(cpuUs, name, 'sentry-errors'))]),
    short(medianOf(p50Ms[name])),
    name === 'bare' ? '' : short(addedBy(p50Ms, name)),
    short(medianOf(p99Ms[name])),
    name === 'bare' ? '' : short(addedBy(p99Ms, name)),
  ]);
  const head = [route, 'CPU µs', 'added', 'to sentry-errors', 'p50 ms', 'added', 'p99 ms', 'added'];
  console.log(`${table(head, rows)}\n`);
}

function claimsOf(route, { cpuUs, p99Ms }) {
  return [
    [`${route}: less than 0.5 ms added at p99`, addedBy(p99Ms, 'unite') < 0.5, true],
    [
      `${route}: less CPU a request than Sentry for errors only`,
      ratioOf(cpuUs, 'unite', 'sentry-errors').median < 1,
      true,
    ],
    [`${route}: less CPU a request than dd-trace`, ratioOf(cpuUs, 'unite', 'dd-trace').median < 1, true],
  ];
}

/** Median of the differences to the bare server within each round. */
function addedBy(samples, name) {
  return medianOf(samples[name].map((value, round) => value - samples.bare[round]));
}

function samplesOf() {
  return Object.fromEntries(contestants.map((name) => [name, []]));
}

/** Each round begins with another one. */
function rotated(list, by) {
  const start = by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}
