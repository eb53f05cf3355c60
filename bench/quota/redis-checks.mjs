import { createQuota } from '../../packages/quota/dist/index.js';
import { redisStore } from '../../packages/quota/dist/redis.js';
import { short } from '../lib/table.mjs';
import { openClient } from './clients.mjs';
import { expressStore, flexibleLimiter, flexibleUnion, openUnite, upstashLimiter } from './contestants.mjs';
import { durations, plans } from './limits.mjs';
import { measured, showMeasured, speedOf } from './rounds.mjs';

const day = durations.one[0];
const floor = 'one bare EVALSHA';
const sameWords = 'one EVALSHA that is told and answers as much, and does nothing';

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
export function fourLimits(report, redis, settings) {
  return compare(report, redis, settings, {
    title: 'Four limits',
    base: 'RateLimiterUnion of four',
    bar: 3,
    size: 'four',
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
export function oneLimit(report, redis, settings) {
  return compare(report, redis, settings, {
    title: 'One limit',
    base: 'RateLimiterRedis',
    bar: 1,
    size: 'one',
    open: (connection, namespace, impatient) => {
      const store = expressStore(connection, { prefix: `${namespace}-express:` });
      return {
        '@unite/quota': asking(openUnite(connection, { namespace })),
        RateLimiterRedis: consuming(
          flexibleLimiter(connection, { duration: day, keyPrefix: `${namespace}-one` }),
        ),
        // As much as ours does, which waits for no answer for ever. node-redis does so by itself.
        ...(impatient && {
          'RateLimiterRedis, with commandTimeout': consuming(
            flexibleLimiter(impatient, { duration: day, keyPrefix: `${namespace}-impatient` }),
          ),
        }),
        'rate-limit-redis, its store alone': (tenant) => store.increment(tenant),
        '@upstash/ratelimit, fixed window': limiting(
          upstashLimiter(connection, { window: '1 d', prefix: `${namespace}-upstash` }),
        ),
      };
    },
  });
}

async function compare(report, redis, { quick, ...settings }, { title, base, bar, size, open }) {
  for (const library of quick ? ['redis'] : ['redis', 'ioredis']) {
    const connection = await openClient(library, redis.url);
    const namespace = title.replace(' ', '-').toLowerCase();
    const impatient =
      library === 'ioredis' ? await openClient(library, redis.url, { commandTimeout: 5_000 }) : undefined;
    const contestants = {
      [floor]: await bareCall(connection),
      [sameWords]: await wordyCall(connection, size),
      ...open(connection, namespace, impatient),
    };
    for (const atATime of [100, 1]) {
      const samples = await measured(contestants, { ...settings, atATime, redis });
      const heading = `${title}, ${library}, ${atATime} in flight`;
      showMeasured(report, heading, samples, { base, limits: [floor, sameWords], atATime });
      const [speed, here, there] = [samples.wall, samples.client, samples.server].map(
        (taken) => speedOf(taken, '@unite/quota', base).median,
      );
      const least = atATime === 1 ? 1 : bar;
      report.claim(`${heading}: at least ${least}× as fast as ${base}`, speed >= least, {
        figure: `${short(speed)}×, for 1/${short(here)} of its CPU here and 1/${short(there)} in Redis`,
        isOfMachine: true,
        whyMissed:
          'the script reads the server clock, the limits that it is told and the counts of all of them, where the peer increments a key',
      });
    }
    connection.close();
    impatient?.close();
    await redis.flushAll();
  }
}

async function bareCall({ send }) {
  const sha = await send('SCRIPT', 'LOAD', 'return { 1, 2 }');
  return (tenant) => send('EVALSHA', sha, '1', tenant);
}

/** What of ours nobody can save who asks with the same words: what the client and the network take. */
async function wordyCall({ send }, size) {
  let words = [];
  const store = redisStore({
    send: async (sent) => {
      words = sent;
      return ['not understood'];
    },
  });
  await createQuota({ plans: plans[size], store }).check({
    tenantId: 'tenant',
    plan: 'usual',
    use: { apiCalls: 1 },
  });
  const [, , keys, , ...further] = words;
  const values = plans[size].byName.get('usual').limits.map(() => 5);
  const sha = await send('SCRIPT', 'LOAD', `return { ${[0, 1_795_737_600_000_000, 0, 0, ...values]} }`);
  return (tenant) => send('EVALSHA', sha, keys, `quota:{tenant:${tenant}}:s`, ...further);
}

function limiting(limiter) {
  return async (tenant) => {
    const { success } = await limiter.limit(tenant);
    if (!success) throw new Error('denied');
  };
}

function asking(quota) {
  return async (tenantId) => {
    const { allowed } = await quota.check({ tenantId, plan: 'usual', use: { apiCalls: 1 } });
    if (!allowed) throw new Error('refused');
  };
}

const consuming = (limiter) => (tenant) => limiter.consume(tenant);
