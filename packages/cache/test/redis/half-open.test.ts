import { afterEach, describe, expect, it } from '@jest/globals';
import { type FaultProxy, type RedisService, startFaultProxy, startRedis } from '@unite/services';
import { redisSender } from '@unite/shared/redis';
import Redis from 'ioredis';
import { createClient } from 'redis';
import { createCache } from '../../src/create-cache';
import { type RedisLike, redisLayer } from '../../src/redis';

const ends: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

describe('a connection that is open and says nothing', () => {
  it.each<[string, (url: string) => RedisLike]>([
    ['node-redis', (url) => createClient({ url })],
    ['ioredis', (url) => new Redis(url, { lazyConnect: true })],
  ])('is given up after some seconds, with %s', async (_, clientOf) => {
    const { proxy, url } = await startProxiedRedis();
    const cache = createCache({ namespace: 't', remote: redisLayer(clientOf(url)) });
    ends.push(() => cache.close());
    expect(await cache.ready()).toBe(true);
    const accepted = proxy.status().accepted;
    await proxy.set('blackhole');
    await until(() => proxy.status().accepted > accepted);
    await proxy.set('pass');
    await until(() => cache.stats().remote?.state === 'up');
  });

  it.each<
    [string, (url: string) => Promise<RedisLike & { readonly isHere: () => boolean; end: () => unknown }>]
  >([
    [
      'node-redis',
      async (url) => {
        const client = await createClient({ url }).connect();
        return Object.assign(client, { isHere: () => client.isReady, end: () => client.destroy() });
      },
    ],
    [
      'ioredis',
      async (url) => {
        const client = new Redis(url);
        await client.ping();
        return Object.assign(client, {
          isHere: () => client.status === 'ready',
          end: () => client.disconnect(),
        });
      },
    ],
  ])('is left alone where the caller has opened it, with %s', async (_, open) => {
    const { url } = await startProxiedRedis();
    const client = await open(url);
    ends.push(async () => client.end());
    await redisSender(client).reconnect?.();
    expect(client.isHere()).toBe(true);
  });
});

async function startProxiedRedis(): Promise<{ redis: RedisService; proxy: FaultProxy; url: string }> {
  const redis = await startRedis();
  const proxy = await startFaultProxy({ target: redis.url });
  ends.push(
    () => redis.close(),
    () => proxy.close(),
  );
  return { redis, proxy, url: proxy.url() };
}

async function until(holds: () => boolean): Promise<void> {
  const endMs = performance.now() + 60_000;
  while (!holds()) {
    if (performance.now() > endMs) throw new Error('it does not happen');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
