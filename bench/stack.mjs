/**
 * One request through the whole stack (context, tracing, apm, quota, cache, db-ha, problem), against the same features of
 * the best separate libraries, against a bare Express handler: Express 5, the same Redis and PostgreSQL, each app in a
 * process of its own. That both do the same work is checked before anything is measured.
 *
 * node stack.mjs [--quick]   (build the packages first)
 */
import { createRequire } from 'node:module';
import { latencies } from './lib/latencies.mjs';
import { Report } from './lib/report.mjs';
import { startChild } from './lib/start-child.mjs';
import { checkFeatures } from './stack/check-features.mjs';
import { roles, startContestants } from './stack/contestants.mjs';
import { cpuRounds, load } from './stack/cpu-rounds.mjs';
import { startServices } from './stack/services.mjs';
import { claimsOf, show } from './stack/show.mjs';

const { createClient } = createRequire(import.meta.url)('redis');

const report = new Report({
  title: 'One request through the whole stack',
  subject: 'stack',
  about:
    'All packages together, against the same features of separate libraries and against a bare Express handler, on the same servers.',
});
const { quick } = report;
const names = Object.keys(roles).filter((name) => !(quick && name.includes('without')));
const routes = {
  trivial: { path: '/trivial', status: 200, connections: 4 },
  'cached read': { path: '/cached', status: 200, connections: 4 },
  'reference, 10 ms': { path: '/reference', status: 200, connections: 8 },
  // Nobody fails as fast as they can: what reports errors has bounds that nobody should reach.
  error: { path: '/failing', status: 500, connections: 4, ratePerSecond: 200, share: 0.3 },
};
const settings = {
  rounds: quick ? 3 : 5,
  requests: quick ? 400 : 2_000,
  warmUpRequests: quick ? 100 : 800,
  // Everybody exports once a second: what waits for that by then has gone.
  drainMs: 1_500,
};
/** Of each contestant. The first of them fill the caches and let the engine compile. */
const latencyRequests = quick ? 300 : 2_000;
const firstRequests = quick ? 1_000 : 3_000;
const latencyConnections = 2;

const services = await startServices();
const receiver = await startChild(new URL('stack/receiver.mjs', import.meta.url));
const apps = await startContestants(names, { services, receiver });
const redis = await createClient({ url: services.env.REDIS_URL }).connect();
try {
  report.table('The same work', ...(await checkFeatures(apps, receiver)));
  report.note(
    'Both do what the table says; they are not equal. The assembly reads a replica by a plain pool, which knows of no failover, no lag and no own writes. Its limits charge what another refuses. Its instrumentation of Express makes a span for each middleware. Ours decides on all limits at once, and bounds how stale a cached value may be.',
  );
  await receiver.ask('measure');
  for (const [title, route] of Object.entries(routes)) {
    const share = route.share ?? 1;
    for (const app of Object.values(apps)) await load(app, route, firstRequests * share);
    const samples = {
      ...(await cpuRounds(apps, route, {
        ...settings,
        requests: settings.requests * share,
        warmUpRequests: settings.warmUpRequests * share,
        redisCpuUs,
      })),
      tookMs: await latencies(
        Object.fromEntries(names.map((name) => [name, () => apps[name].requests.send(route)])),
        { ...route, connections: latencyConnections, rounds: latencyRequests * share },
      ),
    };
    show(report, title, samples);
    claimsOf(report, title, samples);
  }
  report.end();
} finally {
  for (const { requests } of Object.values(apps)) requests.close();
  await Promise.all([...Object.values(apps), receiver].map((child) => child.end()));
  redis.destroy();
  await services.close();
}

async function redisCpuUs() {
  const info = await redis.info('cpu');
  const secondsOf = (name) => Number(info.match(new RegExp(`^${name}:(.+)$`, 'm'))[1]);
  return (secondsOf('used_cpu_user') + secondsOf('used_cpu_sys')) * 1e6;
}
