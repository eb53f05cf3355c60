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
import { voidBecause } from './lib/void-because.mjs';

const report = new Report({
  title: 'The dashboard while somebody watches',
  subject: 'ops',
  about:
    'An Express server with and without the dashboard, each in a process of its own, a viewer’s stream open on one of them: CPU time of a fixed number of requests.',
});
const ofMemory = process.argv.includes('--memory');
const contestants = ['bare', 'bare, again', 'dashboard'];
const settings = report.quick ? { rounds: 9, requests: 500 } : { rounds: 61, requests: 1_500 };
const steps = report.quick ? { count: 2, requests: 10_000 } : { count: 10, requests: 100_000 };
/** What a watched server may cost more. */
const mostAdded = 0.05;
/** Rows of the last requests come and go; more would be a leak. */
const maxAddedMb = 5;
const connections = 8;

const program = new URL('ops-dashboard/app.cjs', import.meta.url);
const apps = {};
for (const name of contestants) apps[name] = await startChild(program, [name.split(',')[0]]);
const frames = await watch(apps.dashboard.port);
try {
  for (const app of Object.values(apps)) await send(app.port, 4 * settings.requests);
  await (ofMemory ? claimMemory() : claimCpu());
  report.claim('the viewer gets frames meanwhile', frames.count > 0);
  report.end();
} finally {
  frames.end();
  await Promise.all(Object.values(apps).map((app) => app.end()));
}

async function claimCpu() {
  const samples = Object.fromEntries(contestants.map((name) => [name, []]));
  for (let round = 0; round < settings.rounds; round++) {
    const first = round % contestants.length;
    for (const name of [...contestants.slice(first), ...contestants.slice(0, first)])
      samples[name].push(await cpuOf(apps[name]));
  }
  const toBare = (name) => ratioOf(samples, name, 'bare');
  const rows = contestants.map((name) => [name, short(medianOf(samples[name])), times(toBare(name))]);
  const title = `Express, ${settings.rounds} rounds of ${settings.requests} requests: processor time`;
  report.table(title, ['', 'CPU µs a request', 'to bare'], rows);
  report.bars({ title, unit: 'µs', bars: barsOf(samples, { ours: ['dashboard'], limit: ['bare'] }) });
  const apart = Math.abs(toBare('bare, again').median - 1);
  const percent = (share) => `${(share * 100).toFixed(1)} %`;
  report.claim('less than 5 % more CPU a request while watched', toBare('dashboard').median < 1 + mostAdded, {
    figure: times(toBare('dashboard')),
    isOfMachine: true,
    ...voidBecause(apart, mostAdded / 3, percent),
  });
}

async function claimMemory() {
  const before = (await apps.dashboard.ask()).heapBytes;
  let added = 0;
  const rows = [];
  for (let step = 1; step <= steps.count; step++) {
    await send(apps.dashboard.port, steps.requests);
    added = ((await apps.dashboard.ask()).heapBytes - before) / 1e6;
    rows.push([(step * steps.requests).toLocaleString('en'), added.toFixed(1)]);
    console.log(`${rows.at(-1)[0]} requests more: ${rows.at(-1)[1]} MB of heap more`);
  }
  report.table('What requests leave in memory', ['requests', 'MB of heap more'], rows);
  report.claim(`${rows.at(-1)[0]} requests add less than ${maxAddedMb} MB of heap`, added < maxAddedMb, {
    figure: `${added.toFixed(1)} MB`,
  });
}

async function cpuOf(app) {
  const before = (await app.ask()).cpuAfter;
  await send(app.port, settings.requests);
  const { cpu } = await app.ask();
  return (cpu.user + cpu.system - before.user - before.system) / settings.requests;
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
