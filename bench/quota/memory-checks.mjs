import { MemoryStore } from 'express-rate-limit';
import { RateLimiterMemory, RateLimiterUnion } from 'rate-limiter-flexible';
import { createQuota } from '../../packages/quota/dist/index.js';
import { interleaved, loopOf, medianOf, ratioOf } from '../lib/rounds.mjs';
import { samplesTable, short } from '../lib/table.mjs';
import { durations, plans, plenty, tenants } from './limits.mjs';

/** Checks a second that the memory store must make. */
const bar = 1_000_000;

/** Counters in the process: one limit and four, each check awaited. */
export async function memoryChecks(_redis, { rounds, roundMs }) {
  const claims = [];
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
    const { wall, cpu } = await timed(asks, { rounds: rounds * 2, roundMs: Math.max(10, roundMs / 4) });
    console.log(`${samplesTable(title, wall, { base })}\n`);
    console.log(`${samplesTable(`${title}, time of the processor`, cpu, { base })}\n`);
    const perSecond = Math.round(1e9 / medianOf(cpu[ours]));
    const speed = ratioOf(cpu, base, ours).median;
    claims.push(
      [
        `${title}: ${perSecond.toLocaleString('en')} checks in a second of a processor (bar ${bar.toLocaleString('en')})`,
        perSecond >= bar,
        true,
      ],
      [`${title}: ${short(speed)}× as fast as ${base} (bar 1)`, speed >= 1, true],
    );
    await quota.close();
  }
  express.shutdown();
  return claims;
}

/** By the clock, and by this process's share of the processors, which a busy machine changes less. */
async function timed(asks, { rounds, roundMs }) {
  const cpu = {};
  const contestants = Object.fromEntries(
    Object.entries(asks).map(([name, ask]) => {
      const run = loopOf(ask, tenants);
      cpu[name] = [];
      return [
        name,
        async (calls) => {
          const before = process.cpuUsage();
          await run(calls);
          const { user, system } = process.cpuUsage(before);
          cpu[name].push(((user + system) * 1_000) / calls);
        },
      ];
    }),
  );
  const wall = await interleaved(contestants, { rounds, roundMs });
  // What came before was for warming up.
  for (const name of Object.keys(cpu)) cpu[name] = cpu[name].slice(-rounds);
  return { wall, cpu };
}
