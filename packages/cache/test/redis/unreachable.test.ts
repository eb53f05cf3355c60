import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type RedisService, startRedis } from '@unite/services';
import { calmMs } from '@unite/shared/testing';
import Redis from 'ioredis';
import { createClient } from 'redis';
import { createCache } from '../../src';
import { redisLayer } from '../../src/redis';
import { standaloneClients, type TestClient } from './support/clients';
import { closeProcesses, newWorld, openProcess, type Process } from './support/open-process';
import { lastOldMs, until } from './support/until';

const kinds = ['node-redis client', 'node-redis client pool', 'ioredis Redis'];
const maxStalenessMs = 1_500;
const layer = { timeoutMs: 100 };

let server: RedisService;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.close());

const unhandled: unknown[] = [];
const hear = (error: unknown) => unhandled.push(error);
beforeAll(() => {
  process.on('unhandledRejection', hear);
});
afterAll(() => {
  process.off('unhandledRejection', hear);
});

const clients: TestClient[] = [];
afterEach(async () => {
  await closeProcesses();
  await Promise.all(clients.splice(0).map((client) => client.close()));
  expect(unhandled).toEqual([]);
});

function connect(url: string, kind: string): TestClient {
  const client = standaloneClients[kind]?.(url) as TestClient;
  clients.push(client);
  return client;
}

/** Not one that connections get for their own end: whoever tries long enough connects to himself there. */
async function freePort(): Promise<number> {
  const port = 15_000 + Math.floor(Math.random() * 15_000);
  const listener = createServer().listen(port, '127.0.0.1');
  const isFree = await new Promise((resolve) => {
    listener.once('listening', () => resolve(true)).once('error', () => resolve(false));
  });
  if (!isFree) return freePort();
  await new Promise((resolve) => listener.close(resolve));
  return port;
}

/** The longest of some reads, in milliseconds; each is answered by the loader. */
async function slowestRead({ things }: Process, reads = 12): Promise<number> {
  let slowestMs = 0;
  for (let index = 0; index < reads; index += 1) {
    slowestMs = Math.max(slowestMs, await calmMs(() => things.get(`slow-${index}`)));
  }
  return slowestMs;
}

describe.each(kinds)('%s', (kind) => {
  test('that is not open is opened with the first read, and closed with the last cache', async () => {
    const { client } = connect(server.url, kind);
    const [a, b] = [openProcess(client, newWorld()), openProcess(client, newWorld())];
    expect(await a.things.get('1')).toBe(1);
    expect(await b.cache.ready()).toBe(true);
    await a.cache.close();
    expect((await b.cache.invalidateTags(['things'])).acknowledged).toBe(true);
    await b.cache.close();
    const state = client as { isOpen?: boolean; status?: string };
    await until(() => state.isOpen === false || state.status === 'end', 'the client is closed');
  });

  test('that somebody else has opened stays open', async () => {
    const { client, open } = connect(server.url, kind);
    await open();
    const process = openProcess(client, newWorld());
    await process.things.get('1');
    await process.cache.close();
    const state = client as { isOpen?: boolean; status?: string };
    expect(state.isOpen ?? state.status === 'ready').toBe(true);
  });

  test('that cannot connect: the loader answers, at once when that is known', async () => {
    const { client } = connect(`redis://:secret@127.0.0.1:${await freePort()}`, kind);
    const process = openProcess(client, newWorld(), { layer, maxStalenessMs });
    expect(await slowestRead(process)).toBeLessThan(1_000);
    expect(process.loads).toBe(12);
    await until(() => process.remote.state === 'down', 'the breaker opens');
    let reads = 0;
    await until(async () => {
      reads += 1;
      return (await calmMs(() => process.things.get(`quick-${reads}`))) < layer.timeoutMs / 2;
    }, 'a read that waits for nothing');
    expect(reads).toBeLessThan(5);
    expect((await process.cache.invalidateTags(['things'])).acknowledged).toBe(false);
    expect(await process.cache.close({ timeoutMs: 50 })).toEqual({ lostInvalidations: 1 });
  });

  test('that cannot connect for many seconds, and then can', async () => {
    const port = await freePort();
    const process = openProcess(connect(`redis://:secret@127.0.0.1:${port}`, kind).client, newWorld(), {
      layer,
    });
    const startMs = performance.now();
    expect(await process.things.get('1')).toBe(1);
    await until(() => performance.now() - startMs > 5_000, 'the connection has been given up');
    await using _ = await startRedis({ settings: { port: String(port), requirepass: 'secret' } });
    await until(() => process.remote.state === 'up', 'it is up');
    expect((await process.cache.invalidateTags(['things'])).acknowledged).toBe(true);
  });

  test('that its owner closes in the middle: the loader answers', async () => {
    const { client, open, close } = connect(server.url, kind);
    await open();
    const world = newWorld('old');
    const process = openProcess(client, world, { layer, maxStalenessMs });
    await process.things.get('1');
    await close();
    world.version = 'new';
    expect(await lastOldMs(() => process.things.get('1'), 'new')).toBeLessThan(maxStalenessMs);
    expect(process.remote.state).toBe('down');
    expect(await slowestRead(process)).toBeLessThan(500);
  });
});

describe.each(kinds)('a server that is frozen, seen through %s', (kind) => {
  test('holds nobody up, and hears of what it missed', async () => {
    await using frozen = await startRedis();
    const world = newWorld('old');
    const [a, b] = [0, 1].map(() =>
      openProcess(connect(frozen.url, kind).client, world, { layer, maxStalenessMs }),
    ) as [Process, Process];
    for (const { things } of [a, b]) expect(await things.get('1')).toBe('old');
    process.kill(frozen.pid as number, 'SIGSTOP');
    try {
      expect(await slowestRead(a)).toBeLessThan(6 * layer.timeoutMs);
      await until(() => a.remote.state === 'down', 'the breaker opens');
      expect(a.remote.timeouts).toBeGreaterThanOrEqual(3);
      world.version = 'new';
      expect((await a.cache.invalidateTags(['things'])).acknowledged).toBe(false);
      expect(await a.things.get('1')).toBe('new');
      expect(await lastOldMs(() => b.things.get('1'), 'new')).toBeLessThan(maxStalenessMs);
    } finally {
      process.kill(frozen.pid as number, 'SIGCONT');
    }
    await until(
      () => [a, b].every(({ remote }) => remote.state === 'up' && remote.pendingInvalidations === 0),
      'everything is told',
    );
    const later = openProcess(connect(frozen.url, kind).client, world);
    await until(
      async () => (await later.things.get('1')) === 'new',
      'one that comes later has the new value',
    );
  });

  test('and killed, comes back empty at the same place', async () => {
    const settings = { port: String(await freePort()), requirepass: 'secret' };
    const world = newWorld('old');
    const first = await startRedis({ settings });
    const [a, b] = [0, 1].map(() =>
      openProcess(connect(first.url, kind).client, world, { layer, maxStalenessMs }),
    ) as [Process, Process];
    try {
      for (const { cache, things } of [a, b]) {
        // Who has not met the log yet cannot miss it.
        expect(await cache.ready({ timeoutMs: 60_000 })).toBe(true);
        expect(await things.get('1')).toBe('old');
      }
      process.kill(first.pid as number, 'SIGKILL');
      world.version = 'new';
      await a.cache.invalidateTags(['things']);
      expect(await lastOldMs(() => b.things.get('1'), 'new')).toBeLessThan(maxStalenessMs);
    } finally {
      await first.close();
    }
    await using second = await startRedis({ settings });
    expect(second.url).toBe(first.url);
    await until(
      () => [a, b].every(({ remote }) => remote.state === 'up' && remote.pendingInvalidations === 0),
      'both are back',
    );
    // On a busy machine one may not have heard yet that the server was away.
    await until(() => a.remote.logLosses > 0, 'it has noticed');
    expect(a.remote.logLosses).toBe(1);
    world.version = 'newest';
    await until(
      async () => (await a.cache.invalidateTags(['things'])).acknowledged,
      'the log takes what is invalid',
    );
    await until(async () => (await b.things.get('1')) === 'newest', 'the other has the newest value');
  });
});

test('more commands than may be under way: the loader answers what cannot be asked', async () => {
  const world = newWorld();
  const process = openProcess(connect(server.url, 'ioredis Redis').client, world, {
    layer: { maxInFlight: 2 },
  });
  const ids = Array.from({ length: 50 }, (_, index) => `${index}`);
  expect(await process.things.getMany(ids)).toEqual(ids.map(() => 1));
  expect(process.remote.lastError).toBe('2 commands are under way already');
  await until(() => process.remote.state === 'up', 'it is up again');
  expect((await process.cache.invalidateTags(['things'])).acknowledged).toBe(true);
});

test('what was given up is not sent when the connection comes', async () => {
  const port = await freePort();
  const client = createClient({
    url: `redis://:secret@127.0.0.1:${port}`,
    socket: { reconnectStrategy: () => 20 },
  });
  const process = openProcess(client, newWorld(), { layer: { timeoutMs: 30 } });
  expect(await process.things.get('1')).toBe(1);
  await until(() => process.remote.timeouts > 8, 'some commands are given up');
  await using _ = await startRedis({ settings: { port: String(port), requirepass: 'secret' } });
  await until(() => process.remote.state === 'up', 'it is up');
  const admin = new Redis(`redis://:secret@127.0.0.1:${port}`);
  const stats = await admin.info('commandstats');
  admin.disconnect();
  expect(Number(/cmdstat_evalsha:calls=(\d+)/.exec(stats)?.[1])).toBeLessThan(process.remote.timeouts);
});

test.each(kinds.filter((kind) => kind !== 'node-redis client pool'))(
  'the reason for which a %s has no connection is told',
  async (kind) => {
    const port = await freePort();
    const cache = createCache({
      namespace: 'wrong-address',
      remote: redisLayer(connect(`redis://127.0.0.1:${port}`, kind).client, layer),
    });
    const echo = cache.define('echo', { key: (id: string) => [id], scope: 'global', load: async (id) => id });
    expect(await echo.get('a')).toBe('a');
    const reason = `within 100 ms: connect ECONNREFUSED 127.0.0.1:${port}`;
    await until(() => cache.stats().remote?.lastError?.endsWith(reason) ?? false, 'the reason is told');
    await cache.close({ timeoutMs: 1 });
  },
);
