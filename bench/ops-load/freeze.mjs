import { setTimeout as sleep } from 'node:timers/promises';
import { short, table } from './figures.mjs';
import { runAutocannon } from './run-autocannon.mjs';
import { runOurs } from './run-ours.mjs';
import { runWrk } from './run-wrk.mjs';
import { startServer } from './start-server.mjs';

const freezeMs = 1_000;
const users = 10;
const thinkMs = [40, 60];
const rate = 200;

/**
 * A server that stands still for a second in the middle of a run. Of requests that come evenly, those in that second
 * wait for what is left of it, whatever the server is else: of ten seconds the 95th percentile is 0.5 s, the 99th 0.9 s.
 */
export async function freeze({ freezeSeconds: seconds, isShort = false }) {
  const expectedMs = (percentile) => Math.max(0, freezeMs - (1 - percentile / 100) * seconds * 1_000);
  const server = await startServer();
  const common = { url: server.url, connections: 10, seconds };
  const frozenMidway = (run) => runFrozenMidway(server, seconds, run);
  const ours = await runFrozen(server, seconds);
  const { latency } = ours.report.total;
  const rows = [
    ['what users meet', rate, ...[50, 95, 99, 100].map((percentile) => short(expectedMs(percentile)))],
    rowOf('unite load, 10 users, 40–60 ms', { ...ours.report, ...latency }),
    rowOf('… its times from when sent', { ...ours.report, ...ours.report.serviceTime }),
    ...(isShort ? [] : await peerRows()),
  ];
  await server.close();
  const [stall] = ours.report.stalls;
  console.log(
    `\n${table(['a server that is frozen for 1 s', 'answers a second', 'p50, ms', 'p95, ms', 'p99, ms', 'max, ms'], rows)}\n\nunite load: frozen at ${short(ours.frozenAtMs / 1_000)} s; reported: ${stall ? `no answer for ${short(stall.durationMs / 1_000)} s from ${short(stall.atMs / 1_000)} s on, ${stall.waiting} requests waiting` : 'nothing'}\n`,
  );
  return [
    [
      `from when sent, p99 would hide it: ${short(ours.report.serviceTime.p99Ms)} ms (bar 200)`,
      ours.report.serviceTime.p99Ms < 200,
      true,
    ],
    ['unite load: p95 is what users meet, within 100 ms', isNear(latency.p95Ms, expectedMs(95)), true],
    ['unite load: p99 is what users meet, within 100 ms', isNear(latency.p99Ms, expectedMs(99)), true],
    ['unite load: the longest is the pause, within 100 ms', isNear(latency.maxMs, freezeMs), true],
    [
      'unite load: one stall, at its place and of its length, within 100 ms',
      ours.report.stalls.length === 1 &&
        isNear(stall.atMs, ours.frozenAtMs) &&
        isNear(stall.durationMs, freezeMs),
      true,
    ],
    ['unite load: no errors', ours.report.total.errors === 0],
  ];

  async function peerRows() {
    return [
      rowOf('wrk -t1 -c10', await frozenMidway(() => runWrk(common))),
      rowOf('autocannon -c10', await frozenMidway(() => runAutocannon(common))),
      rowOf('autocannon -c10 -R200', await frozenMidway(() => runAutocannon({ ...common, rate }))),
      rowOf(
        'autocannon -c10 -R200 -C',
        await frozenMidway(() => runAutocannon({ ...common, rate, isUncorrected: true })),
      ),
    ];
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
