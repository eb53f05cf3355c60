import { existsSync } from 'node:fs';
import { createConnection } from 'node:net';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { answersPing } from '../src/redis/ping';
import { startRedis } from '../src/redis/start-redis';
import { cleanUp, eventually, processesIn, temporaryDirectory } from './support';

// Kept from one run of the tests to the next, where the package's own `npm start` keeps it too.
const toolsDirectory = join(dirname(dirname(__dirname)), '..', '.unite', 'tools');

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
    const { port, password } = new URL(redis.url);
    const answer = await say(Number(port), `AUTH ${password}\r\nSET a 1\r\nCONFIG GET save\r\n`);
    expect(answer).toContain('+OK\r\n+OK');
    await redis.close();
    expect(existsSync(join(directory, 'dump.rdb'))).toBe(false);
  });

  it('says that it ended by itself', async () => {
    const exits: unknown[] = [];
    const redis = await startRedis({ toolsDirectory, onExit: (exit) => exits.push(exit) });
    process.kill(Number(redis.pid), 'SIGKILL');
    await eventually(() => exits.length > 0);
    await redis.close();
    expect(exits).toEqual([{ code: null, signal: 'SIGKILL' }]);
  });

  it('says what was tried and what to install where there is none', async () => {
    const path = process.env.PATH;
    process.env.PATH = temporaryDirectory();
    try {
      const refusal = startRedis({
        toolsDirectory: temporaryDirectory(),
        sources: ['path', 'debian', 'docker'],
      });
      await expect(refusal).rejects.toMatchObject({
        code: 'REDIS_UNAVAILABLE',
        message: expect.stringMatching(
          /path: no redis-server on PATH\n.*debian: not a Debian[\s\S]*docker: no docker[\s\S]*REDIS_URL/,
        ),
      });
    } finally {
      process.env.PATH = path;
    }
  });
});

function say(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = '';
    const socket = createConnection({ port, host: '127.0.0.1' }, () => socket.write(text));
    socket.on('error', reject).on('data', (chunk) => {
      heard += chunk;
      if (heard.includes('save')) socket.end(() => resolve(heard));
    });
  });
}
