/**
 * A million requests over 100,000 raw paths and 10,000 tenants, as an application records them that knows no templates
 * and puts a tenant on a counter: how many series there are in the end, whether memory grows, how long a scrape takes
 * while requests go on, and how long prom-client's own writer takes for the same registry.
 *
 * node apm-series.mjs [--quick]   (build the packages first)
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { startApm } from '../packages/apm/dist/index.js';
import { prometheus } from '../packages/apm/dist/prometheus.js';
import { slo } from '../packages/apm/dist/slo.js';
import { barsOf } from './lib/bars-of.mjs';
import { Report } from './lib/report.mjs';
import { medianOf } from './lib/rounds.mjs';
import { short } from './lib/table.mjs';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

const report = new Report({
  title: 'Series of metrics',
  subject: 'apm',
  about:
    'Requests over 100,000 raw paths and 10,000 tenants, as an application records them that knows no templates and puts a tenant on a counter: how many series there are in the end, whether memory grows, and how long a scrape takes while requests go on.',
});
const requests = report.quick ? 200_000 : 1_000_000;
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

const [scrape, theirs] = ['@unite/apm', "prom-client's own writer, without the labels of the service"];
const title = `A scrape of ${lines} lines, ${short(text.length / 1e6)} MB`;
report.table(
  title,
  ['', 'median ms', 'slowest ms'],
  [
    [scrape, short(medianOf(scrapes)), short(Math.max(...scrapes))],
    [theirs, short(medianOf(own)), short(Math.max(...own))],
  ],
);
report.bars({ title, unit: 'ms', bars: barsOf({ [scrape]: scrapes, [theirs]: own }, { ours: [scrape] }) });
report.note(
  `${short((requestMs * 1_000) / requests)} µs a request, with both of its metrics; ${series} sets of labels, ${overflowed} values beyond the caps. Heap after each tenth, MB: ${heapMb.map((mb) => mb.toFixed(1)).join(' ')}.`,
);
const grownMb = Math.max(...heapMb.slice(1)) - heapMb[0];
report.claim(
  `each metric has ${maxSeries + 1} sets of labels at most`,
  counted.length <= maxSeries + 1 && tenantSeries() <= maxSeries + 1,
);
report.claim(`all ${requests} requests are counted`, total === requests, { figure: `${total}` });
report.claim('the heap grows by less than 2 MB after the first tenth', grownMb < 2, {
  figure: `${grownMb.toFixed(2)} MB`,
});
report.claim('a scrape takes less than 50 ms on the median', medianOf(scrapes) < 50, {
  figure: `${short(medianOf(scrapes))} ms`,
  isOfMachine: true,
});
report.claim(
  "a scrape takes no longer than by prom-client's own writer, on the median",
  medianOf(scrapes) < medianOf(own),
  { figure: `${short(medianOf(scrapes) / medianOf(own))}×`, isOfMachine: true },
);
report.end();

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
