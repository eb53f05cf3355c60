import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Clock } from '@unite/core';
import fc from 'fast-check';
import { type PatroniFetch, type PatroniMember, patroniNodes } from '../../src/patroni';
import { healthy, standbyCluster, tagged, troubled, withMember } from './documents';

const servers: Server[] = [];
/** For an endpoint that answers, however busy the machine is. */
const patienceMs = 60_000;
const signal = new AbortController().signal;
const url = ({ address }: PatroniMember) => `postgres://app:secret@${address}/crm`;

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function listen(handler: RequestListener): Promise<string> {
  const server = createServer(handler).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** An endpoint that plays documents, the last one for ever, and keeps what it was asked. */
async function patroni(...documents: unknown[]): Promise<{ endpoint: string; asked: IncomingMessage[] }> {
  const asked: IncomingMessage[] = [];
  const endpoint = await listen((request, response) => {
    asked.push(request);
    const document = documents[Math.min(asked.length, documents.length) - 1];
    response.setHeader('content-type', 'application/json');
    response.end(typeof document === 'string' ? document : JSON.stringify(document));
  });
  return { endpoint, asked };
}

/** An address where nobody listens. */
async function nobody(): Promise<string> {
  const endpoint = await listen(() => undefined);
  const server = servers.pop() as Server;
  server.close();
  await once(server, 'close');
  return endpoint;
}

async function membersOf(document: unknown): Promise<PatroniMember[]> {
  const members: PatroniMember[] = [];
  const { endpoint } = await patroni(document);
  const nodes = patroniNodes({
    endpoints: [endpoint],
    timeoutMs: patienceMs,
    url(member) {
      members.push(member);
      return url(member);
    },
  });
  await nodes.discover(signal);
  return members;
}

const failureOf = async (document: unknown): Promise<string> => {
  const { endpoint } = await patroni(document);
  const error = await patroniNodes({ endpoints: [endpoint], url, timeoutMs: patienceMs })
    .discover(signal)
    .then(String, String);
  return error.replace(endpoint, 'endpoint');
};

describe('the members', () => {
  test('of a healthy cluster, each with the URL that it is given', async () => {
    const { endpoint, asked } = await patroni(healthy);
    const nodes = patroniNodes({ endpoints: [endpoint], url, timeoutMs: patienceMs });
    expect(await nodes.discover(signal)).toEqual([
      { name: 'patroni1', url: 'postgres://app:secret@10.89.0.4:5432/crm' },
      { name: 'patroni2', url: 'postgres://app:secret@10.89.0.6:5433/crm' },
      { name: 'patroni3', url: 'postgres://app:secret@10.89.0.7:5432/crm' },
    ]);
    expect(asked.map(({ method, url: path }) => `${method} ${path}`)).toEqual(['GET /cluster']);
  });

  test('as Patroni describes them', async () => {
    expect((await membersOf(healthy))[1]).toEqual({
      name: 'patroni2',
      role: 'sync_standby',
      state: 'streaming',
      host: '10.89.0.6',
      port: 5433,
      address: '10.89.0.6:5433',
      timeline: 5,
      lagBytes: 0,
      tags: { clonefrom: true },
    });
  });

  test('in trouble: those that may come back are kept, one without an address is not', async () => {
    const members = await membersOf(troubled);
    expect(members.map(({ name, role, state, lagBytes }) => [name, role, state, lagBytes])).toEqual([
      ['patroni1', 'replica', 'stopped', undefined],
      ['patroni3', 'promoted', 'running', undefined],
      ['patroni4', 'replica', 'in archive recovery', undefined],
      ['patroni5', 'witness of a later version', 'dreaming', undefined],
    ]);
  });

  test('that are not to take reads are left out, unless they lead', async () => {
    expect((await membersOf(tagged)).map(({ name }) => name)).toEqual(['a', 'c', 'd']);
  });

  test('of a standby cluster, by name and by IPv6 address', async () => {
    expect((await membersOf(standbyCluster)).map(({ address }) => address)).toEqual([
      'db-a.example.com:5432',
      '[fd00::6]:5432',
    ]);
  });
});

describe('a document that is odd', () => {
  test.each<[string, unknown, string]>([
    ['no JSON', '<html>', 'the answer is no JSON'],
    ['nothing', '', 'the answer is no JSON'],
    ['a list', [], 'the document has no list of members'],
    ['null', 'null', 'the document has no list of members'],
    ['no members', {}, 'the document has no list of members'],
    ['members by name', { members: {} }, 'the document has no list of members'],
    ['a cluster without members', { members: [] }, 'no member can be used'],
    ['members that are not for reads', { members: [tagged.members[1]] }, 'no member can be used'],
    ['a text for a member', { members: ['a'] }, 'members[0] is no object'],
    ['no name', withMember({ name: '' }), 'members[0] has no name'],
    ['no role', withMember({ role: undefined }), 'members[0] has no role'],
    ['no state', withMember({ state: 1 }), 'members[0] has no state'],
    ['a number for a host', withMember({ host: 1 }), 'the host of members[0] is no host'],
    [
      'a host that leads elsewhere',
      withMember({ host: 'x@evil.example/?' }),
      'the host of members[0] is no host',
    ],
    ['a zone in an address', withMember({ host: 'fe80::1%eth0' }), 'the host of members[0] is no host'],
    ['a text for a port', withMember({ port: '5432' }), 'the port of members[0] is no port'],
    ['a port too high', withMember({ port: 65_536 }), 'the port of members[0] is no port'],
    ['a port too low', withMember({ port: 0 }), 'the port of members[0] is no port'],
    ['too much', `"${'x'.repeat(1_000_000)}"`, 'the answer is longer than 1000000 bytes'],
  ])('with %s says so', async (_name, document, reason) => {
    expect(await failureOf(document)).toBe(
      `AggregateError: patroniNodes: no endpoint answered: endpoint (${reason})`,
    );
  });

  test('gives nodes whose URLs lead to the host that it names, or an error', async () => {
    let document: unknown;
    const fetch: PatroniFetch = async () => new Response(JSON.stringify(document));
    const nodes = patroniNodes({ endpoints: ['http://patroni.example:8008'], url, fetch });
    const anyMember = fc.record({
      name: fc.oneof(fc.string(), fc.jsonValue()),
      role: fc.oneof(fc.constantFrom('leader', 'replica'), fc.jsonValue()),
      state: fc.oneof(fc.constant('running'), fc.jsonValue()),
      host: fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain(), fc.string(), fc.jsonValue()),
      port: fc.oneof(fc.integer(), fc.nat(70_000), fc.jsonValue()),
      tags: fc.jsonValue(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.record({ members: fc.array(anyMember, { maxLength: 2 }) }), fc.jsonValue()),
        async (any) => {
          document = any;
          const found = await nodes.discover(signal).catch((error: unknown) => error);
          if (!Array.isArray(found)) return expect(found).toBeInstanceOf(AggregateError);
          for (const node of found) {
            const { username, pathname, search, hash } = new URL(node.url);
            expect({ username, pathname, search, hash }).toEqual({
              username: 'app',
              pathname: '/crm',
              search: '',
              hash: '',
            });
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('the endpoints', () => {
  test('are asked one after another, and the one that answered first the next time', async () => {
    const [gone, failing, good] = [
      await nobody(),
      await listen((_request, response) => response.writeHead(503).end('no quorum')),
      await patroni(healthy),
    ];
    const seen: string[] = [];
    const nodes = patroniNodes({
      endpoints: [gone, failing, good.endpoint],
      url,
      fetch: (each, init) => {
        seen.push(each);
        return fetch(each, init);
      },
    });
    expect(await nodes.discover(signal)).toHaveLength(3);
    expect(await nodes.discover(signal)).toHaveLength(3);
    expect(seen).toEqual(
      [gone, failing, good.endpoint, good.endpoint].map((endpoint) => `${endpoint}/cluster`),
    );
  });

  test('that fail are named, each with its reason', async () => {
    const gone = await nobody();
    const failing = await listen((_request, response) => response.writeHead(503).end('no quorum'));
    const elsewhere = await listen((_request, response) =>
      response.writeHead(302, { location: failing }).end(),
    );
    const cut = await listen((request) => request.socket.destroy());
    const error = await patroniNodes({ endpoints: [gone, failing, elsewhere, cut], url })
      .discover(signal)
      .catch((reason: unknown) => reason as AggregateError);
    expect(error).toBeInstanceOf(AggregateError);
    expect(String(error)).toBe(
      `AggregateError: patroniNodes: no endpoint answered: ${gone} (ECONNREFUSED), ${failing} (status 503), ${elsewhere} (unexpected redirect), ${cut} (UND_ERR_SOCKET)`,
    );
    expect((error as AggregateError).errors).toHaveLength(4);
  });

  test('have their time, and no more, for the head and for the body', async () => {
    const reached: (() => void)[] = [];
    const silent = await listen(() => reached.shift()?.());
    const slow = await listen((_request, response) => {
      response.write('{"members":', () => reached.shift()?.());
    });
    const good = await patroni(healthy);
    const sleeps: { ms: number; wake: () => void; signal: AbortSignal | undefined }[] = [];
    const clock: Clock = {
      wallMs: () => 0,
      monotonicMs: () => 0,
      sleep: (ms, stop) =>
        new Promise((resolve, reject) => {
          sleeps.push({ ms, wake: resolve, signal: stop });
          stop?.addEventListener('abort', () => reject(stop.reason));
        }),
    };
    const options = { url, clock, timeoutMs: 250 };
    const timedOut = async (endpoint: string) => {
      const arrived = new Promise<void>((resolve) => reached.push(resolve));
      const outcome = patroniNodes({ ...options, endpoints: [endpoint, good.endpoint] }).discover(signal);
      await arrived;
      sleeps.at(-1)?.wake();
      return await outcome;
    };
    expect(await timedOut(silent)).toHaveLength(3);
    expect(await timedOut(slow)).toHaveLength(3);
    expect(sleeps.map(({ ms }) => ms)).toEqual([250, 250, 250, 250]);
    expect(sleeps.every((sleep) => sleep.signal?.aborted)).toBe(true);

    const arrived = new Promise<void>((resolve) => reached.push(resolve));
    const outcome = patroniNodes({ ...options, endpoints: [silent] }).discover(signal);
    await arrived;
    sleeps.at(-1)?.wake();
    await expect(outcome).rejects.toThrow(`${silent} (no answer within 250 ms)`);
  });

  test('are left alone once the caller gives up', async () => {
    const caller = new AbortController();
    const silent = await listen(() => caller.abort(new Error('the cluster is closing')));
    const good = await patroni(healthy);
    const nodes = patroniNodes({ endpoints: [silent, good.endpoint], url });
    await expect(nodes.discover(caller.signal)).rejects.toThrow('the cluster is closing');
    await expect(nodes.discover(caller.signal)).rejects.toThrow('the cluster is closing');
    const alone = patroniNodes({ endpoints: [silent], url });
    await expect(alone.discover(caller.signal)).rejects.toThrow('the cluster is closing');
    expect(good.asked).toEqual([]);
  });

  test('the last one too', async () => {
    const caller = new AbortController();
    const silent = await listen(() => caller.abort(new Error('the cluster is closing')));
    const outcome = patroniNodes({ endpoints: [silent], url }).discover(caller.signal);
    await expect(outcome).rejects.toThrow('the cluster is closing');
  });

  test('may have a path, and get the headers that are given', async () => {
    const { endpoint, asked } = await patroni(healthy);
    const headers = { authorization: 'Basic YWRtaW46c2VjcmV0' };
    for (const path of ['/db', '/db/']) {
      await patroniNodes({ endpoints: [endpoint + path], url, headers }).discover(signal);
    }
    expect(asked.map((request) => request.url)).toEqual(['/db/cluster', '/db/cluster']);
    expect(asked[0]?.headers).toMatchObject({ accept: 'application/json', ...headers });
  });

  test('a `fetch` of one’s own may fail in its own way', async () => {
    const fails = (error: Error) =>
      patroniNodes({ endpoints: ['http://a'], url, fetch: () => Promise.reject(error) }).discover(signal);
    await expect(fails(new Error('no route'))).rejects.toThrow('http://a (no route)');
    await expect(fails(new Error('fetch failed', { cause: new Error('bad port') }))).rejects.toThrow(
      'http://a (bad port)',
    );
    await expect(fails(new Error('fetch failed'))).rejects.toThrow('http://a (fetch failed)');
    const empty = patroniNodes({ endpoints: ['http://a'], url, fetch: async () => new Response(null) });
    await expect(empty.discover(signal)).rejects.toThrow('http://a (the answer is no JSON)');
    const refused = patroniNodes({
      endpoints: ['http://a'],
      url,
      fetch: async () => new Response(null, { status: 500 }),
    });
    await expect(refused.discover(signal)).rejects.toThrow('http://a (status 500)');
  });

  test('an error of the application’s `url` is its own', async () => {
    const { endpoint } = await patroni(healthy);
    const nodes = patroniNodes({
      endpoints: [endpoint],
      url: () => {
        throw new Error('no password for this member');
      },
    });
    await expect(nodes.discover(signal)).rejects.toThrow(/^no password for this member$/);
  });
});

test.each<[object, string]>([
  [{ endpoints: [] }, 'patroniNodes: option "endpoints" must be a non-empty array of URLs'],
  [{ endpoints: 'http://a:8008' }, 'option "endpoints"'],
  [{ endpoints: ['10.0.0.1:8008'] }, 'option "endpoints"'],
  [{ endpoints: ['http://'] }, 'option "endpoints"'],
  [{ endpoints: [7] }, 'option "endpoints"'],
  [{ endpoints: ['http://admin:secret@a:8008'] }, 'without user and password, got an array'],
  [{ endpoints: ['http://:secret@a:8008'] }, 'without user and password, got an array'],
  [{ url: 'postgres://a' }, 'option "url" must be a function'],
  [{ timeoutMs: 0 }, 'option "timeoutMs" must be a positive number, got 0'],
  [{ headers: 'x' }, 'option "headers" must be an object'],
  [{ fetch: true }, 'option "fetch" must be a function'],
  [{ auth: {} }, 'patroniNodes: unknown option "auth"'],
])('refuses %j', (options, message) => {
  expect(() => patroniNodes({ endpoints: ['http://a:8008'], url, ...options } as never)).toThrow(message);
});
