import { beforeEach, describe, expect, test } from '@jest/globals';
import { runWithContext } from '@unite/core/context';
import { compose } from '@unite/core/next';
import { type CacheRouteOptions, withCache } from '../../src/next';
import { FakeCache } from '../response/fake-cache';

const args = { params: Promise.resolve({ id: '7' }) };
const encode = (text: string) => new TextEncoder().encode(text);

let cache: FakeCache;
let calls: number;
beforeEach(() => {
  cache = new FakeCache();
  calls = 0;
});

function route(handle: (request: Request) => Response | Promise<Response>, options: CacheRouteOptions = {}) {
  const counted = (request: Request) => {
    calls += 1;
    return handle(request);
  };
  const get = compose(withCache(cache, { scope: 'global', ttlMs: 60_000 }))(counted, { cache: options });
  return (headers: Record<string, string> = {}, url = 'http://a.example/x', method = 'GET') =>
    get(new Request(url, { headers, method }), args);
}
const statusOf = (response: Response) => response.headers.get('cache-status');

describe('withCache', () => {
  test('answers the second request from the cache', async () => {
    const get = route(() => Response.json({ a: 'ü' }, { status: 203, headers: { 'x-a': '1' } }));
    const first = await get();
    cache.nowMs = 3_000;
    const second = await get();
    expect([statusOf(first), statusOf(second)]).toEqual([
      'unite; fwd=uri-miss; stored',
      'unite; hit; ttl=57; detail=memory',
    ]);
    expect([second.status, await second.json()]).toEqual([203, await first.json()]);
    expect(Object.fromEntries(second.headers)).toMatchObject({
      'x-a': '1',
      age: '3',
      etag: first.headers.get('etag'),
      'content-type': 'application/json',
      'content-length': '10',
    });
    expect(calls).toBe(1);
  });

  test('leaves alone what does not ask for it', async () => {
    const response = new Response('a');
    const handler = () => response;
    expect(await compose(withCache(cache))(handler)(new Request('http://a/'), args)).toBe(response);
    expect(cache.defined).toEqual([]);
  });

  test('answers 304 on a miss and on a hit', async () => {
    const get = route(() => new Response('a', { headers: { etag: '"v1"', vary: 'accept' } }), {
      vary: ['accept'],
    });
    for (const status of [
      'unite; fwd=uri-miss; fwd-status=200; stored',
      'unite; hit; ttl=60; detail=memory',
    ]) {
      const response = await get({ 'if-none-match': '"v1"' });
      expect([response.status, response.body, statusOf(response)]).toEqual([304, null, status]);
      expect(response.headers.get('content-type')).toBeNull();
      expect(response.headers.get('vary')).toBe('accept');
    }
    expect(await (await get()).text()).toBe('a');
  });

  test('answers HEAD from GET, and responses without a body', async () => {
    const get = route(() => new Response(null, { status: 204 }));
    expect(statusOf(await get({}, undefined, 'HEAD'))).toBe('unite; fwd=uri-miss');
    await get();
    const response = await get({}, undefined, 'HEAD');
    expect([response.status, response.body, statusOf(response)]).toEqual([
      204,
      null,
      'unite; hit; ttl=60; detail=memory',
    ]);
  });

  test('keeps cookies and redirects as they are, and does not keep the cookies', async () => {
    const headers = new Headers({ location: '/y' });
    headers.append('set-cookie', 'a=1');
    headers.append('set-cookie', 'b=2');
    const get = route(() => new Response(null, { status: 301, headers }));
    const response = await get();
    expect([response.status, response.headers.getSetCookie()]).toEqual([301, ['a=1', 'b=2']]);
    expect(statusOf(response)).toBe('unite; fwd=uri-miss; detail=set-cookie');
    const moved = route(() => Response.redirect('http://b.example/', 301), { name: 'moved' });
    await moved();
    expect((await moved()).headers.get('location')).toBe('http://b.example/');
  });

  describe('a stream', () => {
    /** A body that the test writes. */
    const written = (options: CacheRouteOptions = {}) => {
      const writers: ReadableStreamDefaultController<Uint8Array>[] = [];
      const cancelled: unknown[] = [];
      const get = route(
        () =>
          new Response(
            new ReadableStream({
              start: (controller) => void writers.push(controller),
              cancel: (reason) => void cancelled.push(reason),
            }),
          ),
        options,
      );
      return { get, writers, cancelled };
    };
    const read = async (response: Response) => (await response.text()).toString();

    test('goes through as it is made, and is kept at its end', async () => {
      const { get, writers } = written();
      const response = await get();
      expect(statusOf(response)).toBe('unite; fwd=uri-miss');
      const reader = response.body?.getReader();
      writers[0]?.enqueue(encode('one '));
      expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('one ');
      expect(cache.puts).toEqual([]);
      writers[0]?.enqueue(encode('two'));
      await reader?.read();
      writers[0]?.close();
      expect((await reader?.read())?.done).toBe(true);
      const hit = await get();
      expect([await read(hit), hit.headers.get('etag')]).toEqual([
        'one two',
        expect.stringMatching(/^"[\w-]{43}"$/),
      ]);
    });

    test('that fails in the middle is not kept, and fails for the client', async () => {
      const { get, writers } = written();
      const response = await get();
      writers[0]?.enqueue(encode('half'));
      writers[0]?.error(new Error('broken'));
      await expect(response.text()).rejects.toThrow('broken');
      expect(cache.puts).toEqual([]);
      await get();
      expect(calls).toBe(2);
    });

    test('that has failed at once is passed on too', async () => {
      const get = route(
        () => new Response(new ReadableStream({ start: (writer) => writer.error(new Error('broken')) })),
      );
      await expect((await get()).text()).rejects.toThrow('broken');
    });

    test('that the client leaves is not kept, and the handler is told', async () => {
      const { get, cancelled } = written();
      await (await get()).body?.cancel('gone');
      expect([cancelled, cache.puts]).toEqual([['gone'], []]);
      await get();
      expect(calls).toBe(2);
    });

    test('that is too large is passed on, whether it comes at once or in parts', async () => {
      const { get, writers } = written({ maxBodyBytes: 4 });
      const response = await get();
      writers[0]?.enqueue(encode('12345'));
      writers[0]?.enqueue(encode('6789'));
      writers[0]?.close();
      expect(await read(response)).toBe('123456789');
      const atOnce = route(() => new Response('12345'), { maxBodyBytes: 4, name: 'at-once' });
      expect(await read(await atOnce())).toBe('12345');
      const inParts = route(() => new Response(new Blob(['123456789'])), {
        maxBodyBytes: 4,
        name: 'in-parts',
      });
      expect(await read(await inParts())).toBe('123456789');
      expect(cache.puts).toEqual([]);
    });

    test('of another length than was announced is not kept', async () => {
      const get = route(() => new Response('half', { headers: { 'content-length': '8' } }));
      expect(statusOf(await get())).toBe('unite; fwd=uri-miss');
      expect(cache.puts).toEqual([]);
    });

    test('is compared by its own validator', async () => {
      const cancelled: unknown[] = [];
      const get = route(
        () =>
          new Response(new ReadableStream({ cancel: (reason) => void cancelled.push(reason) }), {
            headers: { etag: '"v1"' },
          }),
      );
      expect((await get({ 'if-none-match': '"v1"' })).status).toBe(304);
      expect(cancelled).toHaveLength(1);
    });
  });

  test('what the handler throws is thrown on, and those who waited ask for themselves', async () => {
    let fail: (error: Error) => void = () => undefined;
    const get = route(() =>
      calls === 1
        ? new Promise<Response>((_, reject) => {
            fail = reject;
          })
        : new Response('a'),
    );
    const first = get();
    while (calls === 0) await new Promise(setImmediate);
    const second = get();
    while (cache.keys.length < 4) await new Promise(setImmediate);
    fail(new Error('no'));
    await expect(first).rejects.toThrow('no');
    expect(await (await second).text()).toBe('a');
  });

  test('routes that share a URL, parameters and tenants are told apart', async () => {
    const get = route(() => new Response(String(calls)), { scope: 'tenant' });
    const inContext = async (more: object, url?: string) => {
      const context = { requestId: 'r', state: new Map(), tenantId: 't', ...more };
      cache.tenant = () => context.tenantId;
      return (await runWithContext(context, () => get({}, url))).text();
    };
    expect(await inContext({ route: 'GET /a' })).toBe('1');
    expect(await inContext({ route: 'GET /b' })).toBe('2');
    expect(await inContext({ route: 'HEAD /a' })).toBe('1');
    expect(await inContext({ route: 'GET /a', tenantId: 'u' })).toBe('3');
    expect(await inContext({ route: 'GET /a' }, 'http://b.example/x')).toBe('4');
    expect(await inContext({ route: 'GET /a' }, 'http://a.example/x?q')).toBe('5');
  });

  test('two routes of one name and scope share the definitions', async () => {
    await route(() => new Response('a'))();
    await route(() => new Response('b'))({}, 'http://a.example/y');
    expect(cache.defined).toEqual(['responses.global', 'responses.global.vary']);
  });

  test('what a definition would load is said to be a mistake', async () => {
    const loads: (() => unknown)[] = [];
    const define: typeof cache.define = (name, options) => {
      loads.push(options.load as () => unknown);
      return cache.define(name, options);
    };
    await compose(withCache({ define }))(() => new Response('a'), { cache: { scope: 'global', ttlMs: 1 } })(
      new Request('http://a/'),
      args,
    );
    expect(loads[0]).toThrow('looked up, never loaded');
  });

  test('a response that outlived its time is made anew', async () => {
    const get = route(() => new Response(String(calls)));
    await get();
    for (const [key, entry] of cache.entries) cache.entries.set(key, { ...entry, ttlMs: Infinity });
    cache.nowMs = 60_000;
    const response = await get();
    expect([await response.text(), statusOf(response)]).toEqual(['2', 'unite; fwd=stale; stored']);
  });

  test.each<[CacheRouteOptions, string]>([
    [{ ttlMs: -1 }, 'option "ttlMs" must be a positive number of at most 86400000, got -1'],
    [{ scope: 'all' as never }, 'option "scope" must be'],
  ])('refuses %p, as defaults and for a route', (options, message) => {
    expect(() => withCache(cache, options)).toThrow(`withCache: ${message}`);
    expect(() =>
      compose(withCache(cache))(() => new Response(), { cache: { scope: 'global', ttlMs: 1, ...options } }),
    ).toThrow(`withCache: ${message}`);
  });

  test('asks for what neither says', () => {
    expect(() => compose(withCache(cache))(() => new Response(), { cache: { ttlMs: 1 } })).toThrow(
      "withCache: option \"scope\" must be 'tenant', 'user' or 'global', got undefined",
    );
    expect(() => withCache(undefined as never)).toThrow('withCache: option "cache" must be a cache');
  });
});
