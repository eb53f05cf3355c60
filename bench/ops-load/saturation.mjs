import { medianOf, ratioOf, short, table, times } from './figures.mjs';
import { runOurs } from './run-ours.mjs';
import { runWrk } from './run-wrk.mjs';
import { withServer } from './start-server.mjs';

const connections = 1_000;
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
export async function saturation({ rounds, seconds, isShort = false }) {
  const claims = [];
  for (const { name, burnMs, isLimit = true } of isShort ? servers.slice(0, 1) : servers) {
    const samples = { unite: [], wrk: [] };
    const own = [];
    for (const _ of Array.from({ length: rounds })) {
      const { report, ...costs } = await withServer({ burnMs, connections }, (target) =>
        runOurs({
          target,
          users: connections,
          thinkMs: [0, 0],
          rampMs: 500,
          durationMs: seconds * 1_000,
        }),
      );
      own.push({ ...costs, errors: report.total.errors });
      samples.unite.push({ requestsPerSecond: report.requestsPerSecond, ...report.total.latency });
      samples.wrk.push(
        await withServer({ burnMs, connections }, (url) => runWrk({ url, connections, seconds })),
      );
    }

    const ratios = Object.fromEntries(figures.map((figure) => [figure, ratioOf(samples, figure)]));
    const row = (of) => figures.map((figure) => short(medianOf(samples[of].map((sample) => sample[figure]))));
    console.log(
      `\n${table(
        [`a server that ${name}`, 'answers a second', 'p50, ms', 'p95, ms'],
        [
          ['unite load, 1,000 users', ...row('unite')],
          ['wrk -t1 -c1000', ...row('wrk')],
          ['ratio, each round (least to most)', ...figures.map((figure) => times(ratios[figure]))],
        ],
      )}\n\nunite load: ${short(medianOf(own.map(({ cpuShare }) => cpuShare * 100)))} % of a processor, ${short(Math.max(...own.map(({ rssMb }) => rssMb)))} MB at most\n`,
    );
    const [rate, p50, p95] = figures.map((figure) => ratios[figure].median);
    const made = medianOf(samples.unite.map(({ requestsPerSecond }) => requestsPerSecond));
    claims.push(
      [`${name}: no errors`, own.every(({ errors }) => errors === 0)],
      ...(isLimit
        ? [
            [`${name}: throughput is ${short(rate)}× that of wrk (bar 0.9 to 1.1)`, isNear(rate, 0.1), true],
            [`${name}: p50 is ${short(p50)}× that of wrk (bar 0.85 to 1.15)`, isNear(p50, 0.15), true],
            [`${name}: p95 is ${short(p95)}× that of wrk (bar 0.8 to 1.2)`, isNear(p95, 0.2), true],
          ]
        : [[`${name}: ${short(made)} requests a second (bar 10,000)`, made >= 10_000, true]]),
    );
  }
  return claims;
}

function isNear(ratio, tolerance) {
  return Math.abs(ratio - 1) <= tolerance;
}
