/**
 * What tracing costs a request: an Express server with PostgreSQL and Redis, bare, with @unite/tracing, with
 * OpenTelemetry's NodeSDK and with @vercel/otel, each tracing every request and exporting it by OTLP over HTTP to the
 * same receiver. Each in a process of its own; rounds interleaved; medians, ranges, and ratios within each round.
 *
 * node tracing-overhead.mjs [--quick]   (build the packages first)
 */
import { cpus, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { medianOf, ratioOf } from './lib/rounds.mjs';
import { judge, short, table, times } from './lib/table.mjs';
import { startChild } from './tracing-overhead/child.mjs';
import { load, quantile } from './tracing-overhead/load.mjs';
import { startServices } from './tracing-overhead/services.mjs';

const quick = process.argv.includes('--quick');
const contestants = quick ? ['bare', 'unite', 'node-sdk'] : ['bare', 'unite', 'node-sdk', 'vercel-otel'];
const rounds = quick ? 3 : 5;
const routes = {
  trivial: { path: '/trivial', connections: 4, durationMs: quick ? 700 : 2_000 },
  'reference, 10 ms': { path: '/reference', connections: 8, durationMs: quick ? 1_000 : 3_000 },
};
/** What waits for export by then has gone. */
const drainMs = quick ? 1_200 : 5_500;

const services = await startServices();
const receiver = await startChild('./receiver.mjs');
const env = { ...services.env, RECEIVER_URL: `http://127.0.0.1:${receiver.port}/v1/traces` };
const apps = {};
for (const name of contestants) apps[name] = await startChild('./app.cjs', [name], env);
console.log(
  `Node ${process.version}, ${cpus().length} processors, load ${loadavg()[0].toFixed(1)}, ${rounds} rounds\n`,
);

const claims = [];
try {
  for (const [route, settings] of Object.entries(routes)) {
    const samples = { cpuUs: samplesOf(), p50Ms: samplesOf(), p95Ms: samplesOf() };
    for (const app of Object.values(apps)) await load({ ...settings, port: app.port, durationMs: 1_000 });
    await sleep(drainMs);
    for (let round = 0; round < rounds; round++) {
      for (const name of rotated(contestants, round)) {
        const { tookMs, cpuUs } = await measured(apps[name], settings);
        samples.cpuUs[name].push(cpuUs);
        samples.p50Ms[name].push(quantile(tookMs, 0.5));
        samples.p95Ms[name].push(quantile(tookMs, 0.95));
      }
    }
    print(route, samples);
    claims.push(...claimsOf(route, samples));
  }
  for (const [name, app] of Object.entries(apps)) {
    console.log(`${name}: ${Math.round((await app.ask()).rssBytes / 1e6)} MB resident at the end`);
  }
  console.log(`\nLoad ${loadavg()[0].toFixed(1)}\n`);
  judge(claims, { quick });
} finally {
  await Promise.all([...Object.values(apps), receiver].map((child) => child.end()));
  await services.close();
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

function print(route, { cpuUs, p50Ms, p95Ms }) {
  const bare = medianOf(cpuUs.bare);
  const rows = contestants.map((name) => [
    name,
    short(medianOf(cpuUs[name])),
    name === 'bare' ? '' : `+${short(medianOf(cpuUs[name]) - bare)}`,
    name === 'bare' ? '' : times(ratioOf(cpuUs, name, 'node-sdk')),
    short(medianOf(p50Ms[name])),
    times(ratioOf(p50Ms, name, 'bare')),
    short(medianOf(p95Ms[name])),
    times(ratioOf(p95Ms, name, 'node-sdk')),
  ]);
  const head = [route, 'CPU µs', 'added', 'to node-sdk', 'p50 ms', 'to bare', 'p95 ms', 'to node-sdk'];
  console.log(`${table(head, rows)}\n`);
}

function claimsOf(route, { cpuUs, p50Ms, p95Ms }) {
  const peers = contestants.filter((name) => !['bare', 'unite'].includes(name));
  const cheaper = peers.map((peer) => [
    `${route}: less CPU a request than ${peer}`,
    ratioOf(cpuUs, 'unite', peer).median < 1,
    true,
  ]);
  if (!route.startsWith('reference')) return cheaper;
  return [
    ...cheaper,
    [`${route}: at most 5 % added at p50`, ratioOf(p50Ms, 'unite', 'bare').median <= 1.05, true],
    [`${route}: p95 below NodeSDK's`, ratioOf(p95Ms, 'unite', 'node-sdk').median < 1, true],
  ];
}

function samplesOf() {
  return Object.fromEntries(contestants.map((name) => [name, []]));
}

/** Each round begins with another one. */
function rotated(list, by) {
  const start = by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}
