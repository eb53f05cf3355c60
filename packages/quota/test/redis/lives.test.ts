import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { startRedis, startRedisSentinel } from '@unite/services';
import Redis from 'ioredis';
import { redisStore } from '../../src/redis';
import { sentinelClients } from './support/clients';
import { quota, rate } from './support/limits';
import { until } from './support/until';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const limits = [quota('calls', 100), rate('burst', 50)];
const call = { subject: 'tenant:acme', limits, isLedgered: true, keepMs: 600_000 };
const hold = { id: 'h', expiresInMs: 600_000, rememberMs: 600_000 };
const settle = { ...call, amounts: [1, 1], holdId: 'h', rememberMs: 600_000 };

function connect(url: string) {
  const client = new Redis(url);
  client.on('error', () => undefined);
  ends.push(() => client.disconnect());
  return { client, store: redisStore(client, { timeoutMs: 5_000 }) };
}

describe('a server that was killed and has reloaded what it had written', () => {
  test.each([
    ['its snapshot', { save: '3600 100000', dbfilename: 'dump.rdb' }],
    ['its log', { appendonly: 'yes', appendfsync: 'always' }],
  ])("by %s: its counts are not taken for the ledger's", async (_, persistence) => {
    const directory = mkdtempSync(join(tmpdir(), 'unite-quota-'));
    ends.push(() => rmSync(directory, { recursive: true, force: true }));
    const settings = { ...persistence, port: String(await freePort()), requirepass: 'secret' };
    const first = await startRedis({ settings, directory });
    ends.push(() => first.close());
    const before = connect(first.url);
    expect(await before.store.install({ ...call, used: [40, 0], epoch: 3 })).toEqual({
      outcome: 'installed',
    });
    expect(await before.store.decide({ ...call, amounts: [2, 1], hold })).toMatchObject({
      values: [42, expect.any(Number)],
      epoch: 3,
    });
    await before.client.save();
    // Lost with a snapshot, known with a log.
    await before.store.decide({ ...call, amounts: [1, 0] });
    before.client.disconnect();
    process.kill(first.pid as number, 'SIGKILL');
    await first.close();

    const second = await startRedis({ settings, directory });
    ends.push(() => second.close());
    const { client, store } = connect(second.url);
    expect(await client.exists('quota:{tenant:acme}:s')).toBe(1);
    expect(await store.decide({ ...call, amounts: [1, 0] })).toEqual({ outcome: 'unknown' });
    expect(await store.adjust({ ...call, amounts: [1, 0] })).toEqual({ outcome: 'unknown' });
    expect(await store.read(call)).toEqual({ outcome: 'unknown' });
    expect(await store.settle(settle)).toEqual({ outcome: 'unknown' });
    // The epoch is that of another life: the same one is as good as a later one.
    expect(await store.install({ ...call, used: [50, 0], epoch: 3 })).toEqual({ outcome: 'installed' });
    expect(await store.install({ ...call, used: [0, 0], epoch: 3 })).toEqual({ outcome: 'outdated' });
    expect(await store.settle(settle)).toMatchObject({ outcome: 'settled', added: [-1, 0], epoch: 3 });
    expect(await store.decide({ ...call, amounts: [1, 0] })).toMatchObject({
      values: [50, expect.any(Number)],
      epoch: 3,
    });
  });
});

test('counts of another life that nobody installs are not kept under this one', async () => {
  const server = await startRedis();
  ends.push(() => server.close());
  const { client, store } = connect(server.url);
  const both = [quota('calls', 100), quota('else', 100)];
  await store.install({ ...call, limits: both, used: [1, 2], epoch: 9 });
  const key = 'quota:{tenant:acme}:s';
  const value = (await client.getBuffer(key)) as Buffer;
  value.fill('0', value.length - 5);
  await client.set(key, value);
  expect(await store.install({ ...call, used: [7, 0], epoch: 1 })).toEqual({ outcome: 'installed' });
  expect(await store.read(call)).toMatchObject({ values: [7, expect.any(Number)], epoch: 1 });
  expect(await store.read({ ...call, limits: both })).toEqual({ outcome: 'unknown' });
});

test("a settlement of a ledger's hold whose counts are gone is unknown, and can be made later", async () => {
  const server = await startRedis();
  ends.push(() => server.close());
  const { client, store } = connect(server.url);
  await store.install({ ...call, used: [0, 0], epoch: 1 });
  await store.decide({ ...call, amounts: [10, 0], hold });
  await client.del('quota:{tenant:acme}:s');
  expect(await store.settle(settle)).toEqual({ outcome: 'unknown' });
  await store.install({ ...call, used: [10, 0], epoch: 2 });
  expect(await store.settle(settle)).toMatchObject({
    outcome: 'settled',
    added: [-9, 1],
    values: [1, expect.any(Number)],
  });
  expect(await store.settle(settle)).toEqual({ outcome: 'repeated' });
});

test.each(Object.keys(sentinelClients) as (keyof typeof sentinelClients)[])(
  'a replica that was promoted has another life, seen through %s',
  async (kind) => {
    await using service = await startRedisSentinel();
    const { client, close } = sentinelClients[kind](service);
    ends.push(close);
    const store = redisStore(client, { timeoutMs: 1_000 });
    const { client: replica } = connect(service.replica.url);
    const outcome = () =>
      Promise.resolve(store.decide({ ...call, amounts: [1, 1] })).then(
        (reply) => reply.outcome,
        ({ code }) => code,
      );
    await until(async () => (await outcome()) === 'unknown', 'it is open');
    await store.install({ ...call, used: [10, 0], epoch: 1 });
    expect(await outcome()).toBe('decided');
    await until(async () => (await replica.exists('quota:{tenant:acme}:s')) === 1, 'the replica has it');
    process.kill(service.primary.pid as number, 'SIGKILL');
    const seen = new Set<string>();
    await until(async () => {
      const startMs = performance.now();
      const now = await outcome();
      // A blocked loop stretches the time, up to four times.
      expect(performance.now() - startMs).toBeLessThan(10_000);
      seen.add(now);
      return now === 'unknown';
    }, 'the new primary answers');
    expect([...seen].sort()).toEqual(['UNITE_QUOTA_UNAVAILABLE', 'unknown']);
    expect(await store.install({ ...call, used: [11, 0], epoch: 1 })).toEqual({ outcome: 'installed' });
    expect(await outcome()).toBe('decided');
  },
);

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => listener.once('listening', resolve));
  const { port } = listener.address() as { port: number };
  await new Promise((resolve) => listener.close(resolve));
  return port;
}
