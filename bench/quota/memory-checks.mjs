import { MemoryStore } from 'express-rate-limit';
import { RateLimiterMemory, RateLimiterUnion } from 'rate-limiter-flexible';
import { createQuota } from '../../packages/quota/dist/index.js';
import { medianOf, ratioOf } from '../lib/rounds.mjs';
import { showSamples } from '../lib/show-samples.mjs';
import { short } from '../lib/table.mjs';
import { timed } from '../lib/timed.mjs';
import { durations, plans, plenty, tenants } from './limits.mjs';

/** Checks a second that the memory store must make. */
const bar = 1_000_000;
const whyMissed =
  'each check reads two clocks, finds its periods, and answers with how every limit stands; a counter answers with a number';

/** Counters in the process: one limit and four, each check awaited. */
export async function memoryChecks(report, { rounds, roundMs }) {
  const express = new MemoryStore();
  express.init({ windowMs: 86_400_000 });
  for (const [size, title, base] of [
    ['one', 'Memory, one limit', 'RateLimiterMemory'],
    ['four', 'Memory, four limits', 'RateLimiterUnion of four'],
  ]) {
    const quota = createQuota({ plans: plans[size] });
    const limiters = durations[size].map(
      (duration) => new RateLimiterMemory({ points: plenty, duration, keyPrefix: `${size}-${duration}` }),
    );
    const limiter = size === 'one' ? limiters[0] : new RateLimiterUnion(...limiters);
    const ours = '@unite/quota check';
    const asks = {
      [ours]: (tenantId) => quota.check({ tenantId, plan: 'usual', use: { apiCalls: 1 } }),
      [base]: (tenant) => limiter.consume(tenant),
      ...(size === 'one' && { 'MemoryStore of express-rate-limit': (tenant) => express.increment(tenant) }),
    };
    const contestants = Object.fromEntries(
      Object.entries(asks).map(([name, run]) => [name, { run, isAsync: true }]),
    );
    const settings = { rounds: rounds * 2, roundMs: Math.max(10, roundMs / 4) };
    const { cpu } = await timed(contestants, tenants, settings);
    showSamples(report, `${title}, processor time`, cpu, { base, ours: [ours] });
    const perSecond = Math.round(1e9 / medianOf(cpu[ours]));
    const speed = ratioOf(cpu, base, ours).median;
    report.claim(
      `${title}: ${bar.toLocaleString('en')} checks in a second of a processor`,
      perSecond >= bar,
      { figure: perSecond.toLocaleString('en'), isOfMachine: true, whyMissed },
    );
    report.claim(`${title}: as fast as ${base}`, speed >= 1, {
      figure: `${short(speed)}×`,
      isOfMachine: true,
      whyMissed,
    });
    await quota.close();
  }
  express.shutdown();
}
