import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createClient } from 'redis';
import { type RedisControl, startRedisControl } from '../../../src/testing';
import { settleWithin } from '../../../src/testing/hazards/settle-within';

let redis: RedisControl;

beforeAll(async () => {
  redis = await startRedisControl();
});

afterAll(() => redis.close());

test('freezes and thaws the server', async () => {
  redis.freeze();
  const frozen = redis.command('PING');
  expect(await settleWithin(() => frozen, 200)).toMatchObject({ state: 'waiting' });
  redis.thaw();
  expect(await frozen).toBe('PONG');
});

test('starts an empty server at the same address after a power cut', async () => {
  const { url } = redis;
  await redis.command('SET', 'a', '1');
  await redis.restart();
  expect(redis.url).toBe(url);
  const client = await createClient({ url }).connect();
  expect(await client.get('a')).toBeNull();
  client.destroy();
});

test('counts keys, those that stay for ever, and members', async () => {
  await redis.flushAll();
  await redis.command('SET', 'text', 'value', 'PX', '60000');
  await redis.command('SADD', 'set', 'a', 'b');
  await redis.command('XADD', 'stream', '*', 'field', 'value');
  expect(await redis.count()).toEqual({ keys: 3, keysForEver: 2, members: 3 });
});

test('reads what strings and hashes hold, and deletes by pattern and name', async () => {
  await redis.flushAll();
  await redis.command('SET', 'a:1', 'one');
  await redis.command('HSET', 'a:2', 'field', 'two');
  await redis.command('SADD', 'b', 'three');
  expect(await redis.textOf('a:1')).toBe('one');
  expect(await redis.textOf('a:2')).toBe('{"field":"two"}');
  expect(await redis.textOf('b')).toBeUndefined();
  expect(await redis.deleteKeys('a:*')).toBe(2);
  expect(await redis.delete([])).toBe(0);
  expect(await redis.keys()).toEqual(['b']);
});

test('cuts subscribers, and every other connection but its own', async () => {
  const client = createClient({ url: redis.url, socket: { reconnectStrategy: false } });
  const subscriber = client.duplicate();
  const closed = [client, subscriber].map(
    (each) =>
      new Promise((resolve) =>
        each
          .on('error', () => {})
          .on('end', resolve)
          .on('error', resolve),
      ),
  );
  await Promise.all([client.connect(), subscriber.connect()]);
  await subscriber.subscribe('channel', () => {});
  expect(await redis.killClients('pubsub')).toBe(1);
  expect(await redis.killClients('normal')).toBe(1);
  await Promise.all(closed);
  expect(await redis.command('PING')).toBe('PONG');
});

test('ends once', async () => {
  await using other = await startRedisControl();
  await other.close();
  expect(other.close()).toBe(other.close());
});
