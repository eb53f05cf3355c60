import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type RedisService, startRedis } from '@unite/services';
import Redis from 'ioredis';
import { type RedisLayerOptions, redisLayer } from '../../../src/redis';
import type { RemoteConnection, RemoteLayer } from '../../../src/remote-types';
import { checkRemoteLayer, formatRemoteLayer, remoteLayerChecks } from '../../../src/testing';

let server: RedisService;
let redis: Redis;

beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url);
});
afterAll(async () => {
  redis.disconnect();
  await server.close();
});

const whole = (options?: RedisLayerOptions) => redisLayer(redis, { timeoutMs: 10_000, ...options });

/** A layer that does all but one thing. */
function layerWith(fault: (connection: RemoteConnection) => Partial<RemoteConnection>): () => RemoteLayer {
  return () => ({
    open(namespace) {
      const connection = whole().open(namespace);
      const broken = fault(connection);
      return new Proxy(connection, {
        get: (target, name: keyof RemoteConnection) => broken[name] ?? target[name].bind(target),
      });
    },
  });
}

type Faults = readonly [
  what: string,
  fails: string,
  seen: RegExp,
  fault: (connection: RemoteConnection) => Partial<RemoteConnection>,
][];

const faults: Faults = [
  [
    'changes a byte',
    'any-bytes',
    /^all: byte 0 is 255 in place of 0$/,
    (own) => ({
      put: (key, entry) =>
        own.put(key, { ...entry, bytes: entry.bytes.map((byte, at) => (at === 0 ? 255 - byte : byte)) }),
    }),
  ],
  [
    'gives text for bytes',
    'read-what-was-put',
    /^bytes: expected bytes, got 'value'$/,
    (own) => ({
      read: async (key, lease) => {
        const { entry, leased } = await own.read(key, lease);
        return { leased, entry: entry && { ...entry, bytes: Buffer.from(entry.bytes).toString() as never } };
      },
    }),
  ],
  [
    'forgets stamps',
    'newer-stays',
    /^put of an older one: expected false, got true$/,
    (own) => ({
      put: (key, entry) => own.put(key, { ...entry, stamp: 1 }),
    }),
  ],
  [
    'keeps entries for ever',
    'time-to-live',
    /^the entry goes: not within 3000 ms$/,
    (own) => ({
      put: (key, entry) => own.put(key, { ...entry, ttlMs: 60_000 }),
    }),
  ],
  [
    'leases to everybody',
    'one-renewer',
    /^winners among 40: expected 1, got 40$/,
    () => ({ lease: async () => true }),
  ],
  [
    'takes nothing back',
    'release',
    /^free after a release by its holder: expected true, got false$/,
    () => ({
      release: async () => {},
    }),
  ],
  [
    'keeps the lease of a put',
    'put-releases',
    /^free after a put of its holder/,
    (own) => ({
      put: (key, { leaseId: _, ...entry }) => own.put(key, entry),
    }),
  ],
  [
    'reads backwards',
    'in-order',
    /^marks: expected \[/,
    (own) => ({
      sync: async (request) => {
        const reply = await own.sync(request);
        return { ...reply, entries: [...reply.entries].reverse() };
      },
    }),
  ],
  [
    'knows every place',
    'lost',
    /a place of the old log is taken for one of the new log/,
    (own) => ({
      sync: async (request) => {
        const reply = await own.sync(request);
        return { ...reply, state: reply.mark ? 'whole' : reply.state };
      },
    }),
  ],
  [
    'loses its log at every turn',
    'behind',
    /^an old place of the same history is lost$/,
    (own) => ({
      sync: async (request) => ({ ...(await own.sync(request)), state: 'lost' as const }),
    }),
  ],
  [
    'loses a page',
    'page-by-page',
    /^the log is lost$/,
    (own) => ({
      sync: async (request) => ({ ...(await own.sync(request)), state: 'lost' as const }),
    }),
  ],
  [
    'forgets what was invalidated',
    'last-invalidations',
    /^positions: expected \[/,
    (own) => ({
      sync: async (request) => ({
        ...(await own.sync(request)),
        lastInvalidations: request.names.map(() => 0),
      }),
    }),
  ],
  [
    'forgets tokens',
    'latest-token',
    /^token of ta: expected 'first', got undefined$/,
    (own) => ({
      sync: async (request) => ({ ...(await own.sync(request)), token: undefined }),
    }),
  ],
  [
    'has a clock that stands still',
    'clock',
    /^the time goes on: not within/,
    (own) => ({
      sync: async (request) => ({ ...(await own.sync(request)), now: 9e15 }),
    }),
  ],
  [
    'heeds no guard',
    'unless',
    /^held back by ta: expected \[ undefined, \[\] \], got \[ \{/,
    (own) => ({
      append: ({ unless: _, ...request }) => own.append(request),
    }),
  ],
  [
    'comes too early',
    'after',
    /is not after/,
    (own) => ({
      append: ({ after: _, ...request }) => own.append(request),
    }),
  ],
  [
    'says no place',
    'positions-grow',
    /^append\(ta\) gave no mark$/,
    (own) => ({
      append: async (request) => ({ ...(await own.append(request)), mark: undefined }),
    }),
  ],
  [
    'stands still',
    'positions-grow',
    /^they do not grow: /,
    (own) => ({
      append: async (request) => ({ ...(await own.append(request)), mark: { id: 'a', position: 1 } }),
    }),
  ],
  [
    'goes in circles',
    'no-cycle',
    /^the way from a to c: /,
    (own) => ({
      link: async (...args) => {
        await own.link(...args);
        return undefined;
      },
    }),
  ],
  ['keeps links', 'unlink', /^names: /, () => ({ unlink: async () => {} })],
  [
    'deletes what is newer',
    'delete-older',
    /^deleted: expected 1, got 3$/,
    (own) => ({
      deleteMatching: (pattern) => own.deleteMatching(pattern, Number.MAX_SAFE_INTEGER),
    }),
  ],
  [
    'turns popularity round',
    'most-read',
    /^all: /,
    (own) => ({
      mostRead: async (...args) => [...(await own.mostRead(...args))].reverse(),
    }),
  ],
  [
    'cannot tidy up',
    'delete-many',
    /^no such command$/,
    () => ({
      deleteMatching: async () => {
        throw new Error('no such command');
      },
    }),
  ],
  [
    'throws what is no error',
    'read-nothing',
    /^nothing$/,
    () => ({
      read: async () => {
        throw 'nothing';
      },
    }),
  ],
];

test.each(faults)('a layer that %s is found by %s', async (_, name, seen, fault) => {
  const { results, failures } = await checkRemoteLayer(layerWith(fault), { only: [name] });
  expect(results).toEqual([
    expect.objectContaining({ name, holds: false, seen: expect.stringMatching(seen) }),
  ]);
  expect(failures).toEqual([`${name}: ${results[0]?.summary} But ${results[0]?.seen}`]);
});

test('a layer that has one namespace for all is found', async () => {
  const open = () => ({ open: () => whole().open('same') });
  const { failures } = await checkRemoteLayer(open, { only: ['namespaces'] });
  expect(failures).toEqual([expect.stringMatching(/^namespaces: .* But entry and lease elsewhere/)]);
});

test('a layer that never answers is found', async () => {
  const { failures } = await checkRemoteLayer(
    layerWith(() => ({ read: () => new Promise(() => {}) })),
    {
      only: ['read-nothing'],
      timeoutMs: 50,
    },
  );
  expect(failures).toEqual([expect.stringMatching(/But it did not end within 50 ms$/)]);
});

test('a log may retain less than a reply holds, or more than anybody writes', async () => {
  const only = ['page-by-page', 'behind'];
  const short = await checkRemoteLayer(() => whole({ maxLogEntries: 100 }), { only });
  const long = await checkRemoteLayer(() => whole({ maxLogEntries: 1_000_000 }), { only });
  expect([...short.failures, ...long.failures]).toEqual([]);
});

test('says what it does, and refuses a check that does not exist', async () => {
  const heard: string[] = [];
  const only = ['read-nothing', 'close'];
  const report = await checkRemoteLayer(() => whole(), { only, onProgress: (name) => heard.push(name) });
  expect(heard).toEqual(only);
  expect(report.failures).toEqual([]);
  await expect(checkRemoteLayer(() => whole(), { only: ['no-such'] })).rejects.toThrow(
    /only: no such check: no-such; there are read-nothing, /,
  );
});

test('runs every check by default, whose names differ', async () => {
  const heard: string[] = [];
  const open = () => {
    throw new Error('no layer');
  };
  const { results } = await checkRemoteLayer(open, { onProgress: (name) => heard.push(name) });
  expect(heard).toEqual(remoteLayerChecks.map(({ name }) => name));
  expect(new Set(heard).size).toBe(heard.length);
  expect(results.every(({ holds, seen }) => !holds && seen === 'no layer')).toBe(true);
});

test('renders a row for each check', () => {
  const result = { summary: 'It holds.', tookMs: 3 };
  expect(
    formatRemoteLayer({
      results: [
        { name: 'a', holds: true, ...result },
        { name: 'b', holds: false, seen: 'x|y\nz', ...result },
      ],
      failures: [],
    }),
  ).toBe(
    [
      '| check | what has to hold | result | took |',
      '| --- | --- | --- | ---: |',
      '| a | It holds. | **holds** | 3 ms |',
      '| b | It holds. | **fails**: x\\|y z | 3 ms |',
    ].join('\n'),
  );
});
