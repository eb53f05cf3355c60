import { describe, expect, test } from '@jest/globals';
import { checkClient, isRedisLike, type RedisLike, redisSender } from '../../src/redis';

type Sent = readonly unknown[];

/** Looks as node-redis does, and keeps what it is told. */
function nodeRedis(shape: object = {}) {
  const sent: Sent[] = [];
  const told: string[] = [];
  const client = {
    isOpen: false,
    isReady: true as boolean | undefined,
    sendCommand: async (...args: Sent) => {
      sent.push(args);
    },
    on: (event: string) => told.push(`on ${event}`),
    connect: async () => {
      told.push('connect');
      client.isOpen = true;
    },
    destroy: () => {
      told.push('destroy');
      client.isOpen = false;
    },
    ...shape,
  };
  return { client, sent, told };
}

function ioRedis(shape: object = {}) {
  const sent: Sent[] = [];
  const told: string[] = [];
  const client = {
    status: 'wait',
    options: {},
    call: async (...args: Sent) => {
      sent.push(['text', ...args]);
    },
    callBuffer: async (...args: Sent) => {
      sent.push(['bytes', ...args]);
    },
    on: (event: string) => told.push(`on ${event}`),
    connect: async () => {
      told.push('connect');
      client.status = 'ready';
    },
    disconnect: (reconnect?: boolean) => told.push(`disconnect ${reconnect ?? ''}`),
    ...shape,
  };
  return { client, sent, told };
}

const text = { key: 'k', bytes: false };
const bytes = { key: 'k', bytes: true };

test('what has send is taken as it is', () => {
  const client = { send: async () => 1 };
  expect(redisSender(client)).toBe(client);
});

test('a client is known by what it can do', () => {
  for (const value of [undefined, null, 5, 'redis', {}, { send: 1 }, () => 1])
    expect(isRedisLike(value)).toBe(false);
  const clients: RedisLike[] = [nodeRedis().client, ioRedis().client, { send: async () => 1 }];
  for (const client of clients) expect(isRedisLike(client)).toBe(true);
});

test('automatic pipelines are refused, in the name of whoever asks', () => {
  const { client } = ioRedis({ options: { enableAutoPipelining: true } });
  expect(() => checkClient('someStore', client)).toThrow(
    'someStore: client must not have enableAutoPipelining, by which no scripts can be sent',
  );
  for (const { client } of [ioRedis(), nodeRedis()])
    expect(() => checkClient('someStore', client)).not.toThrow();
});

describe('node-redis', () => {
  test('bytes come as buffers, and everything else as the client has it', async () => {
    const { client, sent } = nodeRedis();
    const sender = redisSender(client);
    await sender.send(['GET', 'k'], text);
    await sender.send(['GET', 'k'], bytes);
    expect(sent).toEqual([
      [['GET', 'k'], { typeMapping: {} }],
      [['GET', 'k'], { typeMapping: { 36: Buffer } }],
    ]);
    expect(await sender.masters?.()).toEqual([sender]);
  });

  test('what goes out at once has no timeout of the client', async () => {
    const optionsOf = async (isReady: boolean | undefined) => {
      const { client, sent } = nodeRedis({ isReady });
      await redisSender(client).send(['GET'], bytes);
      return Object.keys(sent[0]?.[1] as object);
    };
    expect(await optionsOf(true)).toEqual(['typeMapping', 'timeout']);
    for (const isReady of [false, undefined]) expect(await optionsOf(isReady)).toEqual(['typeMapping']);
  });

  test('says whether it is ready, as far as it knows', () => {
    for (const isReady of [true, false, undefined])
      expect(redisSender(nodeRedis({ isReady }).client).isReady?.()).toBe(isReady !== false);
  });

  test('a cluster is told the key, and is asked for its masters', async () => {
    const nodes = [nodeRedis(), nodeRedis()];
    const cluster = nodeRedis({
      slots: [],
      masters: nodes.map(({ client }) => ({ client })),
      nodeClient: (node: { client: unknown }) => node.client,
    });
    const sender = redisSender(cluster.client);
    await sender.send(['GET', 'k'], text);
    expect(cluster.sent).toEqual([['k', false, ['GET', 'k'], { typeMapping: {} }]]);
    const masters = (await sender.masters?.()) ?? [];
    for (const master of masters) await master.send(['SCAN'], text);
    expect(nodes.map(({ sent }) => sent)).toEqual([[[['SCAN']]], [[['SCAN']]]]);
    const unknown = nodeRedis({ slots: [], masters: undefined });
    expect(await redisSender(unknown.client).masters?.()).toEqual([]);
  });

  test('a sentinel is told that it is no reading', async () => {
    const { client, sent } = nodeRedis({ getMasterNode: () => undefined });
    await redisSender(client).send(['GET'], text);
    expect(sent).toEqual([[false, ['GET'], { typeMapping: {} }]]);
  });

  test('what is opened here is opened anew, and closed', async () => {
    const { client, told } = nodeRedis();
    const sender = redisSender(client);
    await sender.connect?.();
    await sender.connect?.();
    await sender.reconnect?.();
    await sender.close?.();
    await sender.close?.();
    await sender.reconnect?.();
    expect(told).toEqual(['on error', 'connect', 'destroy', 'connect', 'destroy']);
  });

  test('what is closed while it is given up stays closed', async () => {
    const { client, told } = nodeRedis();
    const sender = redisSender(client);
    await sender.connect?.();
    const again = sender.reconnect?.();
    await Promise.all([sender.close?.(), again]);
    expect(told).toEqual(['on error', 'connect', 'destroy']);
  });

  test('what somebody else has opened is left alone, and so is a pool', async () => {
    const { client, told } = nodeRedis({ isOpen: true });
    const sender = redisSender(client);
    await sender.connect?.();
    await sender.reconnect?.();
    await sender.close?.();
    const pool = nodeRedis({ totalClients: 1 });
    await redisSender(pool.client).connect?.();
    await redisSender(pool.client).reconnect?.();
    expect([told, pool.told]).toEqual([['on error'], ['on error', 'connect']]);
  });
});

describe('ioredis', () => {
  test('bytes and text are two calls', async () => {
    const { client, sent } = ioRedis();
    const sender = redisSender(client);
    await sender.send(['GET', 'k'], text);
    await sender.send(['GET', 'k'], bytes);
    expect(sent).toEqual([
      ['text', 'GET', 'k'],
      ['bytes', 'GET', 'k'],
    ]);
    const [only] = (await sender.masters?.()) ?? [];
    await only?.send(['SCAN'], text);
    expect(sent.at(-1)).toEqual(['text', 'SCAN']);
  });

  test('a cluster names its masters', async () => {
    const nodes = [ioRedis(), ioRedis()];
    const cluster = ioRedis({ nodes: () => nodes.map(({ client }) => client) });
    for (const master of (await redisSender(cluster.client).masters?.()) ?? [])
      await master.send(['SCAN'], bytes);
    expect(nodes.map(({ sent }) => sent)).toEqual([[['bytes', 'SCAN']], [['bytes', 'SCAN']]]);
  });

  test('what is opened here is opened anew, and closed', async () => {
    const { client, told } = ioRedis();
    const sender = redisSender(client);
    expect(sender.isReady?.()).toBe(false);
    await sender.connect?.();
    expect(sender.isReady?.()).toBe(true);
    await sender.connect?.();
    await sender.reconnect?.();
    await sender.close?.();
    await sender.reconnect?.();
    expect(told).toEqual(['on error', 'connect', 'disconnect true', 'disconnect ']);
  });

  test('what opens itself is left alone', async () => {
    const { client, told } = ioRedis({ status: 'connecting' });
    const sender = redisSender(client);
    await sender.connect?.();
    await sender.reconnect?.();
    await sender.close?.();
    expect(told).toEqual(['on error']);
  });
});

test('of several with one client, the last one closes it', async () => {
  const { client, told } = nodeRedis();
  const [a, b] = [redisSender(client), redisSender(client)];
  await a.connect?.();
  await a.close?.();
  expect(told).toEqual(['on error', 'connect']);
  await b.close?.();
  expect(told).toEqual(['on error', 'connect', 'destroy']);
});

test.each([
  ['node-redis', nodeRedis({ isReady: false }), { isReady: true }],
  ['ioredis', ioRedis(), { status: 'ready' }],
] as const)('a client of %s says why it has no connection, while it has none', (_name, { client }, ready) => {
  const listeners: ((error: unknown) => void)[] = [];
  Object.assign(client, {
    on: (_event: string, listener: (error: unknown) => void) => listeners.push(listener),
  });
  const sender = redisSender(client);
  expect(sender.connectionError?.()).toBeUndefined();
  const refused = new Error('connect ECONNREFUSED');
  for (const listener of listeners) listener(refused);
  expect(sender.connectionError?.()).toBe(refused);
  Object.assign(client, ready);
  expect(sender.connectionError?.()).toBeUndefined();
});
