/**
 * Checks of the quota against its peers, on one Redis with one client library: four limits in one check, one limit,
 * refusals, Express, latency that is added to a route, and what a kill loses. Interleaved, medians and ranges of the
 * rounds, ratios within each round.
 *
 * node quota.mjs [--quick] [--only=part,…]   (build the packages first)
 */
import { chosenParts } from './lib/chosen-parts.mjs';
import { Report } from './lib/report.mjs';
import { addedLatency } from './quota/added-latency.mjs';
import { chargedByRefusals } from './quota/charged-by-refusals.mjs';
import { deniedKeys } from './quota/denied.mjs';
import { expressRequests } from './quota/express-requests.mjs';
import { lossWindow } from './quota/loss-window.mjs';
import { fourLimits, oneLimit } from './quota/redis-checks.mjs';
import { startMeasuredRedis } from './quota/redis-server.mjs';

const report = new Report({
  title: 'Checks of a quota',
  subject: 'quota',
  about:
    'Four limits in one check, one limit, refusals, Express, latency that is added to a route, and what a kill loses. Everybody is on the same Redis with the same client library; the limit is one bare `EVALSHA`.',
});
const { quick } = report;
const settings = quick
  ? { rounds: 3, roundMs: 20, warmUpCalls: 500 }
  : { rounds: 15, roundMs: 150, warmUpCalls: 30_000 };

const parts = {
  fourLimits,
  chargedByRefusals,
  oneLimit,
  deniedKeys,
  expressRequests,
  addedLatency,
  lossWindow,
};
const redis = await startMeasuredRedis();
// In short, what a busy machine turns around the least.
for (const [, part] of chosenParts(parts, { quick: Object.keys(parts).slice(0, 5) })) {
  await redis.flushAll();
  await part(report, redis, { ...settings, quick });
}
await redis.close();
report.end();
// Some peers leave timers behind that would keep the process.
process.exit();
