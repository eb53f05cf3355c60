/**
 * Whether the whole stack keeps its memory: ten minutes of steady, mixed load (thousands of tenants, misses, invalidations,
 * errors, refusals, clients that go away), with the heap after a forced collection and the resident memory as time goes
 * by, and what its counters say at the end.
 *
 * node stack-soak.mjs [--quick]   (build the packages first)
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Report } from './lib/report.mjs';
import { medianOf } from './lib/rounds.mjs';
import { startChild } from './lib/start-child.mjs';
import { short } from './lib/table.mjs';
import { startApp } from './stack/contestants.mjs';
import { load } from './stack/cpu-rounds.mjs';
import { startServices } from './stack/services.mjs';
import { sendOne } from './stack-soak/requests.mjs';
import { slopeOf } from './stack-soak/slope-of.mjs';

const report = new Report({
  title: 'The whole stack under steady load',
  subject: 'stack',
  about: 'All packages in one server for ten minutes: whether memory stays flat, and what was lost.',
});
const { quick } = report;
const ratePerSecond = quick ? 100 : 200;
const durationMs = quick ? 20_000 : 600_000;
const sampleEveryMs = quick ? 1_000 : 5_000;
/** What the cache may hold, so that it is full long before the second half begins. */
const cacheMaxBytes = 4 * 2 ** 20;
const warmUpRequests = quick ? 100 : 2_000;
/** What waits for export by then has gone. */
const drainMs = 6_000;
/** The heap may grow by at most this for each request of the second half, with 95 % confidence. */
const boundBytes = 16;
/** The most that an answer may be late before requests are held back: a machine that is too busy sends fewer. */
const maxUnderWay = 64;

const services = await startServices();
const receiver = await startChild(new URL('stack/receiver.mjs', import.meta.url));
await receiver.ask('measure');
process.env.CACHE_MAX_BYTES = String(cacheMaxBytes);
const app = await startApp('unite', { services, receiver, execArgv: ['--expose-gc'] });
try {
  // Connections are open, and what is asked often is compiled.
  await load(app, { path: '/reference', status: 200, connections: 4 }, warmUpRequests);
  const { samples, statuses } = await soaked();
  showMemory(samples);
  await sleep(drainMs);
  showCounters(await app.ask(), (await receiver.ask()).unite, statuses);
  report.end();
} finally {
  app.requests.close();
  await Promise.all([app, receiver].map((child) => child.end()));
  await services.close();
}

/** Requests at a steady rate, begun whatever becomes of those before, and memory every now and then. */
async function soaked() {
  const samples = [];
  const statuses = {};
  const underWay = new Set();
  const startedAtMs = performance.now();
  let sent = 0;
  let sampleAtMs = sampleEveryMs;
  for (let nowMs = 0; nowMs < durationMs; nowMs = performance.now() - startedAtMs) {
    if (nowMs >= sampleAtMs) {
      sampleAtMs += sampleEveryMs;
      const { heapBytes, rssBytes } = await app.ask();
      samples.push({ minutes: nowMs / 60_000, requests: sent, heapBytes, rssBytes });
    }
    while (sent < (nowMs * ratePerSecond) / 1_000 && underWay.size < maxUnderWay) {
      sent += 1;
      const work = sendOne(app.requests).then((status) => {
        statuses[status] = (statuses[status] ?? 0) + 1;
        underWay.delete(work);
      });
      underWay.add(work);
    }
    await Promise.race([sleep(5), ...underWay]);
  }
  await Promise.all(underWay);
  return { samples, statuses };
}

function showMemory(samples) {
  const half = samples.slice(samples.length >> 1);
  const rows = ['heapBytes', 'rssBytes'].map((kind) => {
    const perMinute = slopeOf(half.map((sample) => ({ x: sample.minutes, y: sample[kind] })));
    const perRequest = slopeOf(half.map((sample) => ({ x: sample.requests, y: sample[kind] })));
    return { kind, perMinute, perRequest, medianBytes: medianOf(half.map((sample) => sample[kind])) };
  });
  const kinds = { heapBytes: 'heap after a forced collection', rssBytes: 'resident' };
  report.table(
    'Memory in the second half',
    ['', 'median, MB', 'growth a minute, kB', 'growth a request, bytes'],
    rows.map(({ kind, medianBytes, perMinute, perRequest }) => [
      kinds[kind],
      short(medianBytes / 1e6),
      `${short(perMinute.slope / 1e3)} ± ${short(perMinute.error / 1e3)}`,
      `${short(perRequest.slope)} ± ${short(perRequest.error)}`,
    ]),
  );
  report.curve({
    title: 'Memory over time',
    x: 'minutes',
    y: 'MB',
    series: ['heapBytes', 'rssBytes'].map((kind) => ({
      name: kinds[kind],
      role: 'ours',
      points: samples.map((sample) => {
        const megabytes = sample[kind] / 1e6;
        return { x: sample.minutes, median: megabytes, least: megabytes, most: megabytes };
      }),
    })),
  });
  // What twenty seconds show is how a server warms up.
  if (quick) return;
  const [{ slope, error }] = rows.map(({ perRequest }) => perRequest);
  report.claim(
    `the heap grows by less than ${boundBytes} bytes a request, with 95 % confidence`,
    slope + error < boundBytes,
    { isOfMachine: true, figure: `${short(slope)} ± ${short(error)} bytes` },
  );
}

/** Everything that was taken in has come out again. */
function showCounters({ cache, integrity, loads, quota, tracing }, came, statuses) {
  const lostErrors = integrity.sinks.reduce((sum, sink) => sum + droppedOf(sink), 0);
  const exporter = tracing.exporters[0];
  report.table(
    'Counters at the end',
    ['', ''],
    [
      ...Object.entries(statuses).map(([status, count]) => [
        status === 'left' ? 'clients that went away' : `answers ${status}`,
        count,
      ]),
      ['spans started, ended', `${tracing.spans.started}, ${tracing.spans.ended}`],
      ['spans exported, failed, dropped', `${exporter.exported}, ${exporter.failed}, ${exporter.dropped}`],
      ['errors received', came.errors],
      ['observations that a sink dropped', lostErrors],
      ['loads, entries in memory', `${loads}, ${cache.memory.entries}`],
      ['bytes in memory, of at most', `${cache.memory.bytes}, ${cache.memory.maxBytes}`],
      [
        'charges allowed, denied, without store, lost',
        `${quota.allowed}, ${quota.denied}, ${quota.admittedWithoutStore}, ${quota.lost}`,
      ],
    ],
  );
  const unexpected = Object.keys(statuses).filter((status) => status.startsWith('unexpected'));
  report.claim('every request had the answer that it must have', unexpected.length === 0, {
    isOfMachine: true,
    figure: unexpected.map((status) => `${statuses[status]} ${status}`).join(', '),
  });
  report.claim('every span that was started was ended', tracing.spans.started === tracing.spans.ended);
  report.claim('no span was lost', exporter.failed + exporter.dropped === 0, { isOfMachine: true });
  const failed = Object.entries(statuses)
    .filter(([status]) => /^(unexpected )?5/.test(status))
    .reduce((sum, [, count]) => sum + count, 0);
  report.claim(
    'every error that was answered came to the receiver',
    came.errors >= failed && lostErrors === 0,
    { isOfMachine: true, figure: `${came.errors} of ${failed}` },
  );
  report.claim('the cache keeps within its bytes', cache.memory.bytes <= cache.memory.maxBytes);
  report.claim('no charge waits and none was lost', quota.waiting === 0 && quota.lost === 0);
}

function droppedOf({ dropped }) {
  return typeof dropped === 'number'
    ? dropped
    : Object.values(dropped).reduce((sum, count) => sum + count, 0);
}
