import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type RedisCluster,
  type RedisService,
  type RedisSettings,
  startRedis,
  startRedisCluster,
  startRedisSentinel,
} from '@unite/services';
import Redis, { Cluster } from 'ioredis';
import { createClient, createClientPool, createCluster, createSentinel } from 'redis';
import { type RedisLike, type RedisSender, verifyRedis } from '../../../src/verify';
import { findingsAbout, findingsOf, statuses } from '../support/findings-of';

let server: RedisService;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(async () => {
  await server?.close();
});

const clients: Record<string, (url: string) => RedisLike> = {
  'node-redis': (url) => createClient({ url }),
  ioredis: (url) => new Redis(url),
  'ioredis with a prefix': (url) => new Redis(url, { keyPrefix: 'crm:' }),
  'ioredis, not connected yet': (url) => new Redis(url, { lazyConnect: true }),
};
const make = clients['node-redis'] as (url: string) => RedisLike;

/** The findings about one server with settings of its own. */
async function withServer(
  settings: RedisSettings,
  body: (url: string, service: RedisService) => Promise<void>,
): Promise<void> {
  await using service = await startRedis({ settings });
  await body(service.url, service);
}

async function send(url: string, ...words: string[]): Promise<unknown> {
  const client = createClient({ url });
  await client.connect();
  try {
    return await client.sendCommand(words);
  } finally {
    client.destroy();
  }
}

function withPassword(url: string, password: string, username = ''): string {
  return Object.assign(new URL(url), { username, password }).href;
}

describe.each(Object.keys(clients))('by %s', (kind) => {
  const client = (url: string) => () => (clients[kind] as (url: string) => RedisLike)(url);

  test('a sound server: the nonce goes there and back, and leaves nothing', async () => {
    const [trip, about, ...more] = await findingsOf(verifyRedis({ client: client(server.url) }));
    expect(trip).toEqual({
      subject: 'round trip',
      status: 'passed',
      detail: 'SET, GET, EVAL and DEL brought the nonce back from one key',
      measured: { roundTripMs: expect.any(Number) },
    });
    expect(about).toEqual({
      subject: 'server',
      status: 'passed',
      detail: expect.stringMatching(/^Redis \d+\.\d+\.\d+, standalone, master$/),
      measured: { version: expect.any(String), mode: 'standalone' },
    });
    expect(more).toEqual([]);
    expect(await send(server.url, 'DBSIZE')).toBe(0);
  });

  test('a wrong password is named, and not shown', async () => {
    const url = withPassword(server.url, 'hunter2');
    const findings = await findingsOf(verifyRedis({ client: client(url), timeoutMs: 500 }));
    expect(findings[0]).toEqual({
      subject: 'round trip',
      status: 'failed',
      detail: expect.stringMatching(/^(connect|SET) is refused with this password \(WRONGPASS\)$/),
      remedy: 'Give the right user and password, and look whether they were rotated.',
    });
    expect(JSON.stringify(findings)).not.toContain('hunter2');
  });

  test('a server that is not there', async () => {
    const gone = await startRedis();
    await gone.close();
    const [finding, ...more] = await findingsOf(verifyRedis({ client: client(gone.url), timeoutMs: 300 }));
    expect(finding).toEqual({
      subject: 'round trip',
      status: 'failed',
      detail: expect.stringMatching(
        `^the server at 127.0.0.1:${new URL(gone.url).port} refuses connections \\(ECONNREFUSED\\): (connect|SET)$`,
      ),
      remedy: 'Start it, or correct host and port.',
    });
    expect(more).toEqual([]);
    expect(JSON.stringify(finding)).not.toContain(new URL(gone.url).password);
  });

  test('a server that is frozen', async () => {
    await withServer({}, async (url, { pid }) => {
      process.kill(pid as number, 'SIGSTOP');
      try {
        const [finding, ...more] = await findingsOf(verifyRedis({ client: client(url), timeoutMs: 300 }));
        expect(finding).toEqual({
          subject: 'round trip',
          status: 'failed',
          detail: expect.stringMatching(
            /^the server at 127\.0\.0\.1:\d+ does not answer within 300 ms: (connect|SET)$/,
          ),
          remedy: 'Look whether it is frozen or overloaded, and whether a firewall drops the packets.',
        });
        expect(more).toEqual([]);
        const stop = new AbortController();
        const run = findingsOf(verifyRedis({ client: client(url) }), stop.signal);
        setTimeout(() => stop.abort(new Error('enough')), 50);
        expect(await run).toEqual([
          {
            subject: 'round trip',
            status: 'skipped',
            detail: expect.stringMatching(
              /^the server at 127\.0\.0\.1:\d+ had not answered when the run ended: (connect|SET)$/,
            ),
          },
        ]);
      } finally {
        process.kill(pid as number, 'SIGCONT');
      }
    });
  });
});

test('a pool of clients, and one that asks Sentinels', async () => {
  const client = () => createClientPool({ url: server.url });
  expect(statuses(await findingsOf(verifyRedis({ client })))).toMatchObject({ 'round trip': 'passed' });
  await using sentinels = await startRedisSentinel();
  const { name, password } = sentinels;
  const options = {
    name,
    sentinelRootNodes: [...sentinels.sentinels],
    nodeClientOptions: { password },
    sentinelClientOptions: { password },
  };
  // Three servers that have only just started, and a client that asks each of them first.
  const asking = verifyRedis({ client: () => createSentinel(options), timeoutMs: 60_000 });
  expect(statuses(await findingsOf(asking))).toMatchObject({ 'round trip': 'passed' });
});

test('the connection to a frozen server is cut, as it would keep the process', async () => {
  await withServer({}, async (url, { pid }) => {
    const client = new Redis(url);
    await client.ping();
    const { stream } = client as unknown as { stream: { destroyed: boolean } };
    process.kill(pid as number, 'SIGSTOP');
    await findingsOf(verifyRedis({ client: () => client, timeoutMs: 100 }));
    expect(stream.destroyed).toBe(true);
    process.kill(pid as number, 'SIGCONT');
  });
});

test("a client that is given stays the caller's", async () => {
  const client = createClient({ url: server.url });
  await client.connect();
  expect(statuses(await findingsOf(verifyRedis({ client })))).toMatchObject({ 'round trip': 'passed' });
  expect(await client.ping()).toBe('PONG');
  client.destroy();
});

test('a client that is given and not open is opened, and closed again', async () => {
  const client = createClient({ url: server.url });
  expect(statuses(await findingsOf(verifyRedis({ client })))).toMatchObject({ 'round trip': 'passed' });
  expect(client.isOpen).toBe(false);
});

test('without a password', async () => {
  const client = () => make(withPassword(server.url, ''));
  expect(await findingsAbout('round trip', verifyRedis({ client, timeoutMs: 500 }))).toEqual([
    {
      subject: 'round trip',
      status: 'failed',
      detail: expect.stringMatching(/^(connect|SET) is refused without a password \(NOAUTH\)$/),
      remedy: 'Give the password, in the URL or the options.',
    },
  ]);
});

test('a replica takes no writes', async () => {
  const { port, password } = new URL(server.url);
  await withServer({ replicaof: `127.0.0.1 ${port}`, masterauth: password }, async (url) => {
    expect(await findingsAbout('round trip', verifyRedis({ client: () => make(url) }))).toEqual([
      {
        subject: 'round trip',
        status: 'failed',
        detail: 'SET is refused by a read-only replica',
        remedy: 'Connect to the primary: by Sentinel, by the cluster, or by a name that follows a failover.',
      },
    ]);
  });
});

describe('a user of few rights', () => {
  const client = () => make(withPassword(server.url, 'app-secret', 'app'));

  test('may not run scripts', async () => {
    await send(
      server.url,
      'ACL',
      'SETUSER',
      'app',
      'reset',
      'on',
      '>app-secret',
      '~unite.verify:*',
      '+@all',
      '-eval',
      '-info',
    );
    expect(await findingsOf(verifyRedis({ client }))).toEqual([
      {
        subject: 'round trip',
        status: 'failed',
        detail: 'EVAL is not allowed to this user (NOPERM)',
        remedy:
          'Allow it with ACL SETUSER: the commands set, get, eval and del, and the keys of `namespace`.',
      },
      { subject: 'settings', status: 'skipped', detail: 'INFO is not allowed to this user' },
    ]);
  });

  test('may use keys of its own only', async () => {
    await send(
      server.url,
      'ACL',
      'SETUSER',
      'app',
      'reset',
      'on',
      '>app-secret',
      '~crm:*',
      '+@all',
      '-config',
    );
    expect((await findingsAbout('round trip', verifyRedis({ client })))[0]?.detail).toBe(
      'SET is not allowed to this user (NOPERM)',
    );
    const findings = await findingsOf(verifyRedis({ client, namespace: 'crm:verify', purpose: 'store' }));
    expect(statuses(findings)).toMatchObject({ 'round trip': 'passed' });
    expect(findings.at(-1)).toMatchObject({
      subject: 'persistence',
      status: 'warned',
      detail: 'there is no append-only file, and whether there are snapshots may not be read',
    });
  });
});

test('a store whose memory is full', async () => {
  await withServer({ maxmemory: '3mb', 'maxmemory-policy': 'noeviction' }, async (url) => {
    const fill = `for i = 1, 100 do local r = redis.pcall('SET', 'k' .. i, string.rep('x', 100000)) if r.err then break end end`;
    // What a script wrote last may go beyond the limit.
    await send(url, 'EVAL', fill, '0').catch(() => undefined);
    const findings = await findingsOf(verifyRedis({ client: () => make(url), purpose: 'store' }));
    expect(findings[0]).toEqual({
      subject: 'round trip',
      status: 'failed',
      detail: 'SET is refused because memory is full (OOM)',
      remedy: 'Raise maxmemory, or for a cache set maxmemory-policy to allkeys-lfu.',
    });
    expect(findings).toContainEqual({
      subject: 'memory',
      status: 'warned',
      detail: expect.stringMatching(
        /^\d+ % of maxmemory is used, and nothing is evicted: writes are refused when it is full$/,
      ),
      remedy: 'Raise maxmemory, or look what keeps growing.',
      measured: { usedBytes: expect.any(Number), maxBytes: 3 * 1_024 * 1_024 },
    });
    expect(statuses(findings)).toMatchObject({ eviction: 'passed' });
  });
});

describe('settings', () => {
  const about = async (url: string, subject: string, purpose: 'cache' | 'store') =>
    await findingsAbout(subject, verifyRedis({ client: () => make(url), purpose }));

  test('a store on a server that evicts, or that keeps nothing', async () => {
    await withServer({ maxmemory: '64mb', 'maxmemory-policy': 'allkeys-lru' }, async (url) => {
      const measured = { policy: 'allkeys-lru', maxBytes: 64 * 1_024 * 1_024 };
      expect(await about(url, 'eviction', 'store')).toEqual([
        {
          subject: 'eviction',
          status: 'failed',
          detail: 'allkeys-lru drops what a store has to keep',
          remedy: 'Set maxmemory-policy to noeviction, or keep cache and store on servers of their own.',
          measured,
        },
      ]);
      expect(await about(url, 'eviction', 'cache')).toEqual([
        {
          subject: 'eviction',
          status: 'passed',
          detail: 'allkeys-lru makes room when memory is full',
          measured,
        },
      ]);
      expect(await about(url, 'persistence', 'store')).toEqual([
        {
          subject: 'persistence',
          status: 'warned',
          detail: 'there are neither snapshots nor an append-only file: a restart loses everything',
          remedy: 'Set appendonly to yes, with appendfsync everysec.',
        },
      ]);
    });
  });

  test('a store whose policy would evict, where only the missing limit keeps it from that', async () => {
    await withServer({ 'maxmemory-policy': 'allkeys-lru' }, async (url) => {
      expect(await about(url, 'eviction', 'store')).toEqual([
        {
          subject: 'eviction',
          status: 'warned',
          detail:
            'nothing is evicted only because maxmemory is 0: with a limit allkeys-lru drops what a store has to keep',
          remedy: 'Set maxmemory-policy to noeviction before anybody sets maxmemory.',
          measured: { policy: 'allkeys-lru', maxBytes: 0 },
        },
      ]);
    });
    expect(await about(server.url, 'eviction', 'store')).toEqual([
      {
        subject: 'eviction',
        status: 'passed',
        detail: 'nothing is evicted, as a store needs it',
        measured: { policy: 'noeviction', maxBytes: 0 },
      },
    ]);
  });

  test('a cache without a limit, and one that refuses what is new', async () => {
    const remedy = expect.stringContaining('maxmemory-policy to allkeys-lfu.');
    expect(await about(server.url, 'eviction', 'cache')).toEqual([
      {
        subject: 'eviction',
        status: 'warned',
        detail: 'maxmemory is 0: the cache grows until the system ends the server',
        remedy,
        measured: { policy: 'noeviction', maxBytes: 0 },
      },
    ]);
    await withServer({ maxmemory: '64mb' }, async (url) => {
      expect(await about(url, 'eviction', 'cache')).toEqual([
        {
          subject: 'eviction',
          status: 'warned',
          detail: 'noeviction refuses writes when memory is full, where a cache should make room',
          remedy,
          measured: { policy: 'noeviction', maxBytes: 64 * 1_024 * 1_024 },
        },
      ]);
    });
  });

  test('a store that is kept', async () => {
    await withServer({ save: '3600 1' }, async (url) => {
      expect(await about(url, 'persistence', 'store')).toEqual([
        { subject: 'persistence', status: 'passed', detail: 'snapshots are kept (save 3600 1)' },
      ]);
      const client = createClient({ url, RESP: 3 });
      expect(await findingsAbout('persistence', verifyRedis({ client, purpose: 'store' }))).toEqual([
        { subject: 'persistence', status: 'passed', detail: 'snapshots are kept (save 3600 1)' },
      ]);
    });
    await withServer({ appendonly: 'yes' }, async (url) => {
      expect(await about(url, 'persistence', 'store')).toEqual([
        { subject: 'persistence', status: 'passed', detail: 'an append-only file is kept' },
      ]);
    });
  });
});

describe('a cluster', () => {
  let cluster: RedisCluster;
  beforeAll(async () => {
    cluster = await startRedisCluster();
  });
  afterAll(async () => {
    await cluster?.close();
  });

  const first = () => new URL(cluster.urls[0] as string);
  const ofCluster: Record<string, () => RedisLike> = {
    'node-redis': () =>
      createCluster({
        rootNodes: [{ url: first().href }],
        defaults: { password: first().password },
      }),
    ioredis: () =>
      new Cluster([{ host: first().hostname, port: Number(first().port) }], {
        redisOptions: { password: first().password },
      }),
  };

  test.each(Object.keys(ofCluster))('keys of many slots go there and back by %s', async (kind) => {
    const findings = await findingsOf(verifyRedis({ client: ofCluster[kind] as () => RedisLike }));
    expect(findings[2]).toMatchObject({
      subject: 'round trip',
      detail: 'SET, GET, EVAL and DEL brought the nonce back from each of 24 keys',
    });
    expect(findings[3]).toEqual({
      subject: 'cluster',
      status: 'passed',
      detail: 'every slot is served',
      measured: { slots: 16_384 },
    });
    expect(statuses(findings)).toMatchObject({ 'round trip': 'passed', server: 'passed' });
  });

  test('a client that is for one server', async () => {
    // One of many keys lies elsewhere.
    const findings = await findingsOf(verifyRedis({ client: () => make(first().href) }));
    expect(findings).toContainEqual({
      subject: 'round trip',
      status: 'failed',
      detail: 'SET is answered by MOVED: this is a cluster',
      remedy: 'Use a client for clusters.',
    });
  });
});

describe('what servers seldom say', () => {
  const info = (lines: readonly string[]) => lines.join('\r\n');
  const sound = [
    'redis_version:7.2.4',
    'redis_mode:standalone',
    'role:master',
    'maxmemory_policy:noeviction',
  ];

  /** A sender that keeps one value, where `answers` says nothing else. */
  function fake(answers: Readonly<Record<string, unknown>>): RedisSender {
    let kept: string | undefined;
    return {
      async send([command = '', , value]) {
        const answer = answers[command];
        if (answer instanceof Error) throw answer;
        if (answer !== undefined) return answer;
        if (command === 'SET') kept = value;
        if (command === 'INFO') return info(sound);
        return command === 'DEL' ? 1 : kept;
      },
    };
  }
  const of = async (answers: Readonly<Record<string, unknown>>, purpose?: 'cache' | 'store') =>
    await findingsOf(verifyRedis({ client: fake(answers), purpose }));

  test.each([
    ['MISCONF Redis is configured to save', 'SET is refused because the last save to disk failed (MISCONF)'],
    ['CLUSTERDOWN Hash slot not served', 'SET is refused because the cluster is down (CLUSTERDOWN)'],
    [
      'MASTERDOWN Link with MASTER is down',
      'SET is refused by a replica that has lost its primary (MASTERDOWN)',
    ],
    ['LOADING Redis is loading the dataset', 'SET is refused while its data is loaded (LOADING)'],
    ['NOREPLICAS Not enough good replicas', 'SET is refused because too few replicas follow (NOREPLICAS)'],
    ['ERR unknown command', 'SET fails: ERR unknown command'],
  ])('%s', async (message, detail) => {
    const [finding] = await of({ SET: new Error(message) });
    expect(finding).toMatchObject({ status: 'failed', detail, remedy: expect.any(String) });
  });

  test.each([
    ['GET', 'GET does not bring back what SET wrote'],
    ['EVAL', 'EVAL does not bring back what SET wrote'],
    ['DEL', 'DEL does not find what SET wrote'],
  ])('%s brings something else', async (command, detail) => {
    expect((await of({ [command]: 0 }))[0]).toEqual({
      subject: 'round trip',
      status: 'failed',
      detail,
      remedy: 'Look whether a proxy or a replica answers reads in place of the primary.',
    });
  });

  test('an old version', async () => {
    const lines = ['redis_version:6.2.14', 'role:master'];
    expect((await of({ INFO: info(lines) }))[1]).toEqual({
      subject: 'server',
      status: 'warned',
      detail: 'Redis 6.2.14, standalone, master: older than 7',
      remedy: 'Upgrade it.',
      measured: { version: '6.2.14', mode: 'standalone' },
    });
    expect((await of({ INFO: '' }, 'store')).map(({ detail }) => detail)).toEqual([
      'SET, GET, EVAL and DEL brought the nonce back from one key',
      'Redis unknown, standalone, unknown role: older than 7',
      'INFO does not tell maxmemory_policy',
      'there is no append-only file, and whether there are snapshots may not be read',
    ]);
  });

  test('a disk that takes no more', async () => {
    const log = info([...sound, 'aof_enabled:1', 'aof_last_write_status:err']);
    expect((await of({ INFO: log, CONFIG: ['save', ''] }, 'store')).at(-1)).toEqual({
      subject: 'persistence',
      status: 'failed',
      detail: 'the append-only file cannot be written',
      remedy: 'Look at the disk and into the log.',
    });
    const snapshot = info([...sound, 'rdb_last_bgsave_status:err']);
    expect((await of({ INFO: snapshot, CONFIG: { save: '60 1' } }, 'store')).at(-1)).toMatchObject({
      status: 'failed',
      detail: 'the last snapshot failed',
    });
  });

  test('a cluster with slots that nobody serves', async () => {
    const lines = info(['redis_version:7.2.4', 'redis_mode:cluster', 'role:master']);
    const CLUSTER = info(['cluster_state:fail', 'cluster_slots_ok:10922']);
    expect((await of({ INFO: lines, CLUSTER })).at(-1)).toEqual({
      subject: 'cluster',
      status: 'failed',
      detail: 'its state is fail, 10922 of 16384 slots are served',
      remedy: 'Start the masters that are missing, or give their slots to others.',
      measured: { slots: 10_922 },
    });
    expect((await of({ INFO: lines, CLUSTER: '' })).at(-1)?.detail).toBe(
      'its state is unknown, 0 of 16384 slots are served',
    );
    expect((await of({ INFO: lines, CLUSTER: new Error('NOPERM') })).at(-1)).toEqual({
      subject: 'cluster',
      status: 'skipped',
      detail: 'CLUSTER INFO is not allowed to this user',
    });
  });

  test('a function that makes no client fails the run', async () => {
    const run = findingsOf(verifyRedis({ client: () => 'redis://localhost' as never }));
    await expect(run).rejects.toThrow('client() must make a client of redis or ioredis');
  });

  test('a client that was made, and does not do, is closed', async () => {
    let made: Redis | undefined;
    const client = () => {
      made = new Redis(server.url, { enableAutoPipelining: true });
      return made;
    };
    await expect(findingsOf(verifyRedis({ client }))).rejects.toThrow('must not have enableAutoPipelining');
    expect(made?.status).not.toBe('ready');
    await new Promise((resolve) => setImmediate(resolve));
    expect(['close', 'end']).toContain(made?.status);
    expect(() => verifyRedis({ client: made as Redis })).toThrow('must not have enableAutoPipelining');
  });

  test('what a made sender has is closed', async () => {
    let closed = 0;
    const client = (): RedisSender => ({
      ...fake({}),
      close: async () => {
        closed += 1;
        throw new Error('closed already');
      },
    });
    expect(statuses(await findingsOf(verifyRedis({ client })))).toMatchObject({ 'round trip': 'passed' });
    expect(closed).toBe(1);
  });
});

test.each<[string, object, string]>([
  ['no client', {}, 'option "client" must be a client of redis or ioredis'],
  ['a purpose', { client: () => undefined, purpose: 'queue' }, 'option "purpose" must be "cache" or "store"'],
  ['a time', { client: () => undefined, timeoutMs: 0 }, 'option "timeoutMs" must be a positive number'],
])('what is no option is refused: %s', (_, options, message) => {
  expect(() => verifyRedis(options as never)).toThrow(message);
});

test('a URL in place of a client is not shown', () => {
  const verify = () => verifyRedis({ client: 'redis://:hunter2@host' as never });
  expect(verify).toThrow('option "client" must be a client, or a function that makes one, got text');
  expect(verify).not.toThrow('hunter2');
});

test('name and time', () => {
  const client = () => make(server.url);
  expect(verifyRedis({ client, name: 'cache', timeoutMs: 100 })).toMatchObject({
    name: 'cache',
    timeoutMs: 1_800,
  });
  expect(verifyRedis({ client })).toMatchObject({ name: 'redis', timeoutMs: 25_000 });
});
