import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { type RedisService, startRedis } from '@unite/services';
import Redis from 'ioredis';
import {
  closeProcesses,
  entryKey,
  newWorld,
  openProcess,
  type Process,
  type World,
} from './support/open-process';
import { until } from './support/until';

let server: RedisService;
let redis: Redis;
let world: World;
let writer: Process;

beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url);
});
afterAll(async () => {
  redis.disconnect();
  await server.close();
});

beforeEach(async () => {
  world = newWorld('good');
  writer = openProcess(redis, world);
  await writer.things.get('1');
  await until(async () => (await redis.exists(entryKey(world, '1'))) === 1, 'the entry is in Redis');
});
afterEach(closeProcesses);

/** What one that has nothing in memory gets, and again once it is mended. */
async function readAfter(spoil: () => Promise<unknown>, reader = openProcess(redis, world)) {
  await reader.cache.ready();
  await spoil();
  const value = await reader.things.get('1');
  return { reader, value };
}

async function isMended(): Promise<void> {
  await until(async () => {
    const other = openProcess(redis, world);
    return (await other.things.lookup('1')).hit;
  }, 'the entry is whole again');
}

describe('at the key of an entry', () => {
  const entry = () => entryKey(world, '1');
  const spoils: Readonly<Record<string, () => Promise<unknown>>> = {
    'corrupt bytes': async () => {
      const bytes = (await redis.getBuffer(entry())) as Buffer;
      return redis.set(
        entry(),
        Buffer.concat([bytes.subarray(0, 18), Buffer.from([0xc1, 0xff, 0x00])]),
        'KEEPTTL',
      );
    },
    'cut bytes': async () =>
      redis.set(entry(), ((await redis.getBuffer(entry())) as Buffer).subarray(0, 30), 'KEEPTTL'),
    'an empty value': () => redis.set(entry(), '', 'KEEPTTL'),
    'text of another program': () => redis.set(entry(), '{"json":true}', 'KEEPTTL'),
    "another version's entry": () => redis.setrange(entry(), 0, 'U2'),
    'another version of what is in it': async () => {
      const bytes = (await redis.getBuffer(entry())) as Buffer;
      // The array begins after the header, and the version is its first item.
      const at = bytes.indexOf(1, 34);
      return redis.setrange(entry(), at, '\x02');
    },
    'an entry of another key': async () => {
      await writer.things.get('2');
      await until(
        async () => (await redis.exists(entryKey(world, '2'))) === 1,
        'the other entry is in Redis',
      );
      return redis.copy(entryKey(world, '2'), entry(), 'REPLACE');
    },
    'a list': async () => {
      await redis.del(entry());
      return redis.rpush(entry(), 'one', 'two');
    },
  };

  test.each(Object.entries(spoils))('%s is a miss, counted, and replaced', async (_, spoil) => {
    const { reader, value } = await readAfter(spoil);
    expect(value).toBe('good');
    expect(reader.loads).toBe(1);
    expect(reader.remote).toMatchObject({ state: 'up', unreadable: 1, failures: 0 });
    await isMended();
  });

  test('an entry of another tenant under this key is a miss, and counted', async () => {
    let tenantId = 'acme';
    const open = () => {
      const process = openProcess(redis, world, {
        context: () => ({ requestId: 'r', tenantId, state: new Map() }),
      });
      const secrets = process.cache.define('secrets', {
        key: () => ['x'],
        scope: 'tenant',
        load: () => `of ${tenantId}`,
      });
      return { process, secrets };
    };
    await open().secrets.get(undefined);
    const keyOf = (tenant: string) => `${world.namespace}:{secrets:${tenant}:x}`;
    await until(async () => (await redis.exists(keyOf('acme'))) === 1, 'the entry is in Redis');
    await redis.copy(keyOf('acme'), keyOf('other'));
    tenantId = 'other';
    const { process, secrets } = open();
    expect(await secrets.get(undefined)).toBe('of other');
    expect(process.remote.unreadable).toBe(1);
  });

  test('clearPattern deletes what is no entry too', async () => {
    await redis.del(entry());
    await redis.rpush(entry(), 'one');
    expect(await writer.cache.clearPattern('things:1')).toBe(1);
    expect(await redis.exists(entry())).toBe(0);
  });
});

describe('at the key of a lease', () => {
  const lease = () => `${entryKey(world, '1')}:lease`;
  const spoils: Readonly<Record<string, () => Promise<unknown>>> = {
    'a list': () => redis.rpush(lease(), 'one'),
    'a lease that never ends': () => redis.set(lease(), 'of nobody'),
  };

  test.each(Object.entries(spoils))('%s keeps nobody from loading', async (_, spoil) => {
    const { value } = await readAfter(async () => {
      await redis.del(entryKey(world, '1'));
      await spoil();
    });
    expect(value).toBe('good');
    await isMended();
    expect(await redis.exists(lease())).toBe(0);
  });

  test.each(Object.entries(spoils))('%s keeps nobody from renewing an entry', async (_, spoil) => {
    world.version = 'new';
    const { reader } = await readAfter(async () => {
      await writer.cache.invalidateTags(['things']);
      await spoil();
    });
    await until(async () => (await reader.things.get('1')) === 'new', 'the entry is renewed');
    await isMended();
  });
});

describe('where the log should be', () => {
  const keys = {
    'the log': () => `{${world.namespace}}:log`,
    'the last positions': () => `{${world.namespace}}:log:last`,
  };

  test.each(Object.entries(keys))(
    'a list at %s is a lost log: everybody notices, and it begins anew',
    async (_, key) => {
      const reader = openProcess(redis, world);
      expect(await reader.things.get('1')).toBe('good');
      await redis.del(key());
      await redis.rpush(key(), 'one');
      world.version = 'new';
      expect((await writer.cache.invalidateTags(['things'])).acknowledged).toBe(true);
      expect(await writer.things.get('1')).toBe('new');
      await until(
        async () => (await reader.things.get('1')) === 'new',
        'the other process has the new value',
      );
      expect(reader.remote).toMatchObject({ state: 'up', logLosses: 1 });
      expect(await redis.type(key())).not.toBe('list');
    },
  );

  test.each(Object.entries(keys))('a list at %s is noticed by who only reads', async (_, key) => {
    await redis.del(key());
    await redis.rpush(key(), 'one');
    await until(() => writer.remote.logLosses === 1, 'the loss is noticed');
    await until(() => writer.remote.state === 'up', 'the log is read again');
    expect(await writer.things.get('1')).toBe('good');
  });

  test('something else among the links makes everything invalid that could follow', async () => {
    await redis.rpush(`{${world.namespace}}:log:link:contact:9`, 'one');
    world.version = 'new';
    const { acknowledged, tags } = await writer.cache.invalidateTags(['contact:9']);
    expect(acknowledged).toBe(true);
    expect(tags).toEqual(['contact:9']);
    expect(await writer.things.get('1')).toBe('new');
  });
});

describe('what cannot be stored', () => {
  class Point {}

  test.each([
    ['a function', () => () => 1],
    ['a symbol', () => Symbol('a')],
    ['an object of a class', () => new Point()],
    ['a function within', () => ({ a: [new Map([['b', { c: () => 1 }]])] })],
  ])('%s is served, kept in this process, and counted', async (_, make) => {
    const value = make();
    world.version = value;
    const warnings: unknown[] = [];
    const hear = (warning: Error) => warnings.push((warning as Error & { code?: string }).code);
    process.on('warning', hear);
    await writer.cache.clear();
    expect(await writer.things.get('1')).toBe(value);
    await until(() => writer.remote.unstorable === 1, 'it is counted');
    expect(await writer.things.get('2')).toBe(value);
    await until(() => writer.remote.unstorable === 2, 'it is counted again');
    expect(writer.things.peek('1')).toBe(value);
    expect(writer.loads).toBe(3);
    process.off('warning', hear);
    expect(warnings.length).toBeLessThanOrEqual(1);
    // The lease is given back: another process does not wait.
    const other = openProcess(redis, world);
    expect(await other.things.get('1')).toBe(value);
  });

  test('an entry larger than maxEntryBytes is kept in this process alone', async () => {
    world.version = 'x'.repeat(2_000);
    delete (globalThis as { [key: symbol]: unknown })[Symbol.for('unite.warned.1')];
    const warnings = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const small = openProcess(redis, world, { layer: { maxEntryBytes: 1_000 } });
    await small.cache.clear();
    expect(await small.things.get('1')).toBe(world.version);
    await until(() => small.remote.unstorable === 1, 'it is counted');
    expect(small.things.peek('1')).toBe(world.version);
    expect(small.remote).toMatchObject({ failures: 0, state: 'up' });
    expect(warnings.mock.calls).toEqual([
      [
        expect.stringMatching(
          /^\w+: an entry is kept out of Redis, since \d+ bytes are more than maxEntryBytes, 1000$/,
        ),
        { type: 'UniteWarning', code: 'UNITE_CACHE_TOO_LARGE' },
      ],
    ]);
    warnings.mockRestore();
    const other = openProcess(redis, world);
    expect(await other.things.get('1')).toBe(world.version);
    expect(other.loads).toBe(1);
  });

  test('what the codec throws when it reads is a miss, and counted', async () => {
    const codec = {
      encode: (bytes: Uint8Array) => bytes,
      decode: () => {
        throw new Error('another key');
      },
    };
    const reader = openProcess(redis, world, { codec });
    expect(await reader.things.get('1')).toBe('good');
    expect(reader.loads).toBe(1);
    expect(reader.remote).toMatchObject({ unreadable: 1, failures: 0 });
  });

  test('what the codec throws when it writes is counted', async () => {
    const codec = {
      encode: async () => {
        throw new Error('no key');
      },
      decode: (bytes: Uint8Array) => bytes,
    };
    const process = openProcess(redis, world, { codec });
    await process.cache.clear();
    expect(await process.things.get('1')).toBe('good');
    await until(() => process.remote.unstorable === 1, 'it is counted');
  });
});
