import { setTimeout } from 'node:timers/promises';
import { definePlans, rateLimit } from '../../packages/quota/dist/index.js';
import { exactly } from '../lib/exactly.mjs';
import { short } from '../lib/table.mjs';
import { openClient } from './clients.mjs';
import { expressStore, flexibleLimiter, flexibleUnion, insuredLimiter, openUnite } from './contestants.mjs';
import { durations } from './limits.mjs';
import { measured, speedOf } from './rounds.mjs';

const points = 1;
const counted = 200;
const ours = '@unite/quota';
const peer = 'RateLimiterRedis, inMemoryBlockOnConsumed';

/** Refusals of keys that have used up what they may: what they ask of Redis, and how many there are in a second. */
export async function deniedKeys(report, redis, settings) {
  const connection = await openClient('redis', redis.url);
  const day = durations.one[0];
  const plans = definePlans({ usual: { apiCallsPerDay: points } });
  const store = expressStore(connection, { prefix: 'denied-express:' });
  const options = { duration: day, points };
  const asks = {
    [ours]: checking(openUnite(connection, { namespace: 'denied', plans })),
    '@unite/quota, maxDenials: 0': checking(
      openUnite(connection, { namespace: 'denied-asked', plans, maxDenials: 0 }),
    ),
    RateLimiterRedis: consuming(flexibleLimiter(connection, { ...options, keyPrefix: 'denied' })),
    [peer]: consuming(insuredLimiter(connection, { ...options, keyPrefix: 'denied-blocked' })),
    'RateLimiterUnion of four, inMemoryBlockOnConsumed': consuming(
      flexibleUnion(connection, { keyPrefix: 'denied-union', open: insuredLimiter, points }),
    ),
    'rate-limit-redis, its store alone': async (tenant) =>
      (await store.increment(tenant)).totalHits <= points,
  };
  const commands = {};
  for (const [name, ask] of Object.entries(asks)) commands[name] = await commandsOf(redis, ask);
  const samples = await measured(asks, { ...settings, atATime: 100, redis });
  const rows = Object.keys(asks).map((name) => {
    const { median, least, most } = speedOf(samples.wall, name, peer);
    const perSecond = Math.round(1e6 / samples.wall[name].toSorted((a, b) => a - b)[settings.rounds >> 1]);
    return [
      name,
      short(commands[name].trips),
      short(commands[name].all),
      perSecond.toLocaleString('en'),
      `${short(median)}× (${short(least)}–${short(most)})`,
    ];
  });
  const head = [
    '',
    'calls of Redis per refusal',
    'commands it ran',
    'refusals a second, median',
    `as fast as ${peer}`,
  ];
  report.table('A denied key', head, rows);
  report.bars({
    title: 'A refusal of a key that is known to be refused: commands of Redis',
    unit: 'commands',
    bars: Object.keys(asks).map((name) =>
      exactly(name, name.startsWith('@unite') ? 'ours' : 'peer', commands[name].all),
    ),
  });
  const passing = await passesAgain(redis, connection);
  connection.close();
  const speed = speedOf(samples.wall, ours, peer).median;
  report.claim('a denied key costs no command of Redis', commands[ours].all === 0, {
    figure: `${commands[ours].all}; RateLimiterRedis ${commands.RateLimiterRedis.all}, with inMemoryBlockOnConsumed ${commands[peer].all}`,
  });
  report.claim('it passes again with one call when it may', passing.allowed && passing.trips === 1, {
    figure: `${passing.trips} calls`,
  });
  report.claim(`refusals are as fast as ${peer}`, speed >= 1, {
    figure: `${short(speed)}×`,
    isOfMachine: true,
  });
}

/** Of one refusal, once the key is known to be refused. */
async function commandsOf(redis, ask) {
  for (const _ of [1, 2, 3]) await ask('counted');
  await redis.forgetCommands();
  for (const _ of Array.from({ length: counted })) {
    if (await ask('counted')) throw new Error('was not refused');
  }
  const { trips, all } = await redis.commands();
  return { trips: trips / counted, all: all / counted };
}

async function passesAgain(redis, connection) {
  const windowMs = 300;
  const plans = definePlans({
    usual: { burst: rateLimit({ of: 'apiCalls', limit: 1, windowMs }) },
  });
  const quota = openUnite(connection, { namespace: 'passing', plans });
  const ask = () => quota.check({ tenantId: 'acme', plan: 'usual', use: { apiCalls: 1 } });
  await ask();
  const { retryAfterMs } = await ask();
  await redis.forgetCommands();
  while ((await ask()).by !== 'denial') await setTimeout(1);
  await setTimeout(retryAfterMs + 5);
  const { allowed } = await ask();
  return { allowed, trips: (await redis.commands()).trips };
}

function checking(quota) {
  return async (tenantId) => (await quota.check({ tenantId, plan: 'usual', use: { apiCalls: 1 } })).allowed;
}

const consuming = (limiter) => (tenant) =>
  limiter.consume(tenant).then(
    () => true,
    () => false,
  );
