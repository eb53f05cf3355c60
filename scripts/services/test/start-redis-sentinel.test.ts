import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { askRedis } from '../src/redis/ask-redis';
import { startRedisSentinel } from '../src/redis/start-redis-sentinel';
import type { RedisSentinelService } from '../src/types';
import { cleanUp, eventually, toolsDirectory } from './support';

describe('startRedisSentinel', () => {
  let redis: RedisSentinelService;

  beforeAll(async () => {
    redis = await startRedisSentinel({ toolsDirectory, settings: { maxmemory: '8mb' } });
  });

  afterAll(async () => {
    await redis?.close();
    await cleanUp();
  });

  it('starts a replica that follows', async () => {
    expect(await askRedis(redis.primary.url, ['SET', 'a', '1'])).toBe('OK');
    await eventually(async () => (await askRedis(redis.replica.url, ['GET', 'a'])) === '1');
    await expect(askRedis(redis.replica.url, ['SET', 'a', '2'])).rejects.toThrow(/^READONLY/);
    for (const { url } of [redis.primary, redis.replica]) {
      expect(await askRedis(url, ['CONFIG', 'GET', 'maxmemory'])).toEqual(['maxmemory', String(8 * 2 ** 20)]);
    }
  });

  it('starts three Sentinels that know the primary, for who has the password', async () => {
    expect(redis.sentinels).toHaveLength(3);
    expect(redis.sentinelPids).toEqual([expect.any(Number), expect.any(Number), expect.any(Number)]);
    for (const { host, port } of redis.sentinels) {
      expect(await primaryPort(redis, port)).toBe(new URL(redis.primary.url).port);
      await expect(askRedis(`redis://${host}:${port}`, ['PING'])).rejects.toThrow(/^NOAUTH/);
    }
  });

  it('makes the replica the primary of one that is killed', async () => {
    process.kill(Number(redis.primary.pid), 'SIGKILL');
    for (const sentinel of redis.sentinels) {
      await eventually(
        async () => (await primaryPort(redis, sentinel.port)) === new URL(redis.replica.url).port,
      );
    }
    expect(redis.primary.pid).toBeUndefined();
    expect(await askRedis(redis.replica.url, ['SET', 'a', '3'])).toBe('OK');
  });

  it('starts with one Sentinel, and ends', async () => {
    const other = await startRedisSentinel({ toolsDirectory, sentinels: 1 });
    expect(await primaryPort(other, Number(other.sentinels[0]?.port))).toBe(new URL(other.primary.url).port);
    await other.close();
    expect([other.primary.pid, other.replica.pid, ...other.sentinelPids]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it.each([
    [{ sentinels: 0 }, '"sentinels" must be 1 to 9, got 0'],
    [{ sentinels: 1.5 }, 'got 1.5'],
    [{ sentinels: 10 }, 'got 10'],
    [{ settings: { replicaof: '127.0.0.1 1' } }, '"replicaof"'],
  ])('refuses %j', async (options, message) => {
    await expect(startRedisSentinel({ toolsDirectory, ...options })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringContaining(message),
    });
  });
});

/** Where the primary is, by what a Sentinel says. */
async function primaryPort({ name, password }: RedisSentinelService, port: number): Promise<unknown> {
  const words = ['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name];
  const reply = await askRedis(`redis://:${password}@127.0.0.1:${port}`, words);
  return (reply as readonly string[])[1];
}
