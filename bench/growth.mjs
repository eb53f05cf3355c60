/**
 * How cost grows with work: one axis at a time, from little to much, in time of the processor for each operation.
 * Points interleaved round by round, medians and ranges, and the exponent with which the whole cost grows.
 *
 * node growth.mjs [--quick] [--only=part,…]   (build the packages first)
 */

import { apm } from './growth/apm.mjs';
import { Axes } from './growth/axis.mjs';
import { cacheMemory } from './growth/cache-memory.mjs';
import { cacheRedis } from './growth/cache-redis.mjs';
import { core } from './growth/core.mjs';
import { crypto } from './growth/crypto.mjs';
import { dbHa } from './growth/db-ha.mjs';
import { dbHaServers } from './growth/db-ha-servers.mjs';
import { ops } from './growth/ops.mjs';
import { problem } from './growth/problem.mjs';
import { quotaLedger } from './growth/quota-ledger.mjs';
import { quotaMemory } from './growth/quota-memory.mjs';
import { quotaRedis } from './growth/quota-redis.mjs';
import { servers } from './growth/servers.mjs';
import { tracing } from './growth/tracing.mjs';
import { tracingPipeline } from './growth/tracing-pipeline.mjs';
import { Report } from './lib/report.mjs';

const only = process.argv
  .find((arg) => arg.startsWith('--only='))
  ?.slice('--only='.length)
  .split(',');
// In short, what no busy machine turns around.
const quickParts = { core, problem, ops };
const parts = {
  ...quickParts,
  cacheMemory,
  cacheRedis,
  quotaMemory,
  quotaRedis,
  quotaLedger,
  dbHa,
  dbHaServers,
  crypto,
  tracing,
  tracingPipeline,
  apm,
};

const report = new Report({
  title: 'How cost grows with work',
  subject: 'stack',
  about:
    'Each axis is one operation on more and more work. The exponent is that of the whole cost: at 1, twice the work costs twice as much.',
});
const axes = new Axes(report, report.quick ? { rounds: 5, roundMs: 3 } : { rounds: 11, roundMs: 8 });
const shared = servers();
for (const [name, part] of Object.entries(report.quick && !only ? quickParts : parts)) {
  if (!only || only.includes(name)) await part(axes, shared);
}
await shared.close();
axes.end();
report.end();
