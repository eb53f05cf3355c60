import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type RedisService, startRedis } from '@unite/services';
import Redis from 'ioredis';
import { redisStore } from '../../src/redis';
import type { QuotaStore, StoreLimit } from '../../src/store/store-types';
import { backoff, day, newSubject, plain, quota, rate } from './support/limits';
import { until } from './support/until';

let server: RedisService;
let client: Redis;
let store: QuotaStore;
beforeAll(async () => {
  server = await startRedis();
  client = new Redis(server.url);
  store = redisStore(client, { timeoutMs: 5_000 });
});
afterAll(async () => {
  client?.disconnect();
  await server?.close();
});

const isLedgered = true;

async function values(subject: string, limits: readonly StoreLimit[], amounts: readonly number[]) {
  const reply = await store.decide({ ...plain, subject, limits, amounts });
  return reply.outcome === 'decided' ? reply.values : reply;
}

describe('two deployments side by side', () => {
  const older = [quota('calls'), rate('burst', 100), quota('gone', 50)];
  const newer = [quota('new'), quota('calls'), backoff('log-ins', 9)];

  test('lose no counts', async () => {
    const subject = newSubject();
    for (const count of [1, 2, 3, 4, 5]) {
      expect(await values(subject, older, [1, 1, 2])).toEqual([2 * count - 1, expect.any(Number), 2 * count]);
      expect(await values(subject, newer, [3, 1, 1])).toEqual([3 * count, 2 * count, expect.any(Number)]);
    }
    expect(await values(subject, [quota('gone', 10)], [1])).toEqual([10]);
  });

  test('lose none with many in flight', async () => {
    const subject = newSubject();
    const calls = Array.from({ length: 400 }, (_, index) =>
      index % 2 ? values(subject, older, [1, 0, 0]) : values(subject, newer, [0, 1, 0]),
    );
    await Promise.all(calls);
    expect(await values(subject, [quota('calls')], [0])).toEqual([400]);
  });

  test('what nobody asks for is forgotten when its period is over', async () => {
    const subject = newSubject();
    const { first } = day();
    const now = async () => {
      const [seconds, micros] = (await client.time()) as unknown as [string, string];
      return Number(seconds) * 1_000_000 + Number(micros);
    };
    const brief = [quota('brief', 10, { first, second: (await now()) + 300_000 })];
    expect(await values(subject, [...brief, ...older], [1, 1, 0, 0])).toEqual([1, 1, expect.any(Number), 0]);
    await values(subject, older, [1, 0, 0]);
    const key = `quota:{${subject}}:s`;
    expect(await client.get(key)).toContain('brief');
    await until(async () => (await now()) > (brief[0]?.second ?? 0), 'the period is over');
    expect(await values(subject, older, [1, 0, 0])).toEqual([3, expect.any(Number), 0]);
    expect(await client.get(key)).not.toContain('brief');
  });

  test('a name that ends as another one is another one', async () => {
    const subject = newSubject();
    await values(subject, [quota('xcalls')], [7]);
    expect(await values(subject, [quota('calls')], [1])).toEqual([1]);
    expect(await values(subject, [quota('x'), quota('calls')], [0, 1])).toEqual([0, 2]);
    expect(await values(subject, [quota('xcalls')], [0])).toEqual([7]);
  });

  test('a hold is settled by the one that did not make it', async () => {
    const subject = newSubject();
    const hold = { id: 'h', expiresInMs: 60_000, rememberMs: 1_000 };
    await store.decide({ ...plain, subject, limits: older, amounts: [10, 0, 5], hold });
    const call = { subject, keepMs: 60_000, rememberMs: 1_000, holdId: 'h' };
    expect(await store.settle({ ...call, limits: newer, amounts: [4, 3, 0] })).toEqual({
      outcome: 'settled',
      isLate: false,
      added: [4, -7, 0],
      values: [4, 3, 0],
      epoch: 0,
    });
    expect(await values(subject, older, [0, 0, 0])).toEqual([3, expect.any(Number), 5]);
  });

  test("a ledger's counts stay known to both, each for its own", async () => {
    const subject = newSubject();
    const call = { ...plain, isLedgered, subject };
    const ledgered = [
      [quota('calls'), quota('gone')],
      [quota('new'), quota('calls')],
    ] as const;
    expect(await store.install({ ...call, limits: ledgered[0], used: [5, 6], epoch: 1 })).toEqual({
      outcome: 'installed',
    });
    // Nobody knows what the ledger has of the new one.
    expect(await store.decide({ ...call, limits: ledgered[1], amounts: [1, 1] })).toEqual({
      outcome: 'unknown',
    });
    expect(await store.adjust({ ...call, limits: ledgered[1], amounts: [1, 1] })).toEqual({
      outcome: 'unknown',
    });
    expect(await store.read({ ...call, limits: ledgered[1] })).toEqual({ outcome: 'unknown' });
    expect(await store.install({ ...call, limits: ledgered[1], used: [1, 5], epoch: 2 })).toEqual({
      outcome: 'installed',
    });
    expect(await store.decide({ ...call, limits: ledgered[1], amounts: [1, 1] })).toMatchObject({
      values: [2, 6],
      epoch: 2,
    });
    expect(await store.decide({ ...call, limits: ledgered[0], amounts: [1, 1] })).toMatchObject({
      values: [7, 7],
      epoch: 2,
    });
    expect(await store.read({ ...call, limits: ledgered[1] })).toMatchObject({ values: [2, 7], epoch: 2 });
    // Whoever asks without the ledger changes nothing of that.
    expect(await values(subject, [quota('calls')], [1])).toEqual([8]);
    expect(await store.read({ ...call, limits: ledgered[1] })).toMatchObject({ values: [2, 8], epoch: 2 });
  });
});

test('what is no state of ours is none', async () => {
  for (const value of ['', 'x', '\n\n', 'no doubles\nqother\n']) {
    const subject = newSubject();
    await client.set(`quota:{${subject}}:s`, value);
    expect(await values(subject, [quota('calls')], [2])).toEqual([2]);
    expect(await values(subject, [quota('calls')], [2])).toEqual([4]);
  }
});

test('scripts that Redis has forgotten are sent again', async () => {
  const subject = newSubject();
  const limits = [quota('calls', 500)];
  const calls = Array.from({ length: 300 }, async (_, index) => {
    if (index % 50 === 0) await client.script('FLUSH');
    return values(subject, limits, [1]);
  });
  await Promise.all(calls);
  expect(await values(subject, limits, [0])).toEqual([300]);
});

test('a clock that was turned back keeps nobody out for long', async () => {
  const subject = newSubject();
  const limits = [rate('burst', 2, 10_000)];
  const slow = [rate('burst', 2, 3_600_000_000)];
  await values(subject, slow, [2]);
  const reply = await store.decide({ ...plain, subject, limits, amounts: [1] });
  expect(reply).toMatchObject({ refused: [0] });
  await until(
    async () => {
      const next = await store.decide({ ...plain, subject, limits, amounts: [2] });
      return next.outcome === 'decided' && next.refused.length === 0;
    },
    'the burst is back',
    2_000,
  );
});

test('the state lives as long as the last hold', async () => {
  const subject = newSubject();
  const limits = [quota('calls')];
  const hold = { id: 'h', expiresInMs: 100_000, rememberMs: 1_000 };
  await store.decide({ ...plain, keepMs: 10, subject, limits, amounts: [1], hold });
  await store.decide({ ...plain, keepMs: 10, subject, limits, amounts: [1] });
  expect(await client.pttl(`quota:{${subject}}:s`)).toBeGreaterThan(90_000);
  expect(await client.pttl(`quota:{${subject}}:h:h`)).toBeGreaterThan(100_000);
});

test('a count goes into the state that is there, which is kept anew for what lasts longer', async () => {
  const subject = newSubject();
  const key = `quota:{${subject}}:s`;
  const period = day();
  const [early, late] = [
    quota('calls', 1_000, period),
    quota('calls', 1_000, { ...period, second: period.second + 1 }),
  ];
  const keptAnew = async (limits: readonly StoreLimit[], amounts: readonly number[]) => {
    await client.pexpire(key, 10_000);
    await values(subject, limits, amounts);
    return (await client.pttl(key)) > 10_000;
  };
  expect(await values(subject, [early], [1])).toEqual([1]);
  expect(await keptAnew([early], [1])).toBe(false);
  expect(await keptAnew([late], [1])).toBe(true);
  expect(await values(subject, [early], [1])).toEqual([4]);

  const both = [early, rate('burst', 100)];
  expect(await keptAnew(both, [1, 0])).toBe(true);
  expect(await keptAnew(both, [1, 0])).toBe(false);
  expect(await keptAnew(both, [0, 1])).toBe(true);
  const later = quota('calls', 1_000, { first: period.first + 1, second: period.second });
  expect(await keptAnew([later, rate('burst', 100)], [1, 0])).toBe(true);
  expect(await values(subject, [later], [0])).toEqual([1]);
});
