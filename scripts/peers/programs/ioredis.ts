import assert from 'node:assert/strict';
import { createCache } from '@unite/cache';
import { redisLayer } from '@unite/cache/redis';
import { createLifecycle } from '@unite/ops';
import { redisCheck } from '@unite/ops/checks';
import { createQuota, definePlans } from '@unite/quota';
import { redisStore } from '@unite/quota/redis';
import ioredis from 'ioredis';

// Not all versions have the class by its name.
const client = () => new ioredis.default(process.env.REDIS_URL ?? '');
const clients = [client(), client(), client(), client()] as const;
// A machine may be busy.
const timeoutMs = 10_000;
const namespace = `peers-${crypto.randomUUID()}`;

// Two caches, as in two processes: what one has loaded the other reads, and what one invalidates the other forgets.
const [here, there] = clients.map((one) =>
  createCache({ namespace, remote: redisLayer(one, { timeoutMs }) }),
);
assert(here && there);
let loads = 0;
const options = {
  key: (id: number) => [id],
  scope: 'global',
  tags: (id: number) => [`contact:${id}`],
  memoryTtlMs: 60_000,
  remoteTtlMs: 60_000,
  load: async (id: number) => ({ id, load: ++loads, at: new Date(0) }),
} as const;
const contacts = here.define('contacts', options);
const same = there.define('contacts', options);
assert.deepEqual(await contacts.get(7), { id: 7, load: 1, at: new Date(0) });
assert.equal((await same.getWithReceipt(7)).layer, 'remote');
await here.invalidateTags(['contact:7']);
assert.equal((await contacts.get(7))?.load, 2);

const plans = definePlans({ free: { apiCallsPerDay: 2 } });
const quota = createQuota({ plans, store: redisStore(clients[2], { timeoutMs }) });
const check = () => quota.check({ tenantId: namespace, plan: 'free', use: { apiCalls: 1 } });
assert.deepEqual(
  [(await check()).allowed, (await check()).by, (await check()).allowed],
  [true, 'store', false],
);

const lifecycle = createLifecycle({ checks: { redis: redisCheck(clients[3], { timeoutMs }) } });
await lifecycle.start();
const health = await lifecycle.health();
assert.equal(health.status, 'up', JSON.stringify(health));

await Promise.all([here.close(), there.close(), quota.close()]);
console.log('cache across two clients, quota, health check');
process.exit();
