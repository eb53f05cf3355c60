/**
 * What the dashboard costs while somebody watches: an Express server with and without it, each in a process of its own, a
 * viewer's stream open on one of them, and a second bare one whose difference to the first is that of the machine. CPU
 * time of a fixed number of requests, many short rounds interleaved, ratios within each round. With `--memory`, what a
 * million requests leave in memory instead, counted in steps of which each tells how far it is.
 *
 * node ops-dashboard.mjs [--quick] [--memory]   (build the packages first)
 */
import { Agent, get } from 'node:http';
import { barsOf } from './lib/bars-of.mjs';
import { Report } from './lib/report.mjs';
import { medianOf, ratioOf } from './lib/rounds.mjs';
import { startChild } from './lib/start-child.mjs';
import { short, times } from './lib/table.mjs';

const report = new Report({
  title: 'The dashboard while somebody watches',
  subject: 'ops',
  about:
    'An Express server with and without the dashboard, each in a process of its own, a viewer’s stream open on one of them: CPU time of a fixed number of requests, and what a million requests leave in memory.',
});
const contestants = ['bare', 'dashboard'];
const settings = report.quick
  ? { rounds: 5, requests: 1_000, million: 0 }
  : { rounds: 15, requests: 5_000, million: 1_000_000 };
const quick = process.argv.includes('--quick');
const ofMemory = process.argv.includes('--memory');
const contestants = ['bare', 'bare again', 'dashboard'];
const settings = quick ? { rounds: 9, requests: 500 } : { rounds: 61, requests: 1_500 };
const steps = quick ? { count: 2, requests: 10_000 } : { count: 10, requests: 100_000 };
/** Rows of the last requests come and go; more would be a leak. */
const maxAddedMb = 5;
const connections = 8;

const program = new URL('ops-dashboard/app.cjs', import.meta.url);
const apps = {};
for (const name of contestants) apps[name] = await startChild(program, [name]);
const frames = await watch(apps.dashboard.port);
for (const name of contestants)
  apps[name] = await startChild('../ops-dashboard/app.cjs', [name.split(' ')[0]]);
const frames = await watch(apps.dashboard.port);
console.log(`Node ${process.version}, ${cpus().length} processors, load ${loadavg()[0].toFixed(1)}\n`);

const samples = Object.fromEntries(contestants.map((name) => [name, []]));
try {
  for (const app of Object.values(apps)) await send(app.port, 4 * settings.requests);
  judge(ofMemory ? [await memoryClaim()] : await cpuClaims(), { quick });
} finally {
  frames.end();
  await Promise.all(Object.values(apps).map((app) => app.end()));
}

async function cpuClaims() {
  for (let round = 0; round < settings.rounds; round++) {
    const first = round % contestants.length;
    for (const name of [...contestants.slice(first), ...contestants.slice(0, first)])
      samples[name].push(await cpuOf(apps[name]));
  }
  const rows = contestants.map((name) => [
    name,
    short(medianOf(samples[name])),
    times(ratioOf(samples, name, 'bare')),
  ]);
  const title = `Express, ${settings.rounds} rounds of ${settings.requests} requests: processor time`;
  report.table(title, ['', 'CPU µs a request', 'to bare'], rows);
  report.bars({ title, unit: 'µs', bars: barsOf(samples, { ours: ['dashboard'], limit: ['bare'] }) });
  report.claim('less than 5 % more CPU a request while watched', ratio.median < 1.05, {
    figure: times(ratio),
    isOfMachine: true,
  });
  report.claim('the viewer gets frames meanwhile', frames.count > 0);
  if (settings.million > 0) await claimMemory();
  report.end();
} finally {
  frames.end();
  await Promise.all(Object.values(apps).map((app) => app.end()));
  console.log(`${table(['Express', 'CPU µs a request', 'to bare'], rows)}\n`);
  // A machine that tells two of the same apart by this much says nothing of the third.
  const isQuiet = Math.abs(ratioOf(samples, 'bare again', 'bare').median - 1) < 0.05 / 3;
  if (!isQuiet)
    console.log('Two bare servers differ by more than a third of the bar: this run says nothing\n');
  return [
    ['the viewer got frames meanwhile', frames.count > 0],
    ...(isQuiet
      ? [
          [
            'less than 5 % more CPU a request while watched',
            ratioOf(samples, 'dashboard', 'bare').median < 1.05,
            true,
          ],
        ]
      : []),
  ];
}

async function cpuOf(app) {
  const before = (await app.ask()).cpuAfter;
  await send(app.port, settings.requests);
  const { cpu } = await app.ask();
  return (cpu.user + cpu.system - before.user - before.system) / settings.requests;
}

async function claimMemory() {
  const before = (await apps.dashboard.ask()).heapBytes;
  await send(apps.dashboard.port, settings.million);
  const added = ((await apps.dashboard.ask()).heapBytes - before) / 1e6;
  report.claim('a million requests add less than 5 MB of heap', added < 5, {
    figure: `${added.toFixed(1)} MB`,
  });
  let added = 0;
  for (let step = 1; step <= steps.count; step++) {
    await send(apps.dashboard.port, steps.requests);
    added = ((await apps.dashboard.ask()).heapBytes - before) / 1e6;
    const sent = (step * steps.requests).toLocaleString('en');
    console.log(`${sent} requests more: ${added.toFixed(1)} MB of heap more`);
  }
  console.log();
  const sent = (steps.count * steps.requests).toLocaleString('en');
  return [`${sent} requests add less than ${maxAddedMb} MB of heap`, added < maxAddedMb];
}

/** So many requests in all, over connections that each ask again as soon as they are answered. */
async function send(port, requests) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  let left = requests;
  const connection = async () => {
    while (left-- > 0) await ask({ port, path: `/contacts/${left}`, agent });
  };
  await Promise.all(Array.from({ length: connections }, connection));
  agent.destroy();
}

function ask(options) {
  return new Promise((resolve, reject) => {
    get({ ...options, host: '127.0.0.1' }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${options.path} answered ${response.statusCode}`));
      response.resume().on('end', resolve).on('error', reject);
    }).on('error', reject);
  });
}

/** A viewer, who reads what is sent. */
function watch(port) {
  return new Promise((resolve, reject) => {
    const request = get({ host: '127.0.0.1', port, path: '/ops/stream', agent: false }, (response) => {
      const frames = { count: 0, end: () => request.destroy() };
      response.setEncoding('utf8').on('error', () => undefined);
      response.on('data', (text) => {
        frames.count += text.split('event: frame').length - 1;
      });
      resolve(frames);
    }).on('error', reject);
  });
}
