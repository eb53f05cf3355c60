/**
 * What each part of the whole stack adds to a route of 10 ms that misses the cache: the stack without one of its packages,
 * beside all of it and beside the bare handler. Then the whole on a later Node, where a context costs less.
 *
 * node stack-parts.mjs [--quick]   (build the packages first)
 */
import { fileURLToPath } from 'node:url';
import { findNode } from '../scripts/lib/find-node.mjs';
import { Report } from './lib/report.mjs';
import { startChild } from './lib/start-child.mjs';
import { startContestants } from './stack/contestants.mjs';
import { measureRoute } from './stack/measure-route.mjs';
import { openRedisCpu } from './stack/redis-cpu.mjs';
import { startServices } from './stack/services.mjs';
import { claimsOf, show, showParts } from './stack/show.mjs';

const report = new Report({
  title: 'What each part of the stack adds, and on which Node',
  subject: 'stack',
  about:
    'The route of 10 ms, which misses the cache each time: without one of the packages, and on a later version of Node.',
});
const { quick } = report;
const route = { path: '/reference', status: 200, connections: 8 };
const parts = ['tracing', 'apm', 'quota', 'cache'];
/** Its contexts are kept by the engine, and not by a hook for each promise. */
const laterNode = '24';

const services = await startServices();
const receiver = await startChild(new URL('stack/receiver.mjs', import.meta.url));
const redisCpu = await openRedisCpu(services.env.REDIS_URL);
try {
  await receiver.ask('measure');
  showParts(report, parts, await measure(['bare', 'bare-again', 'unite', ...parts.map(without)]));

  const execPath = findNode(fileURLToPath(new URL('../.unite/tools', import.meta.url)), laterNode);
  const samples = await measure(['bare', 'bare-again', 'unite', 'assembled'], { execPath });
  const title = `reference, 10 ms, on Node ${laterNode}`;
  show(report, title, samples);
  claimsOf(report, title, samples);
  report.end();
} finally {
  await receiver.end();
  redisCpu.close();
  await services.close();
}

async function measure(names, options = {}) {
  const apps = await startContestants(names, { services, receiver, ...options });
  try {
    return await measureRoute(apps, route, { quick, redisCpuUs: redisCpu.readUs });
  } finally {
    for (const { requests } of Object.values(apps)) requests.close();
    await Promise.all(Object.values(apps).map((child) => child.end()));
  }
}

function without(part) {
  return `unite-without-${part}`;
}
