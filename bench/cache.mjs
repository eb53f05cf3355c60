/**
 * Reads and invalidations of the cache against its peers: hits in memory, hits in Redis, one tag over many keys.
 * Interleaved, medians and ranges of the rounds, ratios within each round.
 *
 * node cache.mjs [--quick] [--only=part,…]   (build the packages first)
 */
import { startRedisControl } from '../packages/cache/dist/testing.js';
import { memoryHits, peeks } from './cache/memory-hits.mjs';
import { movingLog } from './cache/moving-log.mjs';
import { redisHits } from './cache/redis-hits.mjs';
import { tagInvalidation } from './cache/tag-invalidation.mjs';
import { tenants } from './cache/tenants.mjs';
import { judge } from './lib/table.mjs';

const quick = process.argv.includes('--quick');
const only = process.argv
  .find((arg) => arg.startsWith('--only='))
  ?.slice('--only='.length)
  .split(',');
const settings = quick ? { rounds: 7, roundMs: 6 } : { rounds: 41, roundMs: 20 };

// In short, what no busy machine turns around.
const quickParts = { memoryHits, tagInvalidation };
const parts =
  quick && !only ? quickParts : { memoryHits, peeks, movingLog, redisHits, tagInvalidation, tenants };

const redis = await startRedisControl();
console.log(`Node ${process.version}, ${settings.rounds} rounds\n`);
const claims = [];
for (const [name, part] of Object.entries(parts)) {
  if (only && !only.includes(name)) continue;
  await redis.flushAll();
  claims.push(...(await part(redis.url, { ...settings, quick })));
}
await redis.close();
judge(claims);
// Some peers leave timers behind that would keep the process.
process.exit();
