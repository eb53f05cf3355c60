import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { askRedis } from '../src/redis/ask-redis';
import { answersPing } from '../src/redis/ping';
import { startRedis } from '../src/redis/start-redis';
import { cleanUp, eventually, processesIn, temporaryDirectory, toolsDirectory, withPath } from './support';

const itOnDebian = existsSync('/usr/bin/dpkg') ? it : it.skip;

describe('startRedis', () => {
  afterEach(cleanUp);

  it('starts one that answers, for who has the password, and ends it', async () => {
    const directory = temporaryDirectory();
    const redis = await startRedis({ directory, toolsDirectory });
    expect(await answersPing(redis.url)).toBe(true);
    const { port } = new URL(redis.url);
    expect(await answersPing(`redis://127.0.0.1:${port}`)).toBe(false);
    expect(await answersPing(`redis://:wrong@127.0.0.1:${port}`)).toBe(false);

    await redis.close();
    expect(redis.pid).toBeUndefined();
    expect(processesIn(directory)).toEqual([]);
    expect(await answersPing(redis.url)).toBe(false);
    await expect(redis.close()).resolves.toBeUndefined();
  });

  it('keeps nothing on disk', async () => {
    const directory = temporaryDirectory();
    const redis = await startRedis({ directory, toolsDirectory });
    expect(await askRedis(redis.url, ['SET', 'a', '1'])).toBe('OK');
    await redis.close();
    expect(readdirSync(join(directory, 'redis'))).toEqual(['redis.conf']);
  });

  it('has the settings, and keeps what they make it keep', async () => {
    const directory = temporaryDirectory();
    const settings = { maxmemory: '8mb', 'maxmemory-policy': 'allkeys-lru', appendonly: 'yes' };
    const first = await startRedis({ directory, toolsDirectory, settings });
    expect(await askRedis(first.url, ['CONFIG', 'GET', 'maxmemory*y'])).toContain('allkeys-lru');
    expect(await askRedis(first.url, ['SET', 'a', '1'])).toBe('OK');
    await first.close();
    await using second = await startRedis({ directory, toolsDirectory, settings });
    expect(await askRedis(second.url, ['GET', 'a'])).toBe('1');
  });

  it('comes back at its old URL', async () => {
    await using first = await startRedis({ toolsDirectory, settings: { requirepass: 'pass/word' } });
    const { port } = new URL(first.url);
    process.kill(Number(first.pid), 'SIGKILL');
    await eventually(() => first.pid === undefined);
    await using second = await startRedis({
      toolsDirectory,
      settings: { port, requirepass: 'pass/word' },
    });
    expect(second.url).toBe(first.url);
    expect(await answersPing(first.url)).toBe(true);
  });

  it('is killed, frozen and thawed on demand, which is no news, and comes back at its URL', async () => {
    const exits: unknown[] = [];
    await using redis = await startRedis({ toolsDirectory, onExit: (exit) => exits.push(exit) });
    const { url } = redis;
    await redis.kill('SIGKILL');
    expect([redis.pid, await answersPing(url)]).toEqual([undefined, false]);
    await Promise.all([redis.start(), redis.start()]);
    expect([redis.url, await answersPing(url)]).toEqual([url, true]);
    await redis.kill('SIGSTOP');
    expect(await answersPing(url)).toBe(false);
    await redis.kill('SIGCONT');
    await eventually(() => answersPing(url));
    await redis.close();
    expect(exits).toEqual([]);
  });

  it('follows another as its replica, and stops when told to', async () => {
    await using primary = await startRedis({ toolsDirectory });
    const { port, password } = new URL(primary.url);
    expect(await askRedis(primary.url, ['SET', 'a', '1'])).toBe('OK');
    await using replica = await startRedis({
      toolsDirectory,
      settings: { replicaof: `127.0.0.1 ${port}`, masterauth: password },
    });
    await eventually(async () => (await askRedis(replica.url, ['GET', 'a']).catch(() => '')) === '1');
    await expect(askRedis(replica.url, ['SET', 'a', '2'])).rejects.toThrow(/^READONLY/);
    process.kill(Number(primary.pid), 'SIGKILL');
    expect(await askRedis(replica.url, ['REPLICAOF', 'NO', 'ONE'])).toBe('OK');
    expect(await askRedis(replica.url, ['SET', 'a', '2'])).toBe('OK');
  });

  it('refuses a setting that it needs for itself', async () => {
    await expect(startRedis({ toolsDirectory, settings: { bind: '0.0.0.0' } })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringContaining('"bind"'),
    });
  });

  it('gives up on a port that stays taken, and says so', async () => {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const refusal = startRedis({ toolsDirectory, settings: { port: String(port) } });
    await expect(refusal).rejects.toMatchObject({
      code: 'REDIS_FAILED',
      message: expect.stringMatching(/ended[\s\S]*in use/),
    });
    server.close();
  });

  it('says that it ended by itself', async () => {
    const exits: unknown[] = [];
    const redis = await startRedis({ toolsDirectory, onExit: (exit) => exits.push(exit) });
    process.kill(Number(redis.pid), 'SIGKILL');
    await eventually(() => exits.length > 0);
    await redis.close();
    expect(exits).toEqual([{ code: null, signal: 'SIGKILL' }]);
  });

  itOnDebian('of which two are started at once are unpacked for both (needs Debian)', async () => {
    const tools = temporaryDirectory();
    const options = { toolsDirectory: tools, sources: ['debian'] } as const;
    const redises = await Promise.all([startRedis(options), startRedis(options)]);
    await Promise.all(redises.map((redis) => redis.close()));
    expect(readdirSync(tools)).toHaveLength(1);
  });

  it('says what was tried and what to install where there is none', async () => {
    const refusal = withPath(temporaryDirectory(), () =>
      startRedis({ toolsDirectory: temporaryDirectory(), sources: ['path', 'debian', 'docker'] }),
    );
    await expect(refusal).rejects.toMatchObject({
      code: 'REDIS_UNAVAILABLE',
      message: expect.stringMatching(
        /path: no redis-server on PATH\n.*debian: not a Debian[\s\S]*docker: no docker[\s\S]*REDIS_URL/,
      ),
    });
  });
});
