import { LRUCache } from 'lru-cache';
import {
  concurrencyLimit,
  createQuota,
  definePlans,
  memoryStore,
  rateLimit,
} from '../../packages/quota/dist/index.js';
import { loopOf } from '../lib/rounds.mjs';
import { repeated } from './loops.mjs';
import { plansWith, plenty } from './plans-with.mjs';

/** Quotas whose counters are in the process. */
export async function quotaMemory(axes) {
  await limitsOfCheck(axes);
  await unitsOfPlan(axes);
  await tenantsInStore(axes);
  await placesTaken(axes);
  await keysRemembered(axes);
}

async function limitsOfCheck(axes) {
  await axes.measure({
    name: 'quota: limits in one check, in memory',
    operation: 'a check',
    x: 'size',
    points: [1, 2, 4, 8, 16].map((x) => {
      const quota = createQuota({ plans: plansWith(x) });
      return {
        x,
        run: repeated(() => quota.check({ tenantId: 'acme', plan: 'usual', use: { apiCalls: 1 } })),
      };
    }),
  });
}

async function unitsOfPlan(axes) {
  await axes.measure({
    name: 'quota: units of a plan, one of them used',
    operation: 'a check',
    x: 'size',
    points: [1, 4, 16, 64, 256].map((x) => {
      const units = Object.fromEntries(Array.from({ length: x }, (_, at) => [`unit${at}PerDay`, plenty]));
      const quota = createQuota({ plans: definePlans({ usual: units }) });
      return { x, run: repeated(() => quota.check({ tenantId: 'acme', plan: 'usual', use: { unit0: 1 } })) };
    }),
  });
}

async function tenantsInStore(axes) {
  const points = [];
  const bare = [];
  for (const x of [100, 1_000, 10_000, 100_000]) {
    const quota = createQuota({ plans: plansWith(1), store: memoryStore({ maxSubjects: x }) });
    const lru = new LRUCache({ max: x });
    const check = (tenantId) => quota.check({ tenantId, plan: 'usual', use: { apiCalls: 1 } });
    const count = (tenant) => {
      const counter = lru.get(tenant);
      counter.used += 1;
      return counter;
    };
    for (let at = 0; at < x; at++) {
      await check(`tenant-${at}`);
      lru.set(`tenant-${at}`, { used: 0 });
    }
    const tenants = Array.from(
      { length: Math.min(x, 50_000) },
      () => `tenant-${Math.floor(Math.random() * x)}`,
    );
    points.push({ x, run: loopOf(check, tenants) });
    bare.push({ x, run: loopOf(count, tenants) });
  }
  await axes.measure({
    name: 'quota: tenants in memory',
    operation: 'a check',
    x: 'population',
    points,
    limit: { name: 'a counter in lru-cache', points: bare },
    whyMissed:
      'the counts of a tenant are several objects, which past some thousand no longer fit the caches of the processor; a counter of lru-cache is one',
  });
}

async function placesTaken(axes) {
  const points = [];
  for (const x of [1, 10, 100, 1_000, 9_000]) {
    // What was settled is remembered for a while, so that there must be room for it.
    const quota = createQuota({
      plans: definePlans({ usual: { atOnce: concurrencyLimit({ of: 'jobs', limit: plenty }) } }),
      store: memoryStore({ maxRemembered: 10_000_000 }),
    });
    const reserve = () =>
      quota.reserve({ tenantId: 'acme', plan: 'usual', use: { jobs: 1 }, expiresInMs: 3_600_000 });
    for (let at = 1; at < x; at++) await reserve();
    points.push({ x, run: repeated(async () => (await reserve()).release()) });
  }
  await axes.measure({
    name: 'quota: places of a concurrency limit that are taken, in memory',
    operation: 'to take one and give it back',
    x: 'population',
    points,
  });
}

/** As many as there may be, so that with each new one the oldest has just become due: the steady state of a day. */
async function keysRemembered(axes) {
  const points = [10, 100, 1_000, 10_000].map((x) => {
    let nowMs = Date.now();
    const clock = { wallMs: () => nowMs, monotonicMs: () => nowMs, sleep: async () => undefined };
    const plans = definePlans({
      usual: { burst: rateLimit({ of: 'apiCalls', limit: plenty, windowMs: 1_000 }) },
    });
    const quota = createQuota({ plans, store: memoryStore({ clock }), clock });
    let turn = 0;
    const check = () => {
      turn += 1;
      nowMs += 86_400_000 / x;
      return quota.check({
        tenantId: 'acme',
        plan: 'usual',
        use: { apiCalls: 1 },
        idempotencyKey: `key-${turn}`,
      });
    };
    return { x, check };
  });
  for (const { x, check } of points) for (let at = 0; at < x; at++) await check();
  await axes.measure({
    name: 'quota: idempotency keys remembered in memory',
    operation: 'a check with a new key, while the oldest is forgotten',
    x: 'population',
    points: points.map(({ x, check }) => ({ x, run: repeated(check) })),
  });
}
