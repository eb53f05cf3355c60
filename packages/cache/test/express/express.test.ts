import { type IncomingMessage, request as rawRequest, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import compression from 'compression';
import express5, { type Application, type Response } from 'express';
import { cacheMiddleware, type ResponseCacheOptions } from '../../src/express';
import { FakeCache } from '../response/fake-cache';

const express4 = require('express-4') as typeof express5;
const etagOf = /^"[\w-]{43}"$/;

interface Reply {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  readonly text: string;
}

/** Looks again in every turn of the event loop; the test's timeout ends it. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(setImmediate);
}

/** A promise with its handle. */
function gate<Value = void>() {
  let open: (value: Value) => void = () => undefined;
  const opened = new Promise<Value>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

describe.each([
  ['5', express5],
  ['4', express4],
])('Express %s', (_, express) => {
  let cache: FakeCache;
  let app: Application;
  let server: Server;
  let port: number;
  let tenantId: string | undefined;
  let calls: string[];
  let asked: IncomingMessage[];

  beforeEach(async () => {
    cache = new FakeCache();
    cache.tenant = () => tenantId;
    tenantId = undefined;
    calls = [];
    asked = [];
    app = express();
    server = app.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const cached = (more: Partial<ResponseCacheOptions> = {}) =>
    cacheMiddleware({
      cache,
      scope: 'global',
      ttlMs: 60_000,
      context: () => ({
        requestId: 'r',
        tenantId,
        userId: tenantId && `user-of-${tenantId}`,
        state: new Map(),
      }),
      ...more,
    });

  /** A route behind the cache; calls are counted. */
  const route = (
    handle: (response: Response, request: IncomingMessage) => void,
    more?: Partial<ResponseCacheOptions>,
  ) =>
    app.all('/x', cached(more), (request, response) => {
      calls.push(request.url);
      asked.push(request);
      handle(response, request);
    });

  const get = (path = '/x', headers: Record<string, string> = {}, method = 'GET') =>
    new Promise<Reply>((resolve, reject) => {
      const sent = rawRequest({ port, path, headers, method, agent: false }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const body = Buffer.concat(chunks);
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body, text: String(body) });
        });
      });
      sent.on('error', reject).end();
    });

  const statusOf = async (...given: Parameters<typeof get>) => (await get(...given)).headers['cache-status'];

  test('answers the second request from the cache, as the first but for age and status', async () => {
    route((response) => response.set('x-kept', '1').type('text').status(203).send('hello'));
    const first = await get();
    cache.nowMs = 5_900;
    const second = await get();
    expect(first.headers['cache-status']).toBe('unite; fwd=uri-miss; stored');
    expect(second.headers['cache-status']).toBe('unite; hit; ttl=54; detail=memory');
    const { date: _d, 'cache-status': _s, ...sent } = first.headers;
    const { date: _e, 'cache-status': _t, age, ...again } = second.headers;
    expect([second.status, second.text, age]).toEqual([203, 'hello', '5']);
    expect(again).toEqual(sent);
    expect(calls).toHaveLength(1);
    cache.nowMs = 60_000;
    expect(await statusOf()).toBe('unite; fwd=miss; stored');
  });

  test.each<[string, (response: Response) => void]>([
    ['json', (response) => response.json({ a: 'ü' })],
    ['end with an encoding', (response) => void response.type('text').end('fc', 'hex')],
    ['a buffer', (response) => response.send(Buffer.from([0, 255, 1]))],
    ['writeHead with a message', (response) => void response.writeHead(200, 'Fine', { 'x-a': '1' }).end('a')],
    ['writeHead with a list', (response) => void response.writeHead(200, ['x-a', '1', 'X-B', '2']).end('a')],
    [
      'writeHead with pairs',
      (response) =>
        void response
          .writeHead(200, [
            ['x-a', '1'],
            ['x-a', '2'],
          ] as never)
          .end('a'),
    ],
    [
      'flushHeaders',
      (response) => {
        response.flushHeaders();
        response.end('b');
      },
    ],
    ['no body', (response) => void response.status(204).end()],
    ['a callback alone', (response) => void response.end(() => undefined)],
    [
      'writes',
      (response) => {
        response.write('a');
        response.write(new Uint8Array([98]));
        response.end('c');
      },
    ],
  ])('keeps what was answered by %s', async (_name, handle) => {
    route(handle);
    const first = await get();
    const second = await get();
    expect(second.headers['cache-status']).toMatch(/^unite; hit/);
    expect([second.status, second.body]).toEqual([first.status, first.body]);
    for (const name of ['content-type', 'x-a', 'x-b'])
      expect(second.headers[name]).toEqual(first.headers[name]);
    expect(calls).toHaveLength(1);
  });

  test('a stream goes through as it is made, and is kept at its end', async () => {
    const more = gate();
    const written = gate();
    route((response) => {
      response.write('one ');
      written.open();
      more.opened.then(() => response.end('two'));
    });
    const first = get();
    await written.opened;
    expect(cache.entries.size).toBe(0);
    more.open();
    expect((await first).text).toBe('one two');
    expect((await first).headers['cache-status']).toBe('unite; fwd=uri-miss');
    const second = await get();
    expect([second.text, second.headers['content-length']]).toEqual(['one two', '7']);
    expect(second.headers.etag).toMatch(etagOf);
  });

  test('a response that is broken off is not kept', async () => {
    const handlers: ((response: Response) => void)[] = [
      (response) => {
        response.write('half');
        response.destroy();
      },
      (response) => {
        response.setHeader('content-length', '10').write('half');
        response.destroy(new Error('broken'));
      },
    ];
    route((response) => handlers[calls.length - 1]?.(response) ?? response.send('whole'));
    await expect(get()).rejects.toThrow();
    await expect(get()).rejects.toThrow();
    expect((await get()).text).toBe('whole');
    expect(cache.puts.filter(({ ttlMs }) => ttlMs !== undefined)).toHaveLength(1);
  });

  test('a response that was destroyed is not kept, though it ends', async () => {
    route((response) => {
      response.destroy();
      response.end('late');
    });
    await expect(get()).rejects.toThrow();
    expect(cache.puts).toEqual([]);
  });

  test('nothing is kept for a client that has gone', async () => {
    const inHandler = gate<Response>();
    route((response) => inHandler.open(response));
    const socket = connect(port, '127.0.0.1');
    socket.write('GET /x HTTP/1.1\r\nHost: a\r\n\r\n');
    const response = await inHandler.opened;
    const closed = new Promise((resolve) => response.once('close', resolve));
    socket.destroy();
    await closed;
    response.send('late');
    response.end();
    expect(cache.puts).toEqual([]);
  });

  test('HEAD is answered from GET, and is none itself', async () => {
    route((response) => response.type('text').send('hello'));
    expect(await statusOf('/x', {}, 'HEAD')).toBe('unite; fwd=uri-miss');
    expect(await statusOf()).toBe('unite; fwd=uri-miss; stored');
    const head = await get('/x', {}, 'HEAD');
    expect([head.headers['cache-status'], head.text]).toEqual(['unite; hit; ttl=60; detail=memory', '']);
    expect(head.headers['content-length']).toBe('5');
  });

  test('other methods and parts pass by', async () => {
    route((response) => response.send('a'));
    await get();
    expect(await statusOf('/x', {}, 'POST')).toBe('unite; fwd=method');
    expect(await statusOf('/x', { range: 'bytes=0-0' })).toBe('unite; fwd=bypass; detail=range');
    expect(await statusOf('/x', { 'cache-control': 'no-store' })).toBe('unite; fwd=bypass; detail=no-store');
    expect(calls).toHaveLength(4);
  });

  test('what passes by is compared by nobody but the handler', async () => {
    route((response) => void response.set('etag', '"v1"').end('a'));
    expect((await get('/x', { 'if-none-match': '"v1"' }, 'POST')).status).toBe(200);
  });

  test('what is kept is a copy of what was written', async () => {
    route((response) => {
      const memory = Buffer.from('a');
      response.write(memory, () => {
        memory.fill('b');
        response.end(memory);
      });
    });
    expect((await get()).text).toBe('ab');
    expect((await get()).text).toBe('ab');
    expect(calls).toHaveLength(1);
  });

  test('no-cache makes it anew and keeps that', async () => {
    route((response) => response.send(String(calls.length)));
    await get();
    const anew = await get('/x', { 'cache-control': 'no-cache' });
    expect([anew.text, anew.headers['cache-status']]).toEqual(['2', 'unite; fwd=request; stored']);
    expect((await get()).text).toBe('2');
    cache.nowMs = 10_000;
    expect(await statusOf('/x', { 'cache-control': 'max-age=11' })).toMatch(/hit/);
    expect(await statusOf('/x', { 'cache-control': 'max-age=9' })).toBe('unite; fwd=request; stored');
  });

  describe('validators', () => {
    test('are made, and answer 304 on a miss and on a hit, also where Express compares', async () => {
      app.disable('etag');
      route(
        (response) =>
          response.set('x-a', '1').vary('accept').set('cache-control', 'max-age=60').json({ a: 1 }),
        {
          vary: ['Accept'],
        },
      );
      const { etag = '' } = (await get()).headers;
      expect(etag).toMatch(etagOf);
      cache.entries.clear();
      const miss = await get('/x', { 'if-none-match': `"other", W/${etag}` });
      const hit = await get('/x', { 'if-none-match': etag });
      for (const { status, text, headers } of [miss, hit]) {
        expect([status, text]).toEqual([304, '']);
        expect(headers).toMatchObject({ etag, vary: 'accept', 'cache-control': 'max-age=60', 'x-a': '1' });
        expect(headers['content-type']).toBeUndefined();
        expect(headers['content-length']).toBeUndefined();
      }
      expect(miss.headers['cache-status']).toBe('unite; fwd=uri-miss; fwd-status=200; stored');
      expect(hit.headers['cache-status']).toBe('unite; hit; ttl=60; detail=memory');
      expect((await get()).text).toBe('{"a":1}');
      expect((await get('/x', { 'if-none-match': '"other"' })).status).toBe(200);
    });

    test("of the handler stay; Express' comparison does not keep the whole response away", async () => {
      route((response) => response.json({ a: 1 }));
      const { etag = '' } = (await get()).headers;
      expect(etag).toMatch(/^W\//);
      cache.entries.clear();
      const headers = { 'if-none-match': etag, 'if-modified-since': 'Wed, 25 Nov 2026 12:00:00 GMT' };
      expect((await get('/x', headers)).status).toBe(304);
      expect(asked.at(-1)?.headers['if-none-match']).toBe(etag);
      const whole = await get();
      expect([whole.text, whole.headers['cache-status']]).toEqual([
        '{"a":1}',
        'unite; hit; ttl=60; detail=memory',
      ]);
    });

    test('are the same for a response that is written in parts', async () => {
      route((response) => {
        response.set('etag', '"v1"').write('a');
        response.end('b');
      });
      const miss = await get('/x', { 'if-none-match': '"v1"' });
      expect([miss.status, miss.text]).toEqual([304, '']);
      expect((await get()).text).toBe('ab');
    });
  });

  test.each<[string, (response: Response) => void, string]>([
    ['a cookie', (response) => response.cookie('a', 'b').send('a'), 'set-cookie'],
    ['private', (response) => response.set('cache-control', 'private').send('a'), 'private'],
    ['an error', (response) => response.status(500).send('a'), 'status'],
    ['Vary: *', (response) => response.vary('*').send('a'), 'vary'],
  ])('does not keep a response with %s', async (_name, handle, detail) => {
    route(handle);
    expect([await statusOf(), await statusOf()]).toEqual(
      Array.from({ length: 2 }, () => `unite; fwd=uri-miss; detail=${detail}`),
    );
    expect(calls).toHaveLength(2);
    expect(cache.entries.size).toBe(0);
  });

  test('heeds what a middleware before it has said', async () => {
    app.use((_request, response, next) => {
      response.set('cache-control', 'no-store');
      next();
    });
    route((response) => response.send('a'));
    expect(await statusOf()).toBe('unite; fwd=uri-miss; detail=no-store');
  });

  test('does not keep what is too large, and passes it on', async () => {
    const body = 'x'.repeat(1_000);
    route((response) => response.send(body), { maxBodyBytes: 999 });
    app.get(
      '/exact',
      cached({ maxBodyBytes: 1_000, name: 'exact' }),
      (_request, response) => void response.send(body),
    );
    expect((await get()).text).toBe(body);
    expect(await statusOf()).toBe('unite; fwd=uri-miss');
    expect(await statusOf('/exact')).toBe('unite; fwd=uri-miss; stored');
  });

  test('headers of the request around it are made anew, and Vary and Cache-Status are joined', async () => {
    let count = 0;
    app.use((_request, response, next) => {
      count += 1;
      response.set({
        'x-request-id': `r${count}`,
        'x-count': `${count}`,
        vary: 'Origin',
        'cache-status': 'edge; fwd=miss',
      });
      next();
    });
    route((response) => response.vary('Accept').send('a'), { vary: ['accept', 'origin'] });
    const first = await get();
    expect(first.headers['cache-status']).toBe('edge; fwd=miss, unite; fwd=uri-miss; stored');
    const { headers } = await get();
    expect(headers).toMatchObject({ 'x-request-id': 'r2', 'x-count': '2', vary: 'origin, accept' });
    expect(headers['cache-status']).toBe('edge; fwd=miss, unite; hit; ttl=60; detail=memory');
  });

  describe('Vary', () => {
    test('is learned from the first response; then every variant has its own', async () => {
      route((response, { headers }) =>
        response.vary('Accept-Language').send(`${headers['accept-language']}`),
      );
      const of = (language: string) => get('/x', { 'accept-language': language });
      expect((await of('de')).headers['cache-status']).toBe('unite; fwd=uri-miss; detail=vary-learned');
      expect((await of('de')).headers['cache-status']).toBe('unite; fwd=vary-miss; stored');
      expect((await of('en')).text).toBe('en');
      expect((await of('de')).text).toBe('de');
      expect((await of('de')).headers['cache-status']).toMatch(/hit/);
      expect(await statusOf()).toBe('unite; fwd=vary-miss; stored');
      expect(calls).toHaveLength(4);
    });

    test('grows with what other responses name', async () => {
      route((response, { headers }) => {
        response.vary('A');
        if (headers.a === 'more') response.vary('B');
        response.send(`${headers.b}`);
      });
      await get();
      await get('/x', { a: 'more', b: '1' });
      await get('/x', { a: 'more', b: '1' });
      expect((await get('/x', { a: 'more', b: '2' })).text).toBe('2');
      expect((await get('/x', { a: 'more', b: '1' })).headers['cache-status']).toMatch(/hit/);
    });

    test('that cannot be noted does no harm', async () => {
      route((response) => response.vary('A').send('a'));
      cache.beforePut = () => Promise.reject(new Error('no'));
      expect((await get()).text).toBe('a');
      expect((await get()).text).toBe('a');
    });
  });

  describe('concurrent misses', () => {
    /** Until so many searches have been made, two for each; what follows them is over in the next turn. */
    const searched = async (count: number) => {
      await until(() => cache.keys.length >= 2 * count);
      await new Promise(setImmediate);
    };

    test('run the handler once', async () => {
      const answer = gate();
      route((response) => answer.opened.then(() => response.send('a')));
      const replies = Array.from({ length: 20 }, () => get());
      await searched(20);
      answer.open();
      const statuses = (await Promise.all(replies)).map(({ headers }) => headers['cache-status']);
      expect(calls).toHaveLength(1);
      expect(statuses.filter((status) => status === 'unite; fwd=uri-miss; collapsed')).toHaveLength(19);
      expect(statuses).toContain('unite; fwd=uri-miss; stored');
    });

    test('of different variants get each their own', async () => {
      const answer = gate();
      route((response, { headers }) =>
        answer.opened.then(() => response.vary('Accept-Language').send(`${headers['accept-language']}`)),
      );
      const languages = Array.from({ length: 12 }, (_each, index) => ['de', 'en', 'fr'][index % 3] as string);
      const replies = languages.map((language) => get('/x', { 'accept-language': language }));
      await searched(12);
      answer.open();
      expect((await Promise.all(replies)).map(({ text }) => text)).toEqual(languages);
      // One to learn what the responses depend on, then one for each.
      expect(calls).toHaveLength(4);
    });

    test('of different tenants, or users, get each their own', async () => {
      const answer = gate();
      route(
        (response) => {
          const mine = tenantId;
          answer.opened.then(() => response.send(`${mine}`));
        },
        { scope: 'user' },
      );
      tenantId = 'one';
      const one = get();
      await until(() => calls.length === 1);
      tenantId = 'two';
      const two = get();
      await until(() => calls.length === 2);
      answer.open();
      expect([(await one).text, (await two).text]).toEqual(['one', 'two']);
    });

    test('do not share what was invalidated while it was made', async () => {
      const answers = [gate(), gate(), gate()];
      route((response) => answers[calls.length - 1]?.opened.then(() => response.send(`${calls.length}`)), {
        tags: () => ['t'],
      });
      const first = get();
      await searched(1);
      await cache.invalidateTags(['t']);
      const second = get();
      await searched(2);
      answers[0]?.open();
      answers[1]?.open();
      expect((await first).text).toBe('1');
      expect((await second).text).toBe('2');
      expect(cache.puts.filter(({ ttlMs }) => ttlMs).map(({ kept }) => kept)).toEqual([false, true]);
    });

    test('go on by themselves when the first leads to nothing', async () => {
      const answer = gate();
      route((response) => answer.opened.then(() => response.status(500).send(`${calls.length}`)));
      const replies = [get(), get(), get()];
      await searched(3);
      answer.open();
      expect((await Promise.all(replies)).map(({ status }) => status)).toEqual([500, 500, 500]);
      expect(calls).toHaveLength(3);
    });

    test('go on by themselves when their time is up', async () => {
      const answer = gate();
      const controllers = [new AbortController(), new AbortController()];
      let count = 0;
      route((response) => answer.opened.then(() => response.send(`${calls.length}`)), {
        context: () => ({
          requestId: 'r',
          state: new Map(),
          signal: controllers[Math.min(count++ >> 1, 1)]?.signal,
        }),
      });
      const first = get();
      await searched(1);
      const second = get();
      await searched(2);
      expect(calls).toHaveLength(1);
      controllers[1]?.abort();
      await until(() => calls.length === 2);
      expect(calls).toHaveLength(2);
      answer.open();
      await Promise.all([first, second]);
    });
  });

  describe('scopes', () => {
    test('keep tenants apart, and without a tenant nothing is kept', async () => {
      route((response) => response.send(`${tenantId}`), { scope: 'tenant' });
      for (tenantId of ['one', 'two', 'one', 'two']) expect((await get()).text).toBe(tenantId);
      expect(calls).toHaveLength(2);
      tenantId = undefined;
      expect(await statusOf()).toBe('unite; fwd=bypass; detail=no-tenant');
    });

    test('of one user keep what is private', async () => {
      route((response) => response.set('cache-control', 'private').send('a'), { scope: 'user' });
      expect(await statusOf()).toBe('unite; fwd=bypass; detail=no-user');
      tenantId = 'one';
      expect(await statusOf()).toBe('unite; fwd=uri-miss; stored');
      expect(await statusOf()).toMatch(/hit/);
    });

    test('of everybody keep credentials out', async () => {
      let directive = 'max-age=60';
      route((response) => response.set('cache-control', directive).send('a'));
      const authorization = 'Basic eDp5';
      expect(await statusOf('/x', { authorization })).toBe('unite; fwd=uri-miss; detail=authorization');
      await get();
      expect(await statusOf('/x', { authorization })).toBe('unite; fwd=request; detail=authorization');
      cache.entries.clear();
      directive = 'public';
      expect(await statusOf('/x', { authorization })).toBe('unite; fwd=uri-miss; stored');
      expect(await statusOf('/x', { authorization })).toMatch(/hit/);
    });
  });

  test('a cache that fails is no concern of the request', async () => {
    route((response) => response.send('a'));
    cache.failure = new Error('down');
    const { text, headers } = await get();
    expect([text, headers['cache-status']]).toEqual(['a', 'unite; fwd=bypass; detail=unavailable']);
    cache.failure = undefined;
    cache.beforePut = () => Promise.reject(new Error('down'));
    expect(await statusOf()).toBe('unite; fwd=uri-miss; stored');
    expect(await statusOf()).toBe('unite; fwd=uri-miss; stored');
  });

  test('tags are made from the request', async () => {
    app.get(
      '/of/:id',
      cached({
        tags: ({ method, path, query, params }) => [method, path, `${query.get('q')}`, `${params.id}`],
      }),
      (_request, response) => void response.send('a'),
    );
    for (const tag of ['GET', '/of/7', 'z', '7']) {
      expect(await statusOf('/of/7?q=z')).toMatch(/stored/);
      expect(await statusOf('/of/7?q=z')).toMatch(/hit/);
      await cache.invalidateTags([tag]);
    }
  });

  test('requests for another host, scheme or rewritten URL are others', async () => {
    app.use((request, _response, next) => {
      if (request.headers['x-rewrite']) request.url = '/x';
      next();
    });
    route((response) => response.send(`${calls.length}`));
    const texts = [];
    for (const [path, headers] of [
      ['/x', {}],
      ['/x', { host: 'b.example' }],
      ['/x', { 'x-forwarded-host': 'evil.example' }],
      ['/x', { 'x-forwarded-proto': 'https' }],
      ['/y', { 'x-rewrite': '1' }],
      ['/x', {}],
    ] as const) {
      texts.push((await get(path, headers)).text);
    }
    expect(texts).toEqual(['1', '2', '3', '4', '5', '1']);
  });

  test('inside a router, and twice on the way, it does its work once', async () => {
    const middleware = cached();
    const router = express.Router();
    router.get('/x', middleware, (request, response) => {
      calls.push(request.url);
      response.send('a');
    });
    app.use('/r', middleware, router);
    expect(await statusOf('/r/x')).toBe('unite; fwd=uri-miss; stored');
    expect(await statusOf('/r/x')).toMatch(/^unite; hit; ttl=60; detail=memory$/);
    expect(calls).toHaveLength(1);
  });

  test('an error of the handler is answered by Express, and is not kept', async () => {
    app.get('/x', cached(), () => {
      throw Object.assign(new Error('no'), { status: 503 });
    });
    app.use((error: { status: number }, _request: unknown, response: Response, _next: unknown) => {
      response.status(error.status).send('sorry');
    });
    const { status, headers } = await get();
    expect([status, headers['cache-status']]).toEqual([503, 'unite; fwd=uri-miss; detail=status']);
  });

  test('where somebody else has answered meanwhile, it keeps out', async () => {
    const asking = gate();
    app.use((_request, response, next) => {
      next();
      response.status(504).send('late');
      asking.open();
    });
    route((response) => response.send('a'));
    expect((await get()).text).toBe('late');
    await asking.opened;
    expect((await get()).text).toBe('late');
    expect(calls).toHaveLength(0);
  });

  test('what cannot be sent goes to the error handler', async () => {
    route((response) => response.send('a'));
    await get();
    const [key = ''] = [...cache.entries.keys()].filter((each) => !each.includes('.vary'));
    const entry = cache.entries.get(key);
    if (entry) Object.assign(entry.value as object, { headers: [['x-bad', 'a\nb']] });
    app.use((_error: unknown, _request: unknown, response: Response, _next: unknown) => {
      response.status(500).send('sorry');
    });
    expect((await get()).text).toBe('sorry');
  });

  describe.each([
    ['before', true],
    ['after', false],
  ])('with compression %s it', (_name, isOutside) => {
    const body = 'hello '.repeat(1_000);
    const gzip = { 'accept-encoding': 'gzip' };
    beforeEach(() => {
      const layers = [compression({ threshold: 0 }), cached({ vary: ['accept-encoding'] })];
      app.use(...(isOutside ? layers : layers.reverse()));
      app.get('/c', (_request, response) => {
        calls.push('c');
        response.type('text').send(body);
      });
    });

    test('gives everybody the encoding they asked for', async () => {
      for (let round = 0; round < 2; round += 1) {
        const plain = await get('/c');
        const zipped = await get('/c', gzip);
        expect([plain.headers['content-encoding'], plain.text]).toEqual([undefined, body]);
        expect([zipped.headers['content-encoding'], String(gunzipSync(zipped.body))]).toEqual(['gzip', body]);
        expect(zipped.headers.vary).toMatch(/accept-encoding/i);
        if (round === 1) expect(zipped.headers['cache-status']).toMatch(/hit/);
      }
      expect(calls).toHaveLength(2);
    });

    test('answers 304', async () => {
      const { etag = '' } = (await get('/c', gzip)).headers;
      cache.entries.clear();
      for (let round = 0; round < 2; round += 1) {
        const { status, text } = await get('/c', { ...gzip, 'if-none-match': etag });
        expect([status, text]).toEqual([304, '']);
      }
      expect(String(gunzipSync((await get('/c', gzip)).body))).toBe(body);
    });
  });
});

describe('options', () => {
  const { cache } = new FakeCache();
  const good = { cache, scope: 'global', ttlMs: 1 } as const;

  test.each<[object, string]>([
    [{ ...good, cache: {} }, 'option "cache" must be a cache of `createCache`, got an object'],
    [{ ...good, cache: null }, 'option "cache" must be a cache of `createCache`, got null'],
    [{ ...good, scope: undefined }, "option \"scope\" must be 'tenant', 'user' or 'global', got undefined"],
    [{ ...good, scope: 'public' }, "option \"scope\" must be 'tenant', 'user' or 'global', got \"public\""],
    [{ ...good, ttlMs: 0 }, 'option "ttlMs" must be a positive number of at most 86400000, got 0'],
    [
      { ...good, ttlMs: 86_400_001 },
      'option "ttlMs" must be a positive number of at most 86400000, got 86400001',
    ],
    [{ ...good, tags: ['a'] }, 'option "tags" must be a function, got an array'],
    [{ ...good, vary: 'accept' }, 'option "vary" must be a list of header names, got "accept"'],
    [{ ...good, vary: ['a b'] }, 'option "vary" must be a list of header names, got an array'],
    [{ ...good, vary: [1] }, 'option "vary" must be a list of header names, got an array'],
    [{ ...good, maxBodyBytes: -1 }, 'option "maxBodyBytes" must be a positive number, got -1'],
    [
      { ...good, cacheableStatuses: [206] },
      'option "cacheableStatuses" must be a list of statuses from 200 to 599',
    ],
    [{ ...good, cacheableStatuses: [304] }, 'option "cacheableStatuses"'],
    [{ ...good, cacheableStatuses: [99] }, 'option "cacheableStatuses"'],
    [{ ...good, cacheableStatuses: [600] }, 'option "cacheableStatuses"'],
    [{ ...good, cacheableStatuses: ['200'] }, 'option "cacheableStatuses"'],
    [{ ...good, name: '' }, 'option "name" must be a non-empty string, got ""'],
    [{ ...good, context: {} }, 'option "context" must be a function, got an object'],
    [{ ...good, ttl: 1 }, 'unknown option "ttl"'],
  ])('%p', (options, message) => {
    expect(() => cacheMiddleware(options as ResponseCacheOptions)).toThrow(`cacheMiddleware: ${message}`);
  });

  test('other statuses may be kept when told', () => {
    expect(() => cacheMiddleware({ ...good, cacheableStatuses: [200, 451] })).not.toThrow();
  });
});
