import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type RedisService, startRedis } from '@unite/services';
import { calmMs } from '@unite/shared/testing';
import Redis from 'ioredis';
import { createClient } from 'redis';
import type { RedisLike } from '../../src/redis';
import { standaloneClients, type TestClient } from './support/clients';
import { closeProcesses, newWorld, openProcess, type World } from './support/open-process';
import { lastOldMs, until } from './support/until';

const maxStalenessMs = 1_500;

let server: RedisService;
let redis: Redis;

beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url);
});
afterAll(async () => {
  redis.disconnect();
  await server.close();
});

const clients: TestClient[] = [];
afterEach(async () => {
  await closeProcesses();
  await Promise.all(clients.splice(0).map((client) => client.close()));
});

function connect(url: string, kind: string): RedisLike {
  const client = standaloneClients[kind]?.(url) as TestClient;
  clients.push(client);
  return client.client;
}

describe.each(['node-redis client', 'node-redis client pool', 'ioredis Redis'])('%s', (kind) => {
  test.each([
    ['a wrong password', 'wrong'],
    ['no password', ''],
  ])('with %s every read is answered by the loader', async (_, password) => {
    const url = new URL(server.url);
    url.password = password;
    const process = openProcess(connect(url.href, kind), newWorld(), { layer: { timeoutMs: 100 } });
    const tookMs = await calmMs(async () => expect(await process.things.get('1')).toBe(1));
    expect(tookMs).toBeLessThan(1_500);
    await until(() => process.remote.state === 'down', 'the breaker opens');
    expect((await process.cache.invalidateTags(['things'])).acknowledged).toBe(false);
    expect(await process.things.get('1')).toBe(1);
    expect(process.remote.lastError).toBeDefined();
    expect(await process.cache.ready({ timeoutMs: 100 })).toBe(false);
    expect(await process.cache.close({ timeoutMs: 100 })).toEqual({ lostInvalidations: 1 });
  });
});

test('a replica is of no use: it cannot be told what is invalid', async () => {
  const { port, password } = new URL(server.url);
  await using replica = await startRedis({
    settings: { replicaof: `127.0.0.1 ${port}`, masterauth: password },
  });
  const world = newWorld('old');
  const atPrimary = openProcess(redis, world);
  await atPrimary.things.get('1');
  const replicaClient = new Redis(replica.url);
  try {
    await until(
      async () => (await replicaClient.exists(`${world.namespace}:{things:1}`)) === 1,
      'the replica has the entry',
    );
    const process = openProcess(replicaClient, world);
    await until(
      () => process.remote.state === 'down' || process.cache.ready().then(() => false),
      'the breaker opens',
    );
    world.version = 'new';
    expect(await process.things.get('1')).toBe('new');
    expect((await process.cache.invalidateTags(['things'])).acknowledged).toBe(false);
    expect(process.remote.lastError).toMatch(/READONLY/);
  } finally {
    await closeProcesses();
    replicaClient.disconnect();
  }
});

describe('a server that takes nothing', () => {
  let other: RedisService;
  let admin: Redis;
  let world: World;

  beforeAll(async () => {
    other = await startRedis();
    admin = new Redis(other.url);
  });
  beforeEach(async () => {
    world = newWorld('old');
    for (const name of ['maxmemory', 'min-replicas-to-write']) await admin.config('SET', name, '0');
    await admin.config('SET', 'maxmemory-policy', 'noeviction');
  });
  afterAll(async () => {
    admin.disconnect();
    await other.close();
  });

  /** Both have the old value in memory; then the server refuses, and one of them invalidates. */
  async function invalidateWhile(refuse: () => Promise<unknown>) {
    const [a, b] = [
      openProcess(admin, world, { maxStalenessMs }),
      openProcess(admin, world, { maxStalenessMs }),
    ];
    for (const { things } of [a, b]) expect(await things.get('1')).toBe('old');
    expect(b.things.peek('1')).toBe('old');
    await refuse();
    world.version = 'new';
    const { acknowledged } = await a.cache.invalidateTags(['things']);
    expect(await a.things.get('1')).toBe('new');
    expect(await lastOldMs(() => b.things.get('1'), 'new')).toBeLessThan(maxStalenessMs);
    return { a, b, acknowledged };
  }

  async function isWellAfter(
    mend: () => Promise<unknown>,
    processes: readonly ReturnType<typeof openProcess>[],
  ) {
    await mend();
    await until(
      () => processes.every(({ remote }) => remote.state === 'up' && remote.pendingInvalidations === 0),
      'everything is told',
    );
    world.version = 'newest';
    const [first, second] = processes;
    expect((await first?.cache.invalidateTags(['things']))?.acknowledged).toBe(true);
    await until(async () => (await second?.things.get('1')) === 'newest', 'the other has the newest value');
  }

  test('out of memory: what it cannot write down it forgets, so that everybody notices', async () => {
    const { a, b, acknowledged } = await invalidateWhile(() => admin.config('SET', 'maxmemory', '1'));
    expect(acknowledged).toBe(false);
    expect(await admin.exists(`{${world.namespace}}:log`)).toBe(0);
    expect(a.remote.lastError).toMatch(/OOM/);
    expect(a.remote.pendingInvalidations).toBeGreaterThan(0);
    await isWellAfter(() => admin.config('SET', 'maxmemory', '0'), [a, b]);
    expect(b.remote.logLosses).toBe(1);
  });

  test('too few replicas: the log cannot even be removed, and nobody trusts it for longer than the bound', async () => {
    const { a, b, acknowledged } = await invalidateWhile(() =>
      admin.config('SET', 'min-replicas-to-write', '1'),
    );
    expect(acknowledged).toBe(false);
    expect(b.remote.state).toBe('down');
    expect(a.remote.lastError).toMatch(/NOREPLICAS/);
    await isWellAfter(() => admin.config('SET', 'min-replicas-to-write', '0'), [a, b]);
  });

  test('no right to write: the same', async () => {
    await admin.call('ACL', 'SETUSER', 'reader', 'on', '>secret', '~*', '+@all');
    const url = new URL(other.url);
    url.username = 'reader';
    url.password = 'secret';
    const client = createClient({ url: url.href });
    const [a, b] = [
      openProcess(client, world, { maxStalenessMs }),
      openProcess(client, world, { maxStalenessMs }),
    ];
    for (const { things } of [a, b]) await things.get('1');
    await admin.call('ACL', 'SETUSER', 'reader', '-@write');
    world.version = 'new';
    expect((await a.cache.invalidateTags(['things'])).acknowledged).toBe(false);
    expect(await lastOldMs(() => b.things.get('1'), 'new')).toBeLessThan(maxStalenessMs);
    await isWellAfter(() => admin.call('ACL', 'SETUSER', 'reader', '+@write'), [a, b]);
  });

  test('evicts at random: a log that went is noticed, and nothing of it is believed', async () => {
    const [a, b] = [
      openProcess(admin, world, { maxStalenessMs }),
      openProcess(admin, world, { maxStalenessMs }),
    ];
    for (const { things } of [a, b]) expect(await things.get('1')).toBe('old');
    const used = Number(/used_memory:(\d+)/.exec(await admin.info('memory'))?.[1]);
    await admin.config('SET', 'maxmemory-policy', 'allkeys-random');
    await admin.config('SET', 'maxmemory', String(used + 500_000));
    try {
      world.version = 'new';
      let isKnown = false;
      for (let count = 0; count < 400 && b.remote.logLosses === 0; count += 1) {
        const junk = Array.from({ length: 50 }, (_, index) =>
          admin.set(`junk:${count}:${index}`, 'x'.repeat(2_000)).catch(() => {}),
        );
        await Promise.all(junk);
        if (count === 20) isKnown = (await a.cache.invalidateTags(['things'])).acknowledged;
      }
      expect(b.remote.logLosses).toBeGreaterThan(0);
      if (!isKnown) await a.cache.invalidateTags(['things']);
      expect(await lastOldMs(() => b.things.get('1'), 'new')).toBeLessThan(maxStalenessMs);
      expect(await a.things.get('1')).toBe('new');
    } finally {
      await admin.config('SET', 'maxmemory', '0');
      await admin.config('SET', 'maxmemory-policy', 'noeviction');
    }
    await isWellAfter(async () => {}, [a, b]);
  });

  test('forgets its scripts', async () => {
    const [a, b] = [openProcess(admin, world), openProcess(admin, world)];
    expect(await a.things.get('1')).toBe('old');
    await admin.script('FLUSH');
    expect(await b.things.get('1')).toBe('old');
    world.version = 'new';
    await admin.script('FLUSH');
    expect((await a.cache.invalidateTags(['things'])).acknowledged).toBe(true);
    await until(async () => (await b.things.get('1')) === 'new', 'the other has the new value');
    expect([a.remote.failures, b.remote.failures]).toEqual([0, 0]);
  });
});
