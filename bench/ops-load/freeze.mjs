import { setTimeout as sleep } from 'node:timers/promises';
import { exactly } from '../lib/exactly.mjs';
import { short } from '../lib/table.mjs';
import { runAutocannon } from './run-autocannon.mjs';
import { runOurs } from './run-ours.mjs';
import { runWrk } from './run-wrk.mjs';
import { startServer } from './start-server.mjs';

const freezeMs = 1_000;
const users = 10;
const thinkMs = [40, 60];
const rate = 200;
const own = 'unite load, 10 users, 40–60 ms';
const title = 'A server that is frozen for one second';

/**
 * A server that stands still for a second in the middle of a run. Of requests that come evenly, those in that second
 * wait for what is left of it, whatever the server is else: of ten seconds the 95th percentile is 0.5 s, the 99th 0.9 s.
 */
export async function freeze(report, { freezeSeconds: seconds, isShort = false }) {
  const expectedMs = (percentile) => Math.max(0, freezeMs - (1 - percentile / 100) * seconds * 1_000);
  const server = await startServer();
  const common = { url: server.url, connections: 10, seconds };
  const frozenMidway = (run) => runFrozenMidway(server, seconds, run);
  const ours = await runFrozen(server, seconds);
  const { latency } = ours.report.total;
  const generators = {
    [own]: { ...ours.report, ...latency },
    [`${own}, times from when sent`]: { ...ours.report, ...ours.report.serviceTime },
    ...(isShort ? {} : await peers()),
  };
  await server.close();
  const [stall] = ours.report.stalls;
  report.table(
    title,
    ['', 'answers a second', 'p50, ms', 'p95, ms', 'p99, ms', 'max, ms'],
    [
      ['what users meet', rate, ...[50, 95, 99, 100].map((percentile) => short(expectedMs(percentile)))],
      ...Object.entries(generators).map(([name, figures]) => rowOf(name, figures)),
    ],
  );
  report.bars({
    title: `${title}: p99 that is reported, beside what users meet`,
    unit: 'ms',
    better: 'neither',
    bars: [
      exactly('what users meet', 'limit', expectedMs(99)),
      ...Object.entries(generators).map(([name, { p99Ms }]) =>
        exactly(name, name.startsWith(own) ? 'ours' : 'peer', p99Ms ?? 0),
      ),
    ],
  });
  report.note(
    `unite load: frozen at ${short(ours.frozenAtMs / 1_000)} s; reported: ${stall ? `no answer for ${short(stall.durationMs / 1_000)} s from ${short(stall.atMs / 1_000)} s on, ${stall.waiting} requests waiting` : 'nothing'}.`,
  );
  const claims = [
    [
      'from when sent, p99 would hide it: less than 200 ms',
      ours.report.serviceTime.p99Ms < 200,
      short(ours.report.serviceTime.p99Ms),
    ],
    ['p95 is what users meet, within 100 ms', isNear(latency.p95Ms, expectedMs(95)), short(latency.p95Ms)],
    ['p99 is what users meet, within 100 ms', isNear(latency.p99Ms, expectedMs(99)), short(latency.p99Ms)],
    ['the longest is the pause, within 100 ms', isNear(latency.maxMs, freezeMs), short(latency.maxMs)],
    [
      'one stall, at its place and of its length, within 100 ms',
      ours.report.stalls.length === 1 &&
        isNear(stall.atMs, ours.frozenAtMs) &&
        isNear(stall.durationMs, freezeMs),
      short(stall?.durationMs ?? 0),
    ],
  ];
  for (const [text, holds, ms] of claims) {
    report.claim(`a frozen server: ${text}`, holds, { figure: `${ms} ms`, isOfMachine: true });
  }
  report.claim('a frozen server: no errors', ours.report.total.errors === 0);

  async function peers() {
    return {
      'wrk -t1 -c10': await frozenMidway(() => runWrk(common)),
      'autocannon -c10': await frozenMidway(() => runAutocannon(common)),
      'autocannon -c10 -R200': await frozenMidway(() => runAutocannon({ ...common, rate })),
      'autocannon -c10 -R200 -C': await frozenMidway(() =>
        runAutocannon({ ...common, rate, isUncorrected: true }),
      ),
    };
  }
}

async function runFrozen(server, seconds) {
  let frozenAtMs;
  const result = await runOurs(
    { target: server.url, users, thinkMs, rampMs: 1_000, durationMs: seconds * 1_000 },
    (elapsedMs) => {
      if (elapsedMs < (seconds * 1_000) / 2 - 1_000 || frozenAtMs !== undefined) return;
      frozenAtMs = elapsedMs;
      void freezeOnce(server);
    },
  );
  return { ...result, frozenAtMs };
}

async function runFrozenMidway(server, seconds, run) {
  const [result] = await Promise.all([run(), sleep((seconds * 1_000) / 2).then(() => freezeOnce(server))]);
  return result;
}

async function freezeOnce(server) {
  server.freeze();
  await sleep(freezeMs);
  server.thaw();
}

function rowOf(name, figures) {
  const { requestsPerSecond, p50Ms, p95Ms, p99Ms, maxMs } = figures;
  return [
    name,
    ...[requestsPerSecond, p50Ms, p95Ms, p99Ms, maxMs].map((value) =>
      value === undefined ? '–' : short(value),
    ),
  ];
}

function isNear(measuredMs, expectedMs) {
  return Math.abs(measuredMs - expectedMs) <= 100;
}
