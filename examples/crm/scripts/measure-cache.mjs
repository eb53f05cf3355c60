// How long the contacts page takes with the cache on and off: two servers of the same build, over the same data, asked
// in turns. `node scripts/measure-cache.mjs [--quick]`; wants a build, and brings its own services.
import { startServices } from '@unite/services';
import { findChromium } from '../test/support/install-chromium.mjs';
import { runScript, startApp } from '../test/support/run-app.mjs';
import { measureBrowser } from './measure/browser.mjs';
import { timesOf } from './measure/requests.mjs';
import { lowerBy, printTable } from './measure/table.mjs';
import { addresses, change, signIn } from './measure/workload.mjs';

/** In turns this short, what else the machine does meets both. */
const requestsPerTurn = 25;
const turns = process.argv.includes('--quick') ? 8 : 24;
const visits = process.argv.includes('--quick') ? 10 : 30;
/** Among so many requests there is one change, which clears the lists of the workspace. */
const requestsPerChange = 50;
const barPercent = 40;

const services = await startServices({ env: process.env, onProgress: console.error });
const apps = [];
try {
  const env = { ...services.env, SESSION_SECRET: 'of no worth: what it signs is thrown away', CRM_DEMO: '1' };
  await runScript('migrate', env);
  await runScript('seed', env);
  for (const mode of ['off', 'on']) apps.push({ mode, ...(await startApp({ ...env, CRM_CACHE: mode })) });
  const rows = await measure();
  const hits = await hitRate(apps[1].origin);
  const where =
    services.redisUrl === undefined ? 'in memory alone: there is no Redis here' : 'memory and Redis';
  console.log(
    `\nContacts of a workspace of 2,400, of 5,000 in all; 1 request in ${requestsPerChange} is a change.`,
  );
  console.log(`Cache: ${where}; ${hits} of the reads were served by it.\n`);
  printTable(rows);
  const [page] = rows;
  const reached = lowerBy(page) >= barPercent;
  console.log(
    `\nThe page loads ${lowerBy(page)} % faster with the cache; the bar is ${barPercent} %: ${reached ? 'reached' : 'missed'}.`,
  );
  process.exitCode = reached ? 0 : 1;
} finally {
  await Promise.all(apps.map((app) => app.close()));
  await services.close();
}

async function measure() {
  const cookie = await signIn(apps[0].origin, 'meridian-nuno');
  const kinds = [
    { name: 'page, one at a time', path: (query) => `/contacts${query}`, concurrency: 1 },
    { name: 'page, 8 at a time', path: (query) => `/contacts${query}`, concurrency: 8 },
    { name: 'API, one at a time', path: (query) => `/api/contacts${query}`, concurrency: 1 },
    { name: 'API, 8 at a time', path: (query) => `/api/contacts${query}`, concurrency: 8 },
  ];
  const rows = kinds.map(({ name }) => ({ name, off: [], on: [] }));
  // Both servers compile what they run, and open their connections, before anything counts.
  for (const { origin } of apps) await run(origin, kinds[1], addresses(60), 0);
  const workload = addresses(turns * requestsPerTurn);
  for (const [index, kind] of kinds.entries()) {
    for (let turn = 0; turn < turns; turn++) {
      const from = turn * requestsPerTurn;
      for (const { mode, origin } of turn % 2 === 0 ? apps : apps.toReversed()) {
        rows[index][mode].push(
          ...(await run(origin, kind, workload.slice(from, from + requestsPerTurn), turn)),
        );
      }
    }
  }
  const chromium = findChromium();
  if (!chromium) {
    console.error('No Chromium was found: what a browser sees is left out. CHROMIUM_PATH names one.');
    return rows;
  }
  return [...rows, ...(await measureBrowser({ chromium, apps, cookie, visits }))];

  function run(origin, { path, concurrency }, queries, turn) {
    const hasChange = (turn * requestsPerTurn) % requestsPerChange === 0;
    const requests = queries.map((query, index) => ({
      url: `${origin}${path(query)}`,
      before: hasChange && index === 0 ? () => change(origin, turn) : undefined,
    }));
    return timesOf(requests, { cookie, concurrency });
  }
}

/** How many reads of the workload the cache serves, as the answers themselves say. */
async function hitRate(origin) {
  const cookie = await signIn(origin, 'meridian-nuno');
  const queries = addresses(turns * requestsPerTurn);
  let hits = 0;
  for (const [index, query] of queries.entries()) {
    if (index % requestsPerChange === 0) await change(origin, index);
    const response = await fetch(`${origin}/api/contacts${query}`, { headers: { cookie } });
    if (response.headers.get('cache-status')?.includes('; hit')) hits += 1;
    await response.arrayBuffer();
  }
  return `${Math.round((100 * hits) / queries.length)} %`;
}
