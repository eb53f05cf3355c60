/**
 * Releases deployed one after the other behind HAProxy, under requests and with event streams open: good ones, of an
 * Express application and of the production build of the reference app on Next.js, and then bad ones.
 *
 * npm run bench -- ops-deploys [--quick]
 * node bench/ops-deploys.mjs --express   # without the reference app, after the peers are installed
 */
import { fileURLToPath } from 'node:url';
import { sumOf, wordsOf } from './lib/counts.mjs';
import { Report } from './lib/report.mjs';
import { medianOf } from './lib/rounds.mjs';
import { sampleLoad } from './lib/sample-routes.mjs';
import { underLoad } from './ops-deploys/under-load.mjs';
import { startCrm } from './ops-restarts/start-crm.mjs';

const report = new Report({
  title: 'Deployments under load',
  subject: 'ops',
  about:
    'Releases deployed one after the other behind HAProxy, under requests and with 100 event streams open: good ones, of an Express application and of the production build of the reference app on Next.js, and then bad ones.',
});
const isExpressAlone = report.quick || process.argv.includes('--express');
const releases = report.quick ? 2 : 20;
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

report.table(
  `${releases} releases each, 100 event streams open`,
  ['application', 'answered', 'lost', 'streams ended', 'streams failed', 'seconds (median, most)'],
  Object.entries(good).map(([name, { answered, lost, streamsEnded, streamsFailed, reports }]) => {
    const seconds = reports.map(({ durationMs }) => durationMs / 1_000);
    return [
      name,
      answered,
      wordsOf(lost),
      streamsEnded,
      wordsOf(streamsFailed),
      `${medianOf(seconds).toFixed(1)}, ${Math.max(...seconds).toFixed(1)}`,
    ];
  }),
);
report.table(
  'Bad builds',
  ['a build that', 'outcome', 'detected, s', 'users back, s', 'had users, s', 'failed of requests', 'reason'],
  bad.map(({ name, told, answered, lost }) => [
    name,
    told.outcome,
    secondsOf(told.detectedAfterMs),
    secondsOf(told.rolledBackAfterMs),
    secondsOf(told.exposedMs),
    `${wordsOf(lost)} of ${answered + sumOf(lost)}`,
    told.reason ?? '-',
  ]),
);
for (const [name, { reports, lost, answered, streamsFailed }] of Object.entries(good)) {
  report.claim(
    `${name}: all ${releases} releases are promoted`,
    reports.every(({ outcome }) => outcome === 'promoted'),
  );
  report.claim(`${name}: no request is lost`, sumOf(lost) === 0, {
    figure: `${wordsOf(lost)} of ${answered}`,
  });
  report.claim(`${name}: event streams are ended, none broken off`, sumOf(streamsFailed) === 0);
}
for (const { name, told, lost } of bad) {
  report.claim(
    `a build that ${name} is rolled back within ${mostMs / 1_000} s`,
    told.outcome === 'rolled back' && told.rolledBackAfterMs < mostMs,
    { figure: `${secondsOf(told.rolledBackAfterMs)} s` },
  );
  if (told.exposedMs === undefined) report.claim(`no user sees a build that ${name}`, sumOf(lost) === 0);
}
report.end();

async function express() {
  return deployAll(await underLoad({ start: build('good'), streams: 100, ...sampleLoad }));
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
      const told = await stage.deploy();
      reports.push(told);
      console.error(`release ${release} of ${releases}: ${told.outcome}, ${told.reason ?? 'nothing wrong'}`);
      for (const warning of told.warnings) console.error(warning);
    }
  } finally {
    await stage.close();
  }
  return { ...stage.counts(), reports };
}

async function badOnes() {
  const stage = await underLoad({ start: build('good'), streams: 100, ...sampleLoad });
  const results = [];
  try {
    for (const name of badBuilds) {
      const before = stage.counts();
      const told = await stage.deploy({
        start: build(name),
        readiness: { timeoutMs: 15_000 },
        // Long enough that the one that dies does so after all users have moved.
        ...(name === 'dies later' && { canary: { stepMs: 1_000, minRequests: 50 }, watchMs: 30_000 }),
      });
      const after = stage.counts();
      results.push({
        name,
        told,
        answered: after.answered - before.answered,
        lost: difference(after.lost, before.lost),
      });
      console.error(`a build that ${name}: ${told.outcome}, ${told.reason}`);
    }
  } finally {
    await stage.close();
  }
  return results;
}

function difference(after, before) {
  const counts = Object.entries(after).map(([what, count]) => [what, count - (before[what] ?? 0)]);
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

function secondsOf(durationMs) {
  return durationMs === undefined ? '-' : (durationMs / 1_000).toFixed(1);
}
