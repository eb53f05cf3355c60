/**
 * Checks of the quota against its peers, on one Redis with one client library: four limits in one check, one limit,
 * refusals, counters in memory, Express, latency that is added to a route, and what a kill loses. Interleaved, medians
 * and ranges of the rounds, ratios within each round.
 *
 * node quota.mjs [--quick] [--only=part,…]   (build the packages first)
 */
import { cpus, loadavg } from 'node:os';
import { judge } from './lib/table.mjs';
import { addedLatency } from './quota/added-latency.mjs';
import { chargedByRefusals } from './quota/charged-by-refusals.mjs';
import { deniedKeys } from './quota/denied.mjs';
import { expressRequests } from './quota/express-requests.mjs';
import { lossWindow } from './quota/loss-window.mjs';
import { memoryChecks } from './quota/memory-checks.mjs';
import { fourLimits, oneLimit } from './quota/redis-checks.mjs';
import { startMeasuredRedis } from './quota/redis-server.mjs';

const quick = process.argv.includes('--quick');
const only = process.argv
  .find((arg) => arg.startsWith('--only='))
  ?.slice('--only='.length)
  .split(',');
const settings = quick
  ? { rounds: 3, roundMs: 20, warmUpCalls: 500 }
  : { rounds: 21, roundMs: 150, warmUpCalls: 30_000 };

// In short, what a busy machine turns around the least.
const quickParts = { fourLimits, chargedByRefusals, oneLimit, deniedKeys, memoryChecks, expressRequests };
const parts = quick && !only ? quickParts : { ...quickParts, addedLatency, lossWindow };

const load = () =>
  loadavg()
    .map((one) => one.toFixed(1))
    .join(' ');
const redis = await startMeasuredRedis();
console.log(
  `Node ${process.version}, ${cpus().length} processors, load ${load()}, ${settings.rounds} rounds\n`,
);
const claims = [];
for (const [name, part] of Object.entries(parts)) {
  if (only && !only.includes(name)) continue;
  await redis.flushAll();
  claims.push(...(await part(redis, { ...settings, quick })));
}
await redis.close();
console.log(`Load ${load()}\n`);
judge(claims, { quick });
// Some peers leave timers behind that would keep the process.
process.exit();
