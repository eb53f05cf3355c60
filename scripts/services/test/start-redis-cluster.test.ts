import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { askRedis } from '../src/redis/ask-redis';
import { answersPing } from '../src/redis/ping';
import type { RedisReply } from '../src/redis/resp-reader';
import { startRedisCluster } from '../src/redis/start-redis-cluster';
import type { RedisCluster } from '../src/types';
import { cleanUp, eventually, temporaryDirectory, toolsDirectory, withPath } from './support';

/** A key in the slots of each master, in their order. */
const keys = ['b', 'c', 'a'];

describe('startRedisCluster', () => {
  let cluster: RedisCluster;
  let startMs: number;

  beforeAll(async () => {
    const startedAtMs = performance.now();
    cluster = await startRedisCluster({ toolsDirectory, settings: { maxmemory: '8mb' } });
    startMs = performance.now() - startedAtMs;
  });

  afterAll(async () => {
    await cluster?.close();
    await cleanUp();
  });

  // About 2 s on an idle machine, for as long as Redis waits; the bound leaves room for one that builds.
  it('is ready within ten seconds', () => {
    expect(startMs).toBeLessThan(10_000);
  });

  it('serves all slots, of which every master knows who has them', async () => {
    const ports = cluster.urls.map((url) => Number(new URL(url).port));
    for (const url of cluster.urls) {
      const slots = (await askRedis(url, ['CLUSTER', 'SLOTS'])) as [number, number, [string, number]][];
      const found = slots.map(([first, last, [host, port]]) => [first, last, host, port]);
      expect(found.sort(([one], [other]) => Number(one) - Number(other))).toEqual([
        [0, 5460, '127.0.0.1', ports[0]],
        [5461, 10922, '127.0.0.1', ports[1]],
        [10923, 16383, '127.0.0.1', ports[2]],
      ]);
    }
  });

  it('takes and gives keys of every master, whichever is asked', async () => {
    for (const url of cluster.urls) {
      for (const key of keys) expect(await askCluster(url, ['SET', key, `of ${key} by ${url}`])).toBe('OK');
      for (const key of keys) expect(await askCluster(url, ['GET', key])).toBe(`of ${key} by ${url}`);
    }
  });

  it('has each key at one master', async () => {
    for (const [index, url] of cluster.urls.entries()) {
      expect(await askRedis(url, ['SET', String(keys[index]), '1'])).toBe('OK');
      await expect(askRedis(url, ['GET', String(keys[(index + 1) % 3])])).rejects.toThrow(/^MOVED \d+ 127/);
    }
  });

  it('lets in who has the password', async () => {
    for (const url of cluster.urls) {
      expect(await answersPing(url)).toBe(true);
      const { port } = new URL(url);
      await expect(askRedis(`redis://127.0.0.1:${port}`, ['PING'])).rejects.toThrow(/^NOAUTH/);
      await expect(askRedis(`redis://:wrong@127.0.0.1:${port}`, ['PING'])).rejects.toThrow(/^WRONGPASS/);
    }
  });

  it('has the settings', async () => {
    for (const url of cluster.urls) {
      expect(await askRedis(url, ['CONFIG', 'GET', 'maxmemory'])).toEqual(['maxmemory', String(8 * 2 ** 20)]);
    }
  });

  it('ends', async () => {
    const other = await startRedisCluster({ toolsDirectory });
    process.kill(Number(other.pids[1]), 'SIGKILL');
    await eventually(() => other.pids[1] === undefined);
    expect(other.pids).toEqual([expect.any(Number), undefined, expect.any(Number)]);
    await other[Symbol.asyncDispose]();
    expect(other.pids).toEqual([undefined, undefined, undefined]);
    expect(await answersPing(String(other.urls[0]))).toBe(false);
    await expect(other.close()).resolves.toBeUndefined();
  });

  it.each(['port', 'cluster-port', 'DIR'])('refuses the setting "%s"', async (name) => {
    await expect(startRedisCluster({ toolsDirectory, settings: { [name]: '1' } })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringContaining(`"${name}"`),
    });
  });

  it('says why one did not start, and how it went when the time was up', async () => {
    const broken = startRedisCluster({ toolsDirectory, settings: { maxmemory: 'much' } });
    await expect(broken).rejects.toMatchObject({
      code: 'REDIS_FAILED',
      message: expect.stringMatching(/ended[\s\S]*'maxmemory "?much"?'/),
    });
    // Redis itself waits two seconds before it serves.
    await expect(startRedisCluster({ toolsDirectory, timeoutMs: 1_000 })).rejects.toMatchObject({
      code: 'REDIS_FAILED',
      message: expect.stringContaining('Timed out before every master served its slots'),
    });
  });

  it('refuses Docker, whose servers cannot reach each other at these addresses', async () => {
    const path = temporaryDirectory();
    writeFileSync(join(path, 'docker'), '#!/bin/sh\necho 28.0.0\n');
    chmodSync(join(path, 'docker'), 0o755);
    const refusal = withPath(path, () => startRedisCluster({ toolsDirectory, sources: ['docker'] }));
    await expect(refusal).rejects.toMatchObject({
      code: 'REDIS_UNAVAILABLE',
      message: expect.stringContaining('only Docker'),
    });
  });
});

/** Asks one master, and then the one it names. */
async function askCluster(url: string, words: readonly string[]): Promise<RedisReply> {
  try {
    return await askRedis(url, words);
  } catch (error) {
    const [, address] = /^MOVED \d+ (\S+)$/.exec((error as Error).message) ?? [];
    if (address === undefined) throw error;
    return askRedis(`redis://:${new URL(url).password}@${address}`, words);
  }
}
