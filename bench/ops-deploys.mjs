/**
 * Releases deployed one after the other behind HAProxy, under requests and with event streams open: good ones, of an
 * Express application and of the production build of the reference app on Next.js, and then bad ones.
 *
 * npm run bench -- ops-deploys [--quick]
 * node bench/ops-deploys.mjs --express   # without the reference app, after the peers are installed
 */
import { fileURLToPath } from 'node:url';
import { judge, table } from './lib/table.mjs';
import { underLoad } from './ops-deploys/under-load.mjs';
import { startCrm } from './ops-restarts/start-crm.mjs';

const isQuick = process.argv.includes('--quick');
const isExpressAlone = isQuick || process.argv.includes('--express');
const releases = isQuick ? 2 : 20;
/** From the start of a bad build until all users are back, in milliseconds. */
const mostMs = 60_000;

const script = fileURLToPath(new URL('ops-deploys/express-release.mjs', import.meta.url));
const build = (BUILD) => ({
  command: [process.execPath, script],
  env: { ...process.env, BUILD, DIES_AFTER_MS: '6000' },
});
const badBuilds = ['crashes', 'hangs', 'answers 500', 'is slow', 'dies later'];

const good = { Express: await express() };
if (!isExpressAlone) good['Next.js standalone'] = await next();
const bad = await badOnes();

console.log(`${releases} releases each, 100 event streams open\n`);
console.log(
  table(
    ['application', 'answered', 'lost', 'streams ended', 'streams failed', 'seconds (median, most)'],
    Object.entries(good).map(([name, { answered, lost, streamsEnded, streamsFailed, reports }]) => {
      const times = reports.map(({ durationMs }) => durationMs / 1_000).sort((one, other) => one - other);
      return [
        name,
        answered,
        wordsOf(lost),
        streamsEnded,
        wordsOf(streamsFailed),
        `${times[Math.floor(times.length / 2)].toFixed(1)}, ${times.at(-1).toFixed(1)}`,
      ];
    }),
  ),
);
console.log('');
console.log(
  table(
    [
      'a build that',
      'outcome',
      'detected, s',
      'users back, s',
      'had users, s',
      'failed of requests',
      'reason',
    ],
    bad.map(({ name, report, answered, lost }) => [
      name,
      report.outcome,
      secondsOf(report.detectedAfterMs),
      secondsOf(report.rolledBackAfterMs),
      secondsOf(report.exposedMs),
      `${wordsOf(lost)} of ${answered + sumOf(lost)}`,
      report.reason ?? '-',
    ]),
  ),
);
console.log('');
judge([
  ...Object.entries(good).flatMap(([name, { reports, lost, answered, streamsFailed }]) => [
    [
      `${name}: all ${releases} releases were promoted`,
      reports.every(({ outcome }) => outcome === 'promoted'),
    ],
    [`${name}: no request was lost (${answered} answered)`, sumOf(lost) === 0],
    [`${name}: event streams were ended, none broken off`, sumOf(streamsFailed) === 0],
  ]),
  ...bad.map(({ name, report }) => [
    `a build that ${name} is rolled back within ${mostMs / 1_000} s`,
    report.outcome === 'rolled back' && report.rolledBackAfterMs < mostMs,
  ]),
  ...bad
    .filter(({ report }) => report.exposedMs === undefined)
    .map(({ name, lost }) => [`no user sees a build that ${name}`, sumOf(lost) === 0]),
]);

async function express() {
  return deployAll(await underLoad({ start: build('good'), clients: 20, streams: 100, ...expressLoad() }));
}

async function next() {
  const crm = await startCrm();
  try {
    return await deployAll(
      await underLoad({
        start: crm.release,
        // Its first answers come from a cold process, and what is shown is that none is lost.
        canary: { minSlowdownMs: 5_000 },
        clients: 8,
        streams: 100,
        requests: crm.requests,
        streamPath: '/api/usage',
        headers: crm.headers,
      }),
    );
  } finally {
    await crm.close();
  }
}

async function deployAll(stage) {
  const reports = [];
  try {
    for (let release = 1; release <= releases; release += 1) {
      const report = await stage.deploy();
      reports.push(report);
      console.error(
        `release ${release} of ${releases}: ${report.outcome}, ${report.reason ?? 'nothing wrong'}`,
      );
      for (const warning of report.warnings) console.error(warning);
    }
  } finally {
    await stage.close();
  }
  return { ...stage.counts(), reports };
}

async function badOnes() {
  const stage = await underLoad({ start: build('good'), clients: 20, streams: 100, ...expressLoad() });
  const results = [];
  try {
    for (const name of badBuilds) {
      const before = stage.counts();
      const report = await stage.deploy({
        start: build(name),
        readiness: { timeoutMs: 15_000 },
        // Long enough that the one that dies does so after all users have moved.
        ...(name === 'dies later' && { canary: { stepMs: 1_000, minRequests: 50 }, watchMs: 30_000 }),
      });
      const after = stage.counts();
      results.push({
        name,
        report,
        answered: after.answered - before.answered,
        lost: difference(after.lost, before.lost),
      });
      console.error(`a build that ${name}: ${report.outcome}, ${report.reason}`);
    }
  } finally {
    await stage.close();
  }
  return results;
}

function expressLoad() {
  return {
    requests: [
      { method: 'GET', path: '/quick' },
      { method: 'GET', path: '/slow' },
      {
        method: 'POST',
        path: '/orders',
        headers: { 'content-type': 'application/json' },
        body: '{"item":1}',
      },
    ],
    streamPath: '/events',
  };
}

function difference(after, before) {
  const counts = Object.entries(after).map(([what, count]) => [what, count - (before[what] ?? 0)]);
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

function secondsOf(durationMs) {
  return durationMs === undefined ? '-' : (durationMs / 1_000).toFixed(1);
}

function sumOf(counts) {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function wordsOf(counts) {
  return (
    Object.entries(counts)
      .map(([what, count]) => `${count} × ${what}`)
      .join(', ') || '0'
  );
}
