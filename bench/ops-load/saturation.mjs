import { barsOf } from '../lib/bars-of.mjs';
import { medianOf, ratioOf } from '../lib/rounds.mjs';
import { short, times } from '../lib/table.mjs';
import { runOurs } from './run-ours.mjs';
import { runWrk } from './run-wrk.mjs';
import { withServer } from './start-server.mjs';

const connections = 1_000;
const [ours, peer] = ['unite load, 1,000 users', 'wrk -t1 -c1000'];
const figures = ['requestsPerSecond', 'p50Ms', 'p95Ms'];
const servers = [
  { name: 'burns 1 ms a request', burnMs: 1 },
  { name: 'burns 0.1 ms a request', burnMs: 0.1 },
  // As fast as the generator, with a processor for each: here it only has to make enough.
  { name: 'answers at once', burnMs: 0, isLimit: false },
];

/**
 * 1,000 users without think time beside `wrk -c1000 -t1`, in turn, against servers that burn a millisecond for each
 * request, a tenth of one, and nothing.
 */
export async function saturation(report, { rounds, seconds, isShort = false }) {
  for (const { name, burnMs, isLimit = true } of isShort ? servers.slice(0, 1) : servers) {
    const samples = Object.fromEntries(figures.map((figure) => [figure, { [ours]: [], [peer]: [] }]));
    const own = [];
    for (const _ of Array.from({ length: rounds })) {
      const { report: run, ...costs } = await withServer({ burnMs, connections }, (target) =>
        runOurs({
          target,
          users: connections,
          thinkMs: [0, 0],
          rampMs: 500,
          durationMs: seconds * 1_000,
        }),
      );
      own.push({ ...costs, errors: run.total.errors });
      add(samples, ours, { requestsPerSecond: run.requestsPerSecond, ...run.total.latency });
      add(
        samples,
        peer,
        await withServer({ burnMs, connections }, (url) => runWrk({ url, connections, seconds })),
      );
    }

    const ratios = Object.fromEntries(
      figures.map((figure) => [figure, ratioOf(samples[figure], ours, peer)]),
    );
    const row = (of) => figures.map((figure) => short(medianOf(samples[figure][of])));
    const title = `1,000 users without think time, a server that ${name}`;
    report.table(
      title,
      ['', 'answers a second', 'p50, ms', 'p95, ms'],
      [
        [ours, ...row(ours)],
        [peer, ...row(peer)],
        ['ratio, each round (least to most)', ...figures.map((figure) => times(ratios[figure]))],
      ],
    );
    report.bars({
      title,
      unit: 'answers a second',
      better: 'more',
      bars: barsOf(samples.requestsPerSecond, { ours: [ours] }),
    });
    report.note(
      `unite load: ${short(medianOf(own.map(({ cpuShare }) => cpuShare * 100)))} % of a processor, ${short(Math.max(...own.map(({ rssMb }) => rssMb)))} MB at most.`,
    );
    const [rate, p50, p95] = figures.map((figure) => ratios[figure].median);
    const made = medianOf(samples.requestsPerSecond[ours]);
    const of = (figure) => ({ figure, isOfMachine: true });
    report.claim(
      `${name}: no errors`,
      own.every(({ errors }) => errors === 0),
    );
    if (isLimit) {
      report.claim(
        `${name}: throughput is 0.9 to 1.1× that of wrk`,
        isNear(rate, 0.1),
        of(`${short(rate)}×`),
      );
      report.claim(`${name}: p50 is 0.85 to 1.15× that of wrk`, isNear(p50, 0.15), of(`${short(p50)}×`));
      report.claim(`${name}: p95 is 0.8 to 1.2× that of wrk`, isNear(p95, 0.2), of(`${short(p95)}×`));
    } else report.claim(`${name}: 10,000 requests a second`, made >= 10_000, of(short(made)));
  }
}

function add(samples, name, run) {
  for (const figure of figures) samples[figure][name].push(run[figure]);
}

function isNear(ratio, tolerance) {
  return Math.abs(ratio - 1) <= tolerance;
}
