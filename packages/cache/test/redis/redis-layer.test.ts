import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type RedisService, startRedis, startRedisCluster } from '@unite/services';
import Redis from 'ioredis';
import { createClient } from 'redis';
import { CacheError } from '../../src/errors';
import { type RedisSender, redisLayer } from '../../src/redis';
import { clusterClients } from './support/clients';
import { newWorld } from './support/open-process';

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

const bytes = new Uint8Array([1]);

function fail(): never {
  throw new Error('no such client');
}

const sendTo =
  (client: Redis): RedisSender['send'] =>
  ([command, ...words]) =>
    client.callBuffer(String(command), ...(words as Buffer[]));

test.each([undefined, null, 'redis://localhost', {}, { send: 1 }])('%p is no client', (client) => {
  expect(() => redisLayer(client as never)).toThrow(
    /redisLayer: client must be a client of redis or ioredis, got /,
  );
});

test.each([
  [{ timeoutMs: 0 }, /timeoutMs/],
  [{ maxInFlight: 0.5 }, /maxInFlight/],
  [{ maxEntryBytes: 0 }, /maxEntryBytes/],
  [{ maxLogEntries: -1 }, /maxLogEntries/],
  [{ maxLogNames: '1' }, /maxLogNames/],
  [{ timeoutMS: 1 }, /timeoutMS/],
])('%p is refused', (options, text) => {
  expect(() => redisLayer(redis, options as never)).toThrow(text);
});

test('what is under way beyond maxInFlight fails at once', async () => {
  const answers: (() => void)[] = [];
  const send = () => new Promise((resolve) => answers.push(() => resolve(null)));
  const connection = redisLayer({ send }, { maxInFlight: 2 }).open('test');
  const reads = [connection.read('1'), connection.read('2')];
  await expect(connection.read('3')).rejects.toMatchObject({
    code: 'UNITE_CACHE_REMOTE_FAILED',
    message: '2 commands are under way already',
  });
  for (const answer of answers) answer();
  expect(await Promise.all(reads)).toEqual([{ leased: false }, { leased: false }]);
  const again = connection.read('4');
  await new Promise(setImmediate);
  answers.at(-1)?.();
  expect(await again).toEqual({ leased: false });
});

test('a client that throws at once has failed, and nothing is under way', async () => {
  const connection = redisLayer({ send: fail }, { maxInFlight: 1 }).open('test');
  for (const key of ['1', '2']) {
    await expect(connection.read(key)).rejects.toMatchObject({
      code: 'UNITE_CACHE_REMOTE_FAILED',
      message: 'no such client',
    });
  }
});

test('what has no answer in time is given up, and still under way', async () => {
  const connection = redisLayer(
    { send: () => new Promise(() => {}) },
    { timeoutMs: 20, maxInFlight: 1 },
  ).open('test');
  await expect(connection.read('1')).rejects.toMatchObject({
    code: 'UNITE_CACHE_REMOTE_TIMEOUT',
    message: 'Redis did not answer GET within 20 ms',
  });
  await expect(connection.read('2')).rejects.toMatchObject({ code: 'UNITE_CACHE_REMOTE_FAILED' });
});

describe('a sender of the caller', () => {
  test('is opened before the first command, again where that failed, and closed', async () => {
    const calls: string[] = [];
    const client: RedisSender = {
      send: sendTo(redis),
      connect: async () => {
        calls.push('connect');
        if (calls.length === 1) throw new Error('not yet');
      },
      close: async () => calls.push('close'),
    };
    const connection = redisLayer(client, { timeoutMs: 2_000 }).open(newWorld().namespace);
    await expect(connection.read('1')).rejects.toThrow('not yet');
    expect(await connection.read('1')).toEqual({ leased: false });
    expect(await connection.read('1')).toEqual({ leased: false });
    await connection.close();
    expect(calls).toEqual(['connect', 'connect', 'close']);
  });

  test('that throws at once, or something that is no error, has failed', async () => {
    const thrown = [new Error('not connected'), 'closed'];
    const send = () => {
      throw thrown.shift();
    };
    const connection = redisLayer({ send }, { maxInFlight: 1 }).open('test');
    await expect(connection.read('1')).rejects.toMatchObject({
      code: 'UNITE_CACHE_REMOTE_FAILED',
      message: 'not connected',
    });
    await expect(connection.read('1')).rejects.toMatchObject({ message: 'closed' });
  });

  test.each([
    ['OOM command not allowed', 'UNITE_CACHE_REMOTE_REFUSED'],
    ['-READONLY You cannot write', 'UNITE_CACHE_REMOTE_REFUSED'],
    ['LOADING Redis is loading', 'UNITE_CACHE_REMOTE_FAILED'],
    ['CLUSTERDOWN The cluster is down', 'UNITE_CACHE_REMOTE_FAILED'],
    ['Socket closed unexpectedly', 'UNITE_CACHE_REMOTE_FAILED'],
  ])('that is answered "%s": %s', async (text, code) => {
    const send = async () => {
      throw new Error(text);
    };
    await expect(redisLayer({ send }).open('test').read('1')).rejects.toMatchObject({ code, message: text });
  });
});

test('more than three thousand tags that follow from one are refused', async () => {
  const { namespace } = newWorld();
  const connection = redisLayer(redis, { timeoutMs: 5_000 }).open(namespace);
  const effects = Array.from({ length: 3_000 }, (_, index) => `effect-${index}`);
  await redis.sadd(`{${namespace}}:log:link:cause`, effects);
  const refused = await connection.link('cause', 'one more', 60_000).catch((error: unknown) => error);
  expect(CacheError.isInstance(refused) && [refused.code, refused.message]).toEqual([
    'UNITE_CACHE_TAG_FAN_OUT',
    expect.stringMatching(/^too many links/),
  ]);
  await redis.del(`{${namespace}}:log:link:other`);
  await redis.rpush(`{${namespace}}:log:link:other`, 'no set');
  await expect(connection.link('other', 'effect', 60_000)).rejects.toMatchObject({
    code: 'UNITE_CACHE_REMOTE_REFUSED',
  });
  const { names } = await connection.append({ names: ['tcause', 'tx'], retainMs: 60_000 });
  expect(names).toEqual(['*']);
});

test('names beyond maxLogNames make everything older than they invalid', async () => {
  const connection = redisLayer(redis, { timeoutMs: 5_000, maxLogNames: 10 }).open(newWorld().namespace);
  const append = (names: string[]) => connection.append({ names, retainMs: 60_000 });
  await append(['*']);
  const marks = [];
  for (let index = 0; index < 20; index += 1) marks.push((await append([`t${index}`])).mark);
  const { clearedAt, lastInvalidations } = await connection.sync({ names: ['t0', 't19'], touch: false });
  expect(lastInvalidations).toEqual([0, marks[19]?.position]);
  expect(clearedAt).toBeGreaterThanOrEqual(marks[0]?.position as number);
  expect(clearedAt).toBeLessThan(marks[19]?.position as number);
});

test('names are forgotten when no entry can be as old', async () => {
  const { namespace } = newWorld();
  const connection = redisLayer(redis, { timeoutMs: 5_000 }).open(namespace);
  const { mark } = await connection.append({ names: ['told', 'tx'], retainMs: 1_000 });
  await connection.append({ names: ['tnew'], retainMs: 1_000, after: (mark?.position ?? 0) + 2_000_000 });
  expect((await redis.zrange(`{${namespace}}:log:last`, 0, -1)).sort()).toEqual(['!', '*', 'tnew']);
});

test('an entry that is too large is refused before it is sent', async () => {
  const connection = redisLayer(redis, { maxEntryBytes: 3 }).open('test');
  await expect(connection.put('1', { bytes: new Uint8Array(4), stamp: 1, ttlMs: 1_000 })).rejects.toThrow(
    new RangeError('4 bytes are more than maxEntryBytes, 3'),
  );
});

test('many caches over one client hear its errors once', async () => {
  const client = createClient({ url: server.url });
  const connections = Array.from({ length: 20 }, () => redisLayer(client).open('test'));
  expect(client.listenerCount('error')).toBe(1);
  await Promise.all(connections.map((connection) => connection.close()));
  await connections[0]?.close();
});

test('clearing by pattern leaves no listeners behind on the masters of a cluster', async () => {
  await using cluster = await startRedisCluster();
  const { client, open, close } = clusterClients['ioredis Cluster']?.(cluster) ?? fail();
  await open();
  try {
    const connection = redisLayer(client, { timeoutMs: 5_000 }).open('test');
    const listeners = () =>
      (client as unknown as { nodes(role: string): Redis[] })
        .nodes('master')
        .map((node) => node.listenerCount('error'));
    await connection.put('1', { bytes, stamp: 1, ttlMs: 60_000 });
    expect(await connection.deleteMatching('*', 2)).toBe(1);
    const before = listeners();
    for (let count = 0; count < 3; count += 1) await connection.deleteMatching('*', 2);
    expect(listeners()).toEqual(before);
  } finally {
    await close();
  }
});

test.each([
  [{ keyPrefix: 'app:' }, 'must have no keyPrefix'],
  [{ enableAutoPipelining: true }, 'must not have enableAutoPipelining'],
])('an ioredis client with %j is refused', (options, text) => {
  expect(() => redisLayer(new Redis({ lazyConnect: true, ...options }))).toThrow(text);
});

test('a command waits longer while others are answered: Redis is busy then, not gone', async () => {
  const answers: (() => void)[] = [];
  const send = () => new Promise((resolve) => answers.push(() => resolve(null)));
  const connection = redisLayer({ send }, { timeoutMs: 40 }).open('test');
  const patient = connection.read('slow').then(
    () => 'answered',
    (error: Error) => error.message,
  );
  const startMs = performance.now();
  while (performance.now() - startMs < 120) {
    const read = connection.read('other');
    answers.pop()?.();
    await read;
    await new Promise(setImmediate);
  }
  answers[0]?.();
  expect(await patient).toBe('answered');
});
