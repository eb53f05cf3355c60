/**
 * What the dashboard costs while somebody watches: an Express server with and without it, each in a process of its own, a
 * viewer's stream open on one of them. CPU time of a fixed number of requests, rounds interleaved, ratios within each
 * round; and what a million requests leave in memory.
 *
 * node ops-dashboard.mjs [--quick]   (build the packages first)
 */
import { Agent, get } from 'node:http';
import { cpus, loadavg } from 'node:os';
import { medianOf, ratioOf } from './lib/rounds.mjs';
import { judge, short, table, times } from './lib/table.mjs';
import { startChild } from './tracing-overhead/child.mjs';

const quick = process.argv.includes('--quick');
const contestants = ['bare', 'dashboard'];
const settings = quick
  ? { rounds: 5, requests: 1_000, million: 0 }
  : { rounds: 15, requests: 5_000, million: 1_000_000 };
const connections = 8;

const apps = {};
for (const name of contestants) apps[name] = await startChild('../ops-dashboard/app.cjs', [name]);
const frames = await watch(apps.dashboard.port);
console.log(
  `Node ${process.version}, ${cpus().length} processors, load ${loadavg()[0].toFixed(1)}, ${settings.rounds} rounds of ${settings.requests} requests\n`,
);

const samples = { bare: [], dashboard: [] };
try {
  for (const app of Object.values(apps)) await send(app.port, 2 * settings.requests);
  for (let round = 0; round < settings.rounds; round++) {
    for (const name of round % 2 === 0 ? contestants : contestants.toReversed())
      samples[name].push(await cpuOf(apps[name]));
  }
  const ratio = ratioOf(samples, 'dashboard', 'bare');
  const rows = contestants.map((name) => [
    name,
    short(medianOf(samples[name])),
    times(ratioOf(samples, name, 'bare')),
  ]);
  console.log(`${table(['Express', 'CPU µs a request', 'to bare'], rows)}\n`);
  const claims = [
    ['less than 5 % more CPU a request while watched', ratio.median < 1.05, true],
    ['the viewer got frames meanwhile', frames.count > 0],
  ];
  if (settings.million > 0) claims.push(await memoryClaim());
  judge(claims, { quick });
} finally {
  frames.end();
  await Promise.all(Object.values(apps).map((app) => app.end()));
}

async function cpuOf(app) {
  const before = (await app.ask()).cpu;
  await send(app.port, settings.requests);
  const { cpu } = await app.ask();
  return (cpu.user + cpu.system - before.user - before.system) / settings.requests;
}

async function memoryClaim() {
  const before = (await apps.dashboard.ask()).heapBytes;
  await send(apps.dashboard.port, settings.million);
  const added = ((await apps.dashboard.ask()).heapBytes - before) / 1e6;
  console.log(
    `${settings.million.toLocaleString('en')} requests more: ${added.toFixed(1)} MB of heap more\n`,
  );
  return ['a million requests add less than 5 MB of heap', added < 5];
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
