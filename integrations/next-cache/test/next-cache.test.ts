import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type RedisService, startRedis } from '@unite/services';
import { createClient } from 'redis';
import { buildApplication, type NextProcess, startNext } from './next-process';

/** `maxStalenessMs` of a cache that is not told otherwise, and time for one slow request. */
const boundMs = 6_000;

let redis: RedisService;
let client: ReturnType<typeof createClient>;
let processes: NextProcess[] = [];
const started = new AbortController();

/** A build of Next.js on a machine that is busy with other things. */
const buildTimeoutMs = 600_000;

beforeAll(async () => {
  redis = await startRedis();
  await buildApplication(started.signal);
  client = createClient({ url: redis.url });
  await client.connect();
  processes = await Promise.all([startNext(redis.url, started.signal), startNext(redis.url, started.signal)]);
}, buildTimeoutMs);
afterAll(async () => {
  await Promise.all(processes.map((each) => each.stop()));
  started.abort();
  client?.destroy();
  await redis?.close();
});

const headers = { host: 'app.example' };
const read = async (index: number, path = '/api/value') => {
  // As through one balancer: `fetch` would not let the name of the host be given.
  const [response] = (await once(get(`${processes[index]?.origin}${path}`, { headers }), 'response')) as [
    IncomingMessage,
  ];
  const body = (await json(response)) as { value: string; processId: number };
  return { ...body, status: response.headers['cache-status'] };
};
const revalidate = async (index: number, by: string) => {
  const response = await fetch(`${processes[index]?.origin}/api/revalidate?by=${by}`, { method: 'POST' });
  expect(response.status).toBe(204);
};

/** What is kept is written while the answer is under way: until Redis has it, the other process has nothing. */
const isKept = async (name: string) => {
  while ((await client.keys(`*${name}*`)).length === 0);
};

describe('two processes of Next.js 16 over one Redis', () => {
  test('share what `use cache` made', async () => {
    const one = await read(0);
    await isKept('use-cache');
    const two = await read(1);
    expect(two.value).toBe(one.value);
    expect(two.processId).not.toBe(one.processId);
    expect((await read(0)).value).toBe(one.value);
  });

  test.each(['tag', 'path', 'cache'])('see what the other revalidates, by %s', async (by) => {
    const [mine, theirs] = [await read(0), await read(1)];
    expect((await read(1)).value).toBe(theirs.value);
    const startedAtMs = performance.now();
    await revalidate(0, by);
    // Who revalidates sees it at once.
    expect((await read(0)).value).not.toBe(mine.value);
    let now = await read(1);
    while (now.value === theirs.value && performance.now() - startedAtMs < boundMs) now = await read(1);
    expect(now.value).not.toBe(theirs.value);
  });

  test('share the responses of routes, and what invalidates them', async () => {
    const one = await read(0, '/api/contacts');
    await isKept('responses.global:');
    const two = await read(1, '/api/contacts');
    expect([one.status, two.status]).toEqual([
      'unite; fwd=uri-miss; stored',
      expect.stringMatching(/^unite; hit; ttl=\d+; detail=remote$/),
    ]);
    expect(two.value).toBe(one.value);
    await revalidate(1, 'cache');
    expect((await read(1, '/api/contacts')).value).not.toBe(one.value);
  });
});
