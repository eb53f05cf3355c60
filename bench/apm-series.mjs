/**
 * A million requests over 100,000 raw paths and 10,000 tenants, as an application records them that knows no templates
 * and puts a tenant on a counter: how many series there are in the end, whether memory grows, how long a scrape takes
 * while requests go on, and how long prom-client's own writer takes for the same registry.
 *
 * node apm-series.mjs [--quick]   (build the packages first)
 */
import { cpus, loadavg } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { startApm } from '../packages/apm/dist/index.js';
import { prometheus } from '../packages/apm/dist/prometheus.js';
import { slo } from '../packages/apm/dist/slo.js';
import { medianOf } from './lib/rounds.mjs';
import { judge, short, table } from './lib/table.mjs';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

const requests = process.argv.includes('--quick') ? 200_000 : 1_000_000;
const paths = 100_000;
const tenants = 10_000;
const maxSeries = 1_000;

const sink = prometheus();
const apm = startApm({
  service: { name: 'bench', release: 'v1', environment: 'bench', deployment: { id: 'd-1' } },
  sinks: [sink],
  slos: [slo('latency', { target: 0.99, underMs: 200 })],
  metrics: { tenant_requests_total: { kind: 'counter', help: 'Requests', labels: ['tenant'] } },
  crash: false,
  channels: false,
});

const heapMb = [];
const scrapes = [];
const own = [];
let [text, requestMs] = ['', 0];
for (const tenth of Array.from({ length: 10 }, (_, at) => at)) {
  const startedAtMs = performance.now();
  for (const at of Array.from({ length: requests / 10 }, (_, index) => index)) request(tenth + at * 10);
  requestMs += performance.now() - startedAtMs;
  for (const _ of Array.from({ length: 5 })) {
    // In turns, so that both meet the same machine.
    const response = await timed(scrapes, () => sink.metrics());
    text = await response.text();
    await timed(own, () => sink.registry.metrics());
  }
  collectGarbage();
  heapMb.push(process.memoryUsage().heapUsed / 1e6);
}

const { series, overflowed } = apm.integrity().metrics;
const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
const counted = [...text.matchAll(/^http_server_request_duration_seconds_count\{.*\} (\d+)$/gm)];
const total = counted.reduce((sum, [, count]) => sum + Number(count), 0);
await apm.close();

const load = loadavg().map((one) => one.toFixed(1));
console.log(`Node ${process.version}, ${cpus().length} processors, load ${load.join(' ')}\n`);
console.log(
  table(
    ['', 'median ms', 'slowest ms'],
    [
      [
        `scrape of ${lines} lines, ${short(text.length / 1e6)} MB`,
        short(medianOf(scrapes)),
        short(Math.max(...scrapes)),
      ],
      [
        "by prom-client's own writer, without the labels of the service",
        short(medianOf(own)),
        short(Math.max(...own)),
      ],
    ],
  ),
);
console.log(`\n${short((requestMs * 1_000) / requests)} µs a request, with both of its metrics`);
console.log(`${series} sets of labels, ${overflowed} values beyond the caps`);
console.log(`Heap after each tenth, MB: ${heapMb.map((mb) => mb.toFixed(1)).join(' ')}\n`);
judge([
  [
    `each metric has ${maxSeries + 1} sets of labels at most`,
    counted.length <= maxSeries + 1 && tenantSeries() <= maxSeries + 1,
  ],
  [`all ${requests} requests are counted`, total === requests],
  ['the heap grows by less than 2 MB after the first tenth', Math.max(...heapMb.slice(1)) - heapMb[0] < 2],
  ['a scrape takes less than 50 ms on the median', medianOf(scrapes) < 50, true],
  [
    "a scrape takes no longer than by prom-client's own writer, on the median",
    medianOf(scrapes) < medianOf(own),
    true,
  ],
]);

/** @param {number} index */
function request(index) {
  const observation = apm.observe({ method: 'GET', route: `/contacts/${(index * 7_919) % paths}` });
  apm.count('tenant_requests_total', 1, { tenant: `tenant-${(index * 31) % tenants}` });
  observation.end({ status: index % 100 === 0 ? 500 : 200 });
}

function tenantSeries() {
  return [...text.matchAll(/^tenant_requests_total\{/gm)].length;
}

/** @template Result @param {number[]} times @param {() => Promise<Result>} work */
async function timed(times, work) {
  const startedAtMs = performance.now();
  const result = await work();
  times.push(performance.now() - startedAtMs);
  return result;
}
