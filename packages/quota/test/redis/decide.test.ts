import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type RedisCluster, type RedisService, startRedis, startRedisCluster } from '@unite/services';
import { redisStore } from '../../src/redis';
import type { DecideReply, QuotaStore, StoreDecision, StoreLimit } from '../../src/store/store-types';
import { clusterClients, standaloneClients, type TestClient } from './support/clients';
import { backoff, concurrency, day, newSubject, plain, quota, rate } from './support/limits';
import { until } from './support/until';

let server: RedisService;
let cluster: RedisCluster;
beforeAll(async () => {
  [server, cluster] = await Promise.all([startRedis(), startRedisCluster()]);
});
afterAll(async () => {
  await Promise.all(ends.map((end) => end()));
  await Promise.all([server?.close(), cluster?.close()]);
});

const ends: (() => Promise<unknown>)[] = [];

const kinds: Readonly<Record<string, () => TestClient>> = {
  ...Object.fromEntries(
    Object.entries(standaloneClients).map(([name, client]) => [name, () => client(server.url)]),
  ),
  ...Object.fromEntries(
    Object.entries(clusterClients).map(([name, client]) => [name, () => client(cluster)]),
  ),
};

async function openStore(kind: string, timeoutMs = 60_000): Promise<QuotaStore> {
  const { client, open, close } = (kinds[kind] as () => TestClient)();
  await open();
  ends.push(close);
  return redisStore(client, { timeoutMs, namespace: kind });
}

function decided(reply: DecideReply): StoreDecision {
  expect(reply.outcome).toBe('decided');
  return reply as StoreDecision;
}

describe.each(Object.keys(kinds))('%s', (kind) => {
  let store: QuotaStore;
  beforeAll(async () => {
    store = await openStore(kind);
  });

  test('admits exactly the cap, with several in parallel', async () => {
    const stores = [store, await openStore(kind), await openStore(kind)];
    const call = { ...plain, subject: newSubject(), limits: [quota('calls', 250), rate('burst', 5_000)] };
    const replies = await Promise.all(
      Array.from({ length: 900 }, (_, index) =>
        stores[index % 3]?.decide({ ...call, amounts: [index % 2, 1] }),
      ),
    );
    const charged = replies.filter(
      (reply, index) => index % 2 === 1 && decided(reply as DecideReply).refused.length === 0,
    );
    expect(charged).toHaveLength(250);
    expect(await store.read(call)).toMatchObject({ outcome: 'read', values: [250, expect.any(Number)] });
  });

  test('names every limit that refuses, and charges none', async () => {
    const limits = [rate('burst', 100), quota('day', 5), quota('month', 3), quota('else', 10)];
    const call = { ...plain, subject: newSubject(), limits };
    const first = decided(await store.decide({ ...call, amounts: [1, 3, 3, 1] }));
    expect(first).toMatchObject({
      refused: [],
      values: [expect.any(Number), 3, 3, 1],
      epoch: 0,
      holdsUntilUs: 0,
    });
    expect(first.values[0]).toBe(first.nowUs + 1_000_000);
    const hold = { id: 'h', expiresInMs: 1_000, rememberMs: 1_000 };
    const event = { id: 'e', fingerprint: 'f', rememberMs: 1_000 };
    const second = decided(await store.decide({ ...call, amounts: [1, 3, 1, 1], hold, event }));
    expect(second.refused).toEqual([1, 2]);
    expect(second.values).toEqual(first.values);
    const settled = await store.settle({ ...call, amounts: [0, 0, 0, 0], holdId: 'h', rememberMs: 1_000 });
    expect(settled.outcome).toBe('unknown');
    expect(decided(await store.decide({ ...call, amounts: [0, 1, 0, 0], event })).values).toEqual([
      first.values[0],
      4,
      3,
      1,
    ]);
  });

  test('odd subjects are apart, and their parts together', async () => {
    const subjects = [
      '',
      '%',
      '{',
      '}',
      '{}',
      '}{',
      'a}b',
      '{a}',
      'a',
      'a\n',
      'a\u0000',
      '%7b;',
      '\ud800',
      '\udfff',
      '\ufffd',
      'ä',
      '日本',
      '🙂',
      ' ',
      'x'.repeat(1_024),
      '%25;',
      '\t',
    ];
    const limits = [quota('n'), concurrency('places', 1_000)];
    const hold = { id: '{h}', expiresInMs: 5_000, rememberMs: 1_000 };
    const event = { id: '}e{', fingerprint: 'f', rememberMs: 1_000 };
    for (const subject of subjects) {
      const call = { ...plain, subject: `${subject}`, limits, amounts: [1, 1] };
      const reply = await store.decide({
        ...call,
        limits: [quota(`n-${kind}`), concurrency(kind)],
        hold,
        event,
      });
      expect([subject, decided(reply).values]).toEqual([subject, [1, 1]]);
    }
  });

  test('a hold takes a place until it is settled or expires', async () => {
    const call = { ...plain, subject: newSubject(), limits: [concurrency('places', 2)], amounts: [1] };
    const hold = (id: string, expiresInMs = 60_000) => ({ id, expiresInMs, rememberMs: 60_000 });
    expect(decided(await store.decide(call))).toMatchObject({ refused: [], values: [0] });
    const first = decided(await store.decide({ ...call, hold: hold('a') }));
    expect(first.values).toEqual([1]);
    expect(first.holdsUntilUs).toBe(first.nowUs + 60_000_000);
    expect(decided(await store.decide({ ...call, hold: hold('b') })).values).toEqual([2]);
    expect(decided(await store.decide({ ...call, hold: hold('c') })).refused).toEqual([0]);
    expect(decided(await store.decide(call)).refused).toEqual([0]);
    expect(decided(await store.decide({ ...call, amounts: [0] })).refused).toEqual([]);
    const settle = { ...call, amounts: [0], holdId: 'a', rememberMs: 60_000 };
    expect(await store.settle(settle)).toMatchObject({ outcome: 'settled', isLate: false, values: [1] });
    expect(await store.settle(settle)).toEqual({ outcome: 'repeated' });
    const brief = decided(await store.decide({ ...call, hold: hold('d', 10) }));
    expect(brief.values).toEqual([2]);
    await until(async () => decided(await store.decide(call)).refused.length === 0, 'a place is free');
    expect(await store.read(call)).toMatchObject({ values: [1] });
  });

  test('an event takes effect once', async () => {
    const call = { ...plain, subject: newSubject(), limits: [quota('n', 2)], amounts: [1] };
    const event = { id: 'e', fingerprint: 'f', rememberMs: 60_000 };
    expect(decided(await store.decide({ ...call, event })).values).toEqual([1]);
    expect(decided(await store.decide(call)).values).toEqual([2]);
    expect(await store.decide({ ...call, event })).toMatchObject({ outcome: 'repeated', values: [2] });
    expect(await store.decide({ ...call, event: { ...event, fingerprint: 'g' } })).toEqual({
      outcome: 'reused',
    });
  });

  test('a plan constant is no part of a script', async () => {
    const tenants = Array.from({ length: 30 }, (_, index) => [quota('n', index + 1), rate('r', index + 1)]);
    for (const limits of tenants) {
      decided(await store.decide({ ...plain, subject: newSubject(), limits, amounts: [1, 1] }));
    }
    expect(await scriptsIn(server.url)).toBeLessThan(30);
  });
});

async function scriptsIn(url: string): Promise<number> {
  const { client, open, close } = standaloneClients['ioredis Redis'](url);
  await open();
  const info = String(await (client as { call(name: string): Promise<unknown> }).call('INFO'));
  await close();
  return Number(/number_of_cached_scripts:(\d+)/.exec(info)?.[1]);
}

describe('one limit', () => {
  let store: QuotaStore;
  beforeAll(async () => {
    store = await openStore('node-redis client');
  });
  const asked = (limit: StoreLimit) => {
    const call = { ...plain, subject: newSubject(), limits: [limit] };
    return (amount: number) => store.decide({ ...call, amounts: [amount] });
  };

  test('quota: says when it is asked about another period', async () => {
    const { first, second } = day();
    const limits = [quota('n', 10, { first: second, second: second + 1 })];
    expect(await store.decide({ ...plain, subject: 'p', limits, amounts: [1] })).toMatchObject({
      outcome: 'period',
      nowUs: expect.any(Number),
    });
    const past = [quota('n', 10, { first: first - 1, second: first })];
    expect((await store.decide({ ...plain, subject: 'p', limits: past, amounts: [0] })).outcome).toBe(
      'period',
    );
  });

  test('quota: begins anew with a period, and goes on in a later one', async () => {
    const subject = newSubject();
    const { first, second } = day();
    const old = [quota('n', 10, { first: first - 1_000, second })];
    const latest = [quota('n', 10)];
    const ask = async (limits: StoreLimit[], amount: number) =>
      decided(await store.decide({ ...plain, subject, limits, amounts: [amount] })).values;
    expect(await ask(old, 7)).toEqual([7]);
    expect(await ask(latest, 0)).toEqual([0]);
    expect(await ask(old, 0)).toEqual([7]);
    expect(await ask(latest, 2)).toEqual([2]);
    expect(await ask(old, 3)).toEqual([5]);
  });

  test('quota: is exact up to the largest count, and refuses beyond', async () => {
    const most = Number.MAX_SAFE_INTEGER;
    const ask = asked(quota('n', Number.POSITIVE_INFINITY));
    expect(decided(await ask(most - 1)).values).toEqual([most - 1]);
    expect(decided(await ask(2))).toMatchObject({ refused: [0], values: [most - 1] });
    expect(decided(await ask(most))).toMatchObject({ refused: [0], values: [most - 1] });
    expect(decided(await ask(1))).toMatchObject({ refused: [], values: [most] });
  });

  test('rate: the burst at once, and then no more', async () => {
    const ask = asked(rate('r', 3, 60_000_000));
    for (const _ of [1, 2, 3]) expect(decided(await ask(1)).refused).toEqual([]);
    const { refused, values, nowUs } = decided(await ask(1));
    expect(refused).toEqual([0]);
    expect(values[0]).toBeLessThanOrEqual(nowUs + 180_000_000);
    expect(decided(await ask(0)).refused).toEqual([]);
  });

  test('rate: more than the burst never passes', async () => {
    expect(decided(await asked(rate('r', 3, 1))(4)).refused).toEqual([0]);
  });

  test('rate: comes back with time', async () => {
    const ask = asked(rate('r', 2, 20_000));
    const { refused, nowUs: spentAtUs } = decided(await ask(2));
    expect(refused).toEqual([]);
    await until(async () => {
      const reply = decided(await ask(1));
      // By the server's clock: this process may have been late.
      expect(reply.refused).toEqual(reply.nowUs < spentAtUs + 20_000 ? [0] : []);
      return reply.refused.length === 0;
    }, 'it is back');
  });

  test('backoff: closes for longer with each failure', async () => {
    const subject = newSubject();
    // Far longer than the test takes.
    const limits = [backoff('b', 1, 60_000_000, 150_000_000)];
    const fail = async () => decided(await store.decide({ ...plain, subject, limits, amounts: [1] }));
    const free = await fail();
    expect(free.values[0]).toBe(free.nowUs);
    const second = await fail();
    expect(second.values[0]).toBe(second.nowUs + 60_000_000);
    expect((await fail()).refused).toEqual([0]);
    await store.adjust({ ...plain, subject, limits, amounts: [-1] });
    const again = await fail();
    expect(again).toMatchObject({ refused: [] });
    expect(again.values[0]).toBe(again.nowUs + 60_000_000);
    const charged = await store.adjust({ ...plain, subject, limits, amounts: [1] });
    expect(charged).toMatchObject({ outcome: 'read', values: [expect.any(Number)] });
    if (charged.outcome === 'read') expect(charged.values[0]).toBe(charged.nowUs + 120_000_000);
    const more = await store.adjust({ ...plain, subject, limits, amounts: [5_000] });
    if (more.outcome === 'read') expect(more.values[0]).toBe(more.nowUs + 150_000_000);
  });

  test('backoff: opens again with time', async () => {
    const subject = newSubject();
    const limits = [backoff('b', 1, 20_000, 50_000)];
    const fail = async () => decided(await store.decide({ ...plain, subject, limits, amounts: [1] }));
    await fail();
    const [closedUntilUs] = (await fail()).values as [number];
    await until(async () => {
      const reply = await fail();
      expect(reply.refused).toEqual(reply.nowUs < closedUntilUs ? [0] : []);
      return reply.refused.length === 0;
    }, 'it opens');
  });
});
