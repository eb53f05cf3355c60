import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type RedisService, startRedis, startRedisCluster } from '@unite/services';
import { redisSender } from '@unite/shared/redis';
import Redis, { Cluster } from 'ioredis';
import { createClient, createCluster } from 'redis';
import { type RedisCheckOptions, type RedisLike, redisCheck } from '../../src/checks';
import { ask, askUntil } from './support/ask';

/** A client, and what ends it. */
interface Client {
  readonly client: RedisLike;
  /** Commands that it has sent or keeps, and that are not answered. */
  pending(): number;
  open(): Promise<unknown>;
  close(): void;
}

const kinds: Readonly<Record<string, (url: string) => Client>> = {
  'node-redis'(url) {
    const client = createClient({ url, socket: { reconnectStrategy: 50 } });
    client.on('error', () => undefined);
    let pending = 0;
    const send = client.sendCommand.bind(client);
    client.sendCommand = ((...args: Parameters<typeof send>) => {
      pending += 1;
      return send(...args).finally(() => {
        pending -= 1;
      });
    }) as typeof client.sendCommand;
    return {
      client,
      pending: () => pending,
      open: () => client.connect(),
      close: () => client.isOpen && client.destroy(),
    };
  },
  ioredis(url) {
    const client = new Redis(url, { lazyConnect: true, retryStrategy: () => 50, disconnectTimeout: 50 });
    client.on('error', () => undefined);
    const queues = client as unknown as Record<'commandQueue' | 'offlineQueue', { length: number }>;
    return {
      client,
      pending: () => queues.commandQueue.length + queues.offlineQueue.length,
      open: () => client.connect(),
      close: () => client.disconnect(),
    };
  },
};

const clients: Client[] = [];
const services: RedisService[] = [];
let server: RedisService;

beforeAll(async () => {
  server = await startRedis();
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await Promise.all(services.splice(0).map((service) => service.close()));
});
afterAll(() => server?.close());

describe.each(Object.entries(kinds))('redisCheck by %s', (_, create) => {
  async function opened(url: string): Promise<Client> {
    const client = create(url);
    clients.push(client);
    await client.open();
    return client;
  }

  async function look({ url }: RedisService, options?: RedisCheckOptions) {
    const { status, detail } = await ask(redisCheck((await opened(url)).client, options));
    return { status, detail };
  }

  async function start(settings: Record<string, string>): Promise<RedisService> {
    const service = await startRedis({ settings });
    services.push(service);
    return service;
  }

  it('is up where Redis answers, and where it takes writes', async () => {
    expect(await look(server)).toEqual({ status: 'up', detail: undefined });
    expect(await look(server, { requireWrites: true })).toEqual({ status: 'up', detail: undefined });
    const reader = new Redis(server.url, { disconnectTimeout: 50 });
    const [key = ''] = await reader.keys('unite:health:*');
    expect(await reader.pttl(key)).toBeGreaterThan(50_000);
    await reader.flushall();
    reader.disconnect();
  });

  it('tells a read-only replica only where writes are needed', async () => {
    const { port, password } = new URL(server.url);
    const replica = await start({ replicaof: `127.0.0.1 ${port}`, masterauth: password });
    const { client } = await opened(replica.url);
    expect((await ask(redisCheck(client))).status).toBe('up');
    const check = redisCheck(client, { requireWrites: true });
    const readOnly = await askUntil(check, ({ detail }) => detail === 'is a read-only replica');
    expect(readOnly).toMatchObject({ status: 'down', detail: 'is a read-only replica' });
  });

  it('tells a server that is full only where writes are needed', async () => {
    const full = await start({ maxmemory: '1', 'maxmemory-policy': 'noeviction' });
    expect((await look(full)).status).toBe('up');
    expect(await look(full, { requireWrites: true })).toEqual({
      status: 'down',
      detail: 'is full: maxmemory is reached',
    });
  });

  it('on a frozen server is down in time, sends one command, and is up when the server goes on', async () => {
    const frozen = await start({});
    const client = await opened(frozen.url);
    const check = redisCheck(client.client, { timeoutMs: 500 });
    await ask(check);
    process.kill(Number(frozen.pid), 'SIGSTOP');
    try {
      for (const _ of [1, 2]) {
        expect(await ask(check)).toMatchObject({ status: 'down', detail: 'no answer in 450 ms' });
      }
      expect(client.pending()).toBe(1);
    } finally {
      process.kill(Number(frozen.pid), 'SIGCONT');
    }
    expect((await askUntil(check, ({ status }) => status === 'up')).status).toBe('up');
  });

  it('on a killed server is down, and keeps no command until it is back', async () => {
    const settings = { requirepass: 'a' };
    const killed = await start(settings);
    const client = await opened(killed.url);
    const check = redisCheck(client.client);
    process.kill(Number(killed.pid), 'SIGKILL');
    const down = await askUntil(check, ({ detail }) => detail === 'the client is not connected');
    expect(down).toMatchObject({ status: 'down', detail: 'the client is not connected' });
    expect(client.pending()).toBe(0);
    await start({ ...settings, port: new URL(killed.url).port });
    expect((await askUntil(check, ({ status }) => status === 'up')).status).toBe('up');
  });

  it('neither opens a client nor closes one', async () => {
    const client = create(server.url);
    clients.push(client);
    const check = redisCheck(client.client);
    expect(await ask(check)).toMatchObject({ status: 'down', detail: 'the client is not connected' });
    await client.open();
    expect((await ask(check)).status).toBe('up');
    expect((await ask(check)).status).toBe('up');
  });

  it('keeps no client open that a cache or a store has opened', async () => {
    const client = create(server.url);
    clients.push(client);
    const store = redisSender(client.client);
    await store.connect?.();
    expect((await ask(redisCheck(client.client))).status).toBe('up');
    await store.close?.();
    const check = redisCheck(client.client);
    const closed = await askUntil(check, ({ detail }) => detail === 'the client is not connected');
    expect(closed.detail).toBe('the client is not connected');
  });

  it('tells a login that is refused meanwhile', async () => {
    const guarded = await start({ requirepass: 'a' });
    const { client } = await opened(guarded.url);
    const admin = new Redis(guarded.url, { disconnectTimeout: 50 });
    await admin.call('ACL', 'SETUSER', 'default', '-@all', '+acl', '+ping');
    expect((await ask(redisCheck(client))).status).toBe('up');
    expect((await ask(redisCheck(client, { requireWrites: true }))).detail).toBe(
      'does not permit it to this user',
    );
    admin.disconnect();
  });
});

describe('redisCheck by clients of a cluster', () => {
  it('is up where every command finds its master, and down before they are opened', async () => {
    await using cluster = await startRedisCluster();
    const { password } = new URL(cluster.urls[0] ?? '');
    const nodeRedis = createCluster({
      rootNodes: cluster.urls.map((url) => ({ url })),
      defaults: { password },
    });
    nodeRedis.on('error', () => undefined);
    const roots = cluster.urls.map((url) => ({ host: '127.0.0.1', port: Number(new URL(url).port) }));
    const redisOptions = { password, disconnectTimeout: 50 };
    const ioredis = new Cluster(roots, { redisOptions, lazyConnect: true });
    for (const client of [nodeRedis, ioredis]) {
      const checks = [redisCheck(client), redisCheck(client, { requireWrites: true })];
      for (const check of checks) expect((await ask(check)).detail).toBe('the client is not connected');
      await client.connect();
      for (const check of checks) expect((await ask(check)).status).toBe('up');
    }
    nodeRedis.destroy();
    ioredis.disconnect();
  });
});

describe('redisCheck by a hand-written send', () => {
  const check = (send: (words: readonly string[]) => Promise<unknown>) =>
    ask(redisCheck({ send }, { requireWrites: true }));

  it.each([
    ['LOADING Redis is loading the dataset in memory', 'loads its data'],
    ['NOAUTH Authentication required.', 'refuses the login'],
    ['-MISCONF Redis is configured to save RDB snapshots', 'cannot save to disk, and takes no writes'],
    ['Connection is closed.', 'closed the connection'],
    ['EXEC something at 10.0.0.1', 'failed'],
  ])('puts into words: %s', async (message, detail) => {
    expect(await check(() => Promise.reject(new Error(message)))).toMatchObject({ status: 'down', detail });
  });

  it('is down where another value comes back', async () => {
    expect(await check(async ([command]) => (command === 'GET' ? null : 'OK'))).toMatchObject({
      status: 'down',
      detail: 'does not give back what was written',
    });
  });

  it('is not closed by it', async () => {
    let isClosed = false;
    const client = {
      send: async () => 'PONG',
      close: async () => {
        isClosed = true;
      },
    };
    expect((await ask(redisCheck(client))).status).toBe('up');
    expect(isClosed).toBe(false);
  });

  it('ends with its signal', async () => {
    const hung = redisCheck({ send: () => new Promise(() => undefined) });
    const abort = new AbortController();
    const running = hung.run(abort.signal);
    abort.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    await expect(hung.run(abort.signal)).rejects.toThrow('enough');
  });
});

describe('redisCheck', () => {
  it('refuses what is no client, and shows no URL', () => {
    expect(() => redisCheck('redis://:secret@host' as never)).toThrow(
      new TypeError('redisCheck: client must be a client of redis or ioredis, got text'),
    );
    expect(() => redisCheck({} as never)).toThrow(TypeError);
  });

  it.each([
    [{ requireWrites: 'yes' }, 'redisCheck: option "requireWrites" must be true or false, got "yes"'],
    [{ timeoutMs: 0 }, 'redisCheck: option "timeoutMs" must be a positive number, got 0'],
    [{ maxAgeMs: -1 }, 'redisCheck: option "maxAgeMs" must be a number, zero or more, got -1'],
    [{ group: 'No group' }, 'redisCheck: option "group" must be the name of a health group, got "No group"'],
    [{ write: true }, /redisCheck: unknown option "write"/],
  ])('names the option that is wrong: %j', (options, message) => {
    expect(() => redisCheck({ send: async () => 'PONG' }, options as never)).toThrow(message);
  });

  it('hands on what a lifecycle needs to know', () => {
    expect(redisCheck({ send: async () => 'PONG' }, { group: 'degraded', maxAgeMs: 5 })).toMatchObject({
      group: 'degraded',
      maxAgeMs: 5,
      timeoutMs: 800,
    });
  });
});
