/**
 * One request through the whole stack (context, tracing, apm, quota, cache, db-ha, problem), against the same features of
 * the best separate libraries, against a bare Express handler: Express 5, the same Redis and PostgreSQL, each app in a
 * process of its own. That both do the same work is checked before anything is measured.
 *
 * node stack.mjs [--quick]   (build the packages first)
 */
import { Report } from './lib/report.mjs';
import { startChild } from './lib/start-child.mjs';
import { checkFeatures } from './stack/check-features.mjs';
import { roles, startContestants } from './stack/contestants.mjs';
import { measureRoute } from './stack/measure-route.mjs';
import { openRedisCpu } from './stack/redis-cpu.mjs';
import { startServices } from './stack/services.mjs';
import { claimsOf, show } from './stack/show.mjs';

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

const services = await startServices();
const receiver = await startChild(new URL('stack/receiver.mjs', import.meta.url));
const apps = await startContestants(names, { services, receiver });
const redisCpu = await openRedisCpu(services.env.REDIS_URL);
try {
  report.table('The same work', ...(await checkFeatures(apps, receiver)));
  report.note(
    'Both do what the table says; they are not equal. The assembly reads a replica by a plain pool, which knows of no failover, no lag and no own writes. Its limits charge what another refuses. Its instrumentation of Express makes a span for each middleware. Ours decides on all limits at once, and bounds how stale a cached value may be.',
  );
  await receiver.ask('measure');
  for (const [title, route] of Object.entries(routes)) {
    const samples = await measureRoute(apps, route, { quick, redisCpuUs: redisCpu.readUs });
    show(report, title, samples);
    claimsOf(report, title, samples);
  }
  report.end();
} finally {
  for (const { requests } of Object.values(apps)) requests.close();
  await Promise.all([...Object.values(apps), receiver].map((child) => child.end()));
  redisCpu.close();
  await services.close();
}
