import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type RedisService, startRedis } from '@unite/services';
import Redis from 'ioredis';
import { redisStore } from '../../src/redis';
import type { QuotaStore } from '../../src/store/store-types';
import { newSubject, plain, quota } from './support/limits';

let server: RedisService;
let client: Redis;
let store: QuotaStore;
beforeAll(async () => {
  server = await startRedis();
  client = new Redis(server.url);
  store = redisStore({ send: slowly }, { timeoutMs: 60_000 });
});
afterAll(async () => {
  client?.disconnect();
  await server?.close();
});

/** Sends each script as one that stands still, for some 30 ms, between its look at the clock and what it keeps. */
function slowly([command = '', text = '', ...rest]: readonly string[]): Promise<unknown> {
  if (command === 'EVALSHA') return Promise.reject(new Error('NOSCRIPT No matching script.'));
  return client.call(command, text.replaceAll("call('SET'", "for i = 1, 5e6 do end call('SET'"), ...rest);
}

const hold = { id: 'h', expiresInMs: 40_000, rememberMs: 50_000 };
const event = { id: 'e', fingerprint: 'f', rememberMs: 60_000 };

test('is counted from what the script took for now, however long the script takes', async () => {
  const subject = newSubject();
  const call = { ...plain, subject, limits: [quota('calls')], amounts: [1] };
  const reply = await store.decide({ ...call, hold, event });
  if (reply.outcome !== 'decided') throw new Error(reply.outcome);
  const nowMs = Math.floor(reply.nowUs / 1_000);
  const expiries = [`quota:{${subject}}:h:h`, `quota:{${subject}}:e:e`].map((key) => client.pexpiretime(key));
  expect(await Promise.all(expiries)).toEqual([nowMs + 90_000, nowMs + 60_000]);
});

test('also of a settlement, which is remembered for a time of its own', async () => {
  const subject = newSubject();
  const call = { ...plain, subject, limits: [quota('calls')], amounts: [1] };
  await store.decide({ ...call, hold });
  const timesOfServer = async () => {
    const [seconds, microseconds] = await client.time();
    return Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000);
  };
  const beforeMs = await timesOfServer();
  await store.settle({ ...call, holdId: 'h', rememberMs: 70_000 });
  const passedMs = (await timesOfServer()) - beforeMs;
  const expiry = await client.pexpiretime(`quota:{${subject}}:h:h`);
  expect(expiry - 70_000).toBeGreaterThanOrEqual(beforeMs);
  // It is of the time before the script stood still, not of its end.
  expect(expiry - 70_000).toBeLessThan(beforeMs + passedMs - 5);
});
