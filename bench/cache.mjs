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
import { chosenParts } from './lib/chosen-parts.mjs';
import { Report } from './lib/report.mjs';

const report = new Report({
  title: 'Reads and invalidations',
  subject: 'cache',
  about:
    'Hits in memory, hits in Redis, one tag over many keys. All caches keep values in memory before the same Redis, with an invalidation that reaches other processes; the limit is lru-cache behind the same await.',
});
const { quick } = report;
const settings = quick ? { rounds: 7, roundMs: 6 } : { rounds: 41, roundMs: 20 };

const parts = { memoryHits, peeks, movingLog, redisHits, tagInvalidation, tenants };
const redis = await startRedisControl();
// In short, what no busy machine turns around.
for (const [, part] of chosenParts(parts, { quick: ['memoryHits', 'tagInvalidation'] })) {
  await redis.flushAll();
  await part(report, redis.url, { ...settings, quick });
}
await redis.close();
report.end();
// Some peers leave timers behind that would keep the process.
process.exit();
