import { concurrencyLimit, createQuota, definePlans } from '../../packages/quota/dist/index.js';
import { redisStore } from '../../packages/quota/dist/redis.js';
import { openClient } from '../quota/clients.mjs';
import { copied, numbered } from './copied.mjs';
import { atATime } from './loops.mjs';
import { plansWith, plenty } from './plans-with.mjs';

const timeoutMs = 5_000;
const roundMs = 20;

/** Quotas whose counters are in Redis, whose time of the processor is counted with this process's. */
export async function quotaRedis(axes, { redis }) {
  const server = await redis();
  const connection = await openClient('redis', server.url);
  for (const axis of [limitsOfCheck, tenantsInRedis, placesTaken]) {
    await axis(axes, server, connection);
    await server.flushAll();
  }
  connection.close();
}

async function limitsOfCheck(axes, server, { client }) {
  await axes.measure({
    name: 'quota: limits in one check, in Redis',
    operation: 'a check',
    x: 'size',
    points: [1, 2, 4, 8, 16].map((x) => {
      const quota = open(client, `limits-${x}`, plansWith(x));
      return { x, run: atATime((turn) => check(quota, `tenant-${turn % 1_000}`)) };
    }),
    servers: [server],
    roundMs,
  });
}

async function tenantsInRedis(axes, server, { client, send }) {
  const plans = plansWith(4);
  const points = [];
  for (const x of [100, 1_000, 10_000, 100_000]) {
    const quota = open(client, `tenants-${x}`, plans);
    await check(quota, `of-${x}-${numbered(0)}`);
    await copied(send, { name: `of-${x}-`, count: x });
    points.push({ x, run: atATime((turn) => check(quota, `of-${x}-${numbered((turn * 7_919) % x)}`)) });
  }
  await axes.measure({
    name: 'quota: tenants in Redis',
    operation: 'a check of four limits',
    x: 'population',
    points,
    servers: [server],
    roundMs,
  });
}

async function placesTaken(axes, server, { client }) {
  const plans = definePlans({ usual: { atOnce: concurrencyLimit({ of: 'jobs', limit: plenty }) } });
  const points = [];
  for (const x of [1, 10, 100, 1_000, 10_000]) {
    const quota = open(client, `places-${x}`, plans);
    const reserve = () =>
      quota.reserve({ tenantId: 'acme', plan: 'usual', use: { jobs: 1 }, expiresInMs: 3_600_000 });
    await atATime(reserve)(x - 1);
    points.push({ x, run: atATime(async () => (await reserve()).release()) });
  }
  await axes.measure({
    name: 'quota: places of a concurrency limit that are taken, in Redis',
    operation: 'to take one and give it back',
    x: 'population',
    points,
    servers: [server],
    roundMs,
  });
}

function open(client, namespace, plans) {
  return createQuota({ plans, namespace, store: redisStore(client, { namespace, timeoutMs }) });
}

async function check(quota, tenantId) {
  const { allowed } = await quota.check({ tenantId, plan: 'usual', use: { apiCalls: 1 } });
  if (!allowed) throw new Error('refused');
}
