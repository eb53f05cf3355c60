import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { startFaultProxy, startRedis } from '@unite/services';
import { calmMs } from '@unite/shared/testing';
import Redis from 'ioredis';
import { createClient } from 'redis';
import { QuotaError } from '../../src/errors';
import { type RedisLike, redisStore } from '../../src/redis';
import type { QuotaStore } from '../../src/store/store-types';
import { standaloneClients, type TestClient } from './support/clients';
import { newSubject, plain, quota } from './support/limits';
import { until } from './support/until';

const kinds = ['node-redis client', 'node-redis client pool', 'ioredis Redis'] as const;

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  expect(unhandled).toEqual([]);
});

const unhandled: unknown[] = [];
const hear = (error: unknown) => unhandled.push(error);
beforeAll(() => {
  process.on('unhandledRejection', hear);
});
afterAll(() => {
  process.off('unhandledRejection', hear);
});

function connect(kind: (typeof kinds)[number], url: string): TestClient {
  const client = standaloneClients[kind](url);
  ends.push(client.close);
  return client;
}

/** How a call ended, and how long it took, in milliseconds. */
async function ask(store: QuotaStore, subject = newSubject()) {
  let end: unknown;
  const tookMs = await calmMs(async () => {
    end = await Promise.resolve(
      store.decide({ ...plain, subject, limits: [quota('calls')], amounts: [1] }),
    ).then(
      ({ outcome }) => outcome,
      (error: unknown) => error,
    );
  });
  return { end, tookMs };
}

function expectUnavailable(end: unknown): void {
  expect(QuotaError.isInstance(end)).toBe(true);
  expect(end).toMatchObject({ code: 'UNITE_QUOTA_UNAVAILABLE', status: 503 });
}

/** All calls, four at a time, end in an error, and soon: the deadline has up to four stretches, and the machine is busy. */
async function expectQuickFailures(store: QuotaStore): Promise<void> {
  const took: number[] = [];
  for (const _ of [1, 2, 3, 4, 5]) {
    for (const { end, tookMs } of await Promise.all([1, 2, 3, 4].map(() => ask(store)))) {
      expectUnavailable(end);
      took.push(tookMs);
    }
  }
  expect(Math.max(...took)).toBeLessThan(1_500);
}

describe.each(kinds)('%s', (kind) => {
  test('that is not open is opened with the first call, and closed with the last store', async () => {
    await using server = await startRedis();
    const { client } = connect(kind, server.url);
    const [a, b] = [redisStore(client, { timeoutMs: 5_000 }), redisStore(client, { timeoutMs: 5_000 })];
    expect(await Promise.all([ask(a), ask(b)])).toMatchObject([{ end: 'decided' }, { end: 'decided' }]);
    await a.close?.();
    expect(await ask(b)).toMatchObject({ end: 'decided' });
    await b.close?.();
    const state = client as { isOpen?: boolean; status?: string };
    await until(() => state.isOpen === false || state.status === 'end', 'the client is closed');
    expectUnavailable((await ask(b)).end);
  });

  test('that somebody else has opened stays open', async () => {
    await using server = await startRedis();
    const { client, open } = connect(kind, server.url);
    await open();
    const store = redisStore(client, { timeoutMs: 5_000 });
    expect(await ask(store)).toMatchObject({ end: 'decided' });
    await store.close?.();
    expect(await ask(redisStore(client, { timeoutMs: 5_000 }))).toMatchObject({ end: 'decided' });
  });

  test('a server that is frozen: every call ends within the deadline, and the next are answered', async () => {
    await using server = await startRedis();
    const store = redisStore(connect(kind, server.url).client);
    await until(async () => (await ask(store)).end === 'decided', 'it is open');
    process.kill(server.pid as number, 'SIGSTOP');
    try {
      await expectQuickFailures(store);
    } finally {
      process.kill(server.pid as number, 'SIGCONT');
    }
    await until(async () => (await ask(store)).end === 'decided', 'it is back');
  });

  test('a server that is gone: the same, and none of it is charged when one comes back', async () => {
    const settings = { port: String(await freePort()), requirepass: 'secret' };
    const first = await startRedis({ settings });
    const { client } = connect(kind, first.url);
    const store = redisStore(client);
    await until(async () => (await ask(store)).end === 'decided', 'it is open');
    process.kill(first.pid as number, 'SIGKILL');
    await first.close();
    await expectQuickFailures(store);
    const subject = newSubject();
    const early = await Promise.all(Array.from({ length: 20 }, () => ask(store, subject)));
    for (const { end } of early) expectUnavailable(end);
    await using second = await startRedis({ settings });
    expect(second.url).toBe(first.url);
    await until(async () => (await ask(store)).end === 'decided', 'it is back');
    if (kind !== 'node-redis client pool') {
      const patient = redisStore(client, { timeoutMs: 5_000 });
      const reply = await patient.read({ ...plain, subject, limits: [quota('calls')] });
      expect(reply).toMatchObject({ values: [0] });
    }
  });

  test('that cannot connect, and then can', async () => {
    const port = await freePort();
    const store = redisStore(connect(kind, `redis://:secret@127.0.0.1:${port}`).client);
    await expectQuickFailures(store);
    await using _ = await startRedis({ settings: { port: String(port), requirepass: 'secret' } });
    await until(async () => (await ask(store)).end === 'decided', 'it is up');
  });
});

test.each<[string, (url: string) => RedisLike]>([
  ['node-redis', (url) => createClient({ url })],
  ['ioredis', (url) => new Redis(url, { lazyConnect: true })],
])(
  'a connection that is open and says nothing is given up after some seconds, with %s',
  async (_, clientOf) => {
    const redis = await startRedis();
    ends.push(() => redis.close());
    const proxy = await startFaultProxy({ target: redis.url });
    ends.push(() => proxy.close());
    // So few that all are under way before the connection is given up.
    const store = redisStore(clientOf(proxy.url()), { maxInFlight: 20 });
    ends.push(() => store.close?.());
    await until(async () => (await ask(store)).end === 'decided', 'it is open');
    const { accepted } = proxy.status();
    await proxy.set('blackhole');
    await until(async () => {
      expectUnavailable((await ask(store)).end);
      return proxy.status().accepted > accepted;
    }, 'there is a new connection');
    await proxy.set('pass');
    await until(async () => (await ask(store)).end === 'decided', 'it is back');
  },
);

test('a loop that was blocked hears of the answers that are waiting', async () => {
  await using server = await startRedis();
  const store = redisStore(connect('node-redis client', server.url).client);
  await until(async () => (await ask(store)).end === 'decided', 'it is open');
  for (const blockedMs of [30, 51, 60, 120, 400]) {
    const asked = Promise.all(Array.from({ length: 20 }, () => ask(store)));
    await new Promise(setImmediate);
    block(blockedMs);
    expect((await asked).map(({ end }) => end)).toEqual(Array.from({ length: 20 }, () => 'decided'));
  }
  const asked = ask(store);
  block(200);
  expect(await asked).toMatchObject({ end: 'decided' });
});

test('an answer that came while the time ran out counts', async () => {
  await using server = await startRedis();
  const store = redisStore(connect('node-redis client', server.url).client, { timeoutMs: 3_000 });
  expect(await ask(store)).toMatchObject({ end: 'decided' });
  process.kill(server.pid as number, 'SIGSTOP');
  const startMs = performance.now();
  const asked = ask(store);
  await sleep(1_000);
  process.kill(server.pid as number, 'SIGCONT');
  // After this, timers come before what has been received.
  await new Promise(setImmediate);
  block(3_050 - (performance.now() - startMs));
  expect(await asked).toMatchObject({ end: 'decided' });
});

test('a loop that is blocked again and again ends its calls', async () => {
  const store = redisStore({ send: () => new Promise(() => undefined) }, { timeoutMs: 20 });
  const asked = ask(store);
  let isEnded = false;
  void asked.then(() => {
    isEnded = true;
  });
  let turns = 0;
  while (!isEnded && turns < 100) {
    turns += 1;
    block(30);
    await new Promise(setImmediate);
  }
  expect(turns).toBeLessThan(10);
  expectUnavailable((await asked).end);
});

describe('any client with send', () => {
  test('more calls than may be under way fail at once', async () => {
    const answers: (() => void)[] = [];
    const client = { send: () => new Promise((resolve) => answers.push(() => resolve([2]))) };
    const store = redisStore(client, { maxInFlight: 2, timeoutMs: 10_000 });
    const [first, second] = [ask(store), ask(store)];
    const third = await ask(store);
    expectUnavailable(third.end);
    expect(third.end).toMatchObject({ message: '2 calls are under way already' });
    await until(() => answers.length === 2, 'both are sent');
    for (const answer of answers) answer();
    expect([(await first).end, (await second).end]).toEqual(['unknown', 'unknown']);
  });

  test('what was given up is still under way until the client lets it go', async () => {
    const ends: (() => void)[] = [];
    let reconnects = 0;
    const store = redisStore(
      {
        send: () => new Promise((_, reject) => ends.push(() => reject(new Error('closed')))),
        reconnect: async () => {
          reconnects += 1;
          throw new Error('not now');
        },
      },
      { maxInFlight: 1, timeoutMs: 10 },
    );
    expect((await ask(store)).end).toMatchObject({ message: 'Redis did not answer within 10 ms' });
    expect((await ask(store)).end).toMatchObject({ message: '1 calls are under way already' });
    await until(async () => {
      expectUnavailable((await ask(store)).end);
      return reconnects === 1;
    }, 'it is told to connect again');
    for (const end of ends) end();
    await new Promise(setImmediate);
    expect((await ask(store)).end).toMatchObject({ message: 'Redis did not answer within 10 ms' });
  });

  test('an error is the cause, whatever is thrown', async () => {
    const cause = new Error('OOM command not allowed when used memory > maxmemory');
    const refused = await ask(redisStore({ send: () => Promise.reject(cause) }));
    expect(refused.end).toMatchObject({ code: 'UNITE_QUOTA_UNAVAILABLE', cause, message: cause.message });
    const thrown = await ask(
      redisStore({
        send() {
          throw 'no';
        },
      }),
    );
    expect(thrown.end).toMatchObject({ code: 'UNITE_QUOTA_UNAVAILABLE', cause: 'no', message: 'no' });
  });

  test('an answer that is none is an error', async () => {
    const reply = await ask(redisStore({ send: async () => 'OK' }));
    expectUnavailable(reply.end);
  });

  test('a script that Redis does not have is sent, unless nobody waits any more', async () => {
    const sent: string[] = [];
    const noScript = async ([command]: readonly string[]) => {
      sent.push(String(command));
      if (command === 'EVALSHA') throw new Error('NOSCRIPT No matching script.');
      return [2];
    };
    expect((await ask(redisStore({ send: noScript }))).end).toBe('unknown');
    expect(sent.splice(0)).toEqual(['EVALSHA', 'EVAL']);
    let refuse: (() => void) | undefined;
    const late = redisStore(
      {
        send: ([command]) => {
          sent.push(String(command));
          return new Promise((_, reject) => {
            refuse = () => reject(new Error('NOSCRIPT No matching script.'));
          });
        },
      },
      { timeoutMs: 10 },
    );
    expectUnavailable((await ask(late)).end);
    refuse?.();
    await new Promise(setImmediate);
    expect(sent).toEqual(['EVALSHA']);
  });

  test('what cannot be opened is tried again with the next call', async () => {
    let attempts = 0;
    const store = redisStore({
      send: async () => [2],
      connect: async () => {
        attempts += 1;
        if (attempts === 1) throw new Error('refused');
      },
    });
    expect((await ask(store)).end).toMatchObject({ message: 'refused' });
    expect((await ask(store)).end).toBe('unknown');
    expect((await ask(store)).end).toBe('unknown');
    expect(attempts).toBe(2);
    await store.close?.();
  });

  test('nothing is sent that waits for a connection', async () => {
    let isReady = false;
    let sent = 0;
    const client = {
      isReady: () => isReady,
      send: async () => {
        sent += 1;
        return [2];
      },
    };
    const store = redisStore(client, { timeoutMs: 20 });
    expectUnavailable((await ask(store)).end);
    const patient = ask(redisStore(client, { timeoutMs: 10_000 }));
    isReady = true;
    expect((await patient).end).toBe('unknown');
    expect(sent).toBe(1);
  });
});

function block(ms: number): void {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
}

/** Not one that connections get for their own end: whoever tries long enough connects to himself there. */
async function freePort(): Promise<number> {
  const port = 15_000 + Math.floor(Math.random() * 15_000);
  const listener = createServer().listen(port, '127.0.0.1');
  const isFree = await new Promise((resolve) => {
    listener.once('listening', () => resolve(true)).once('error', () => resolve(false));
  });
  if (!isFree) return freePort();
  await new Promise((resolve) => listener.close(resolve));
  return port;
}
