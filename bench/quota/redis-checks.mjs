import { short } from '../lib/table.mjs';
import { openClient } from './clients.mjs';
import { expressStore, flexibleLimiter, flexibleUnion, openUnite } from './contestants.mjs';
import { durations } from './limits.mjs';
import { measured, measuredTable, speedOf } from './rounds.mjs';

const day = durations.one[0];
const floor = 'one bare EVALSHA';

/** A ledger that takes everything and keeps nothing: what it costs to count under one. */
const forgetful = {
  append: async () => 'stored',
  rehydrate: async (_tenantId, spans, install) =>
    install(
      1,
      spans.map(() => 0),
    ),
  totals: async () => [],
  events: async function* () {},
};

/** Four limits in one check. */
export function fourLimits(redis, settings) {
  return compare(redis, settings, {
    title: 'Four limits',
    base: 'RateLimiterUnion of four',
    bar: 3,
    open: (connection, namespace) => ({
      '@unite/quota': asking(openUnite(connection, { size: 'four', namespace })),
      '@unite/quota, with a ledger': asking(
        openUnite(connection, { size: 'four', namespace: `${namespace}-ledger`, ledger: forgetful }),
      ),
      'RateLimiterUnion of four': consuming(flexibleUnion(connection, { keyPrefix: `${namespace}-union` })),
    }),
  });
}

/** One limit. */
export function oneLimit(redis, settings) {
  return compare(redis, settings, {
    title: 'One limit',
    base: 'RateLimiterRedis',
    bar: 1,
    open: (connection, namespace) => {
      const store = expressStore(connection, { prefix: `${namespace}-express:` });
      return {
        '@unite/quota': asking(openUnite(connection, { namespace })),
        RateLimiterRedis: consuming(
          flexibleLimiter(connection, { duration: day, keyPrefix: `${namespace}-one` }),
        ),
        'rate-limit-redis, its store alone': (tenant) => store.increment(tenant),
      };
    },
  });
}

async function compare(redis, { quick, ...settings }, { title, base, bar, open }) {
  const claims = [];
  for (const library of quick ? ['redis'] : ['redis', 'ioredis']) {
    const connection = await openClient(library, redis.url);
    const namespace = title.replace(' ', '-').toLowerCase();
    const contestants = { [floor]: await bareCall(connection), ...open(connection, namespace) };
    for (const atATime of [100, 1]) {
      const samples = await measured(contestants, { ...settings, atATime, redis });
      const heading = `${title}, ${library}, ${atATime} in flight`;
      console.log(`${measuredTable(heading, samples, { base, atATime })}\n`);
      const [speed, here, there] = [samples.wall, samples.client, samples.server].map((taken) =>
        short(speedOf(taken, '@unite/quota', base).median),
      );
      claims.push([
        `${heading}: ${speed}× as fast as ${base} (bar ${atATime === 1 ? 1 : bar}), for 1/${here} of its CPU here and 1/${there} in Redis`,
        Number(speed) >= (atATime === 1 ? 1 : bar),
        true,
      ]);
    }
    connection.close();
    await redis.flushAll();
  }
  return claims;
}

async function bareCall({ send }) {
  const sha = await send('SCRIPT', 'LOAD', 'return { 1, 2 }');
  return (tenant) => send('EVALSHA', sha, '1', tenant);
}

function asking(quota) {
  return async (tenantId) => {
    const { allowed } = await quota.check({ tenantId, plan: 'usual', use: { apiCalls: 1 } });
    if (!allowed) throw new Error('refused');
  };
}

const consuming = (limiter) => (tenant) => limiter.consume(tenant);
