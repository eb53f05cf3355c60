import { describe, expect, jest, test } from '@jest/globals';
import { manualClock } from '@unite/shared/testing';
import type { RouteArgs, RouteHandler, UniteContext } from '../../src';
import { currentContext } from '../../src/context';
import { ContextError, compose, withContext } from '../../src/next';

const call = (
  handler: (request: Request, args: RouteArgs) => Promise<Response> | Response,
  init: RequestInit = {},
) =>
  Promise.resolve(
    handler(new Request('http://crm.example/api/contacts/42', init), {
      params: Promise.resolve({ id: '42' }),
    }),
  );

describe('withContext', () => {
  test('gives the handler its context and the response the request id', async () => {
    let seen: UniteContext | undefined;
    const clock = manualClock();
    const identify = async () => ({ tenantId: 'acme', userId: 'u1', plan: 'pro' });
    const route = compose(withContext({ identify, timeoutMs: 100, release: 'r1', clock }));
    const response = await call(
      route(() => {
        seen = currentContext();
        return new Response('ok');
      }),
      { headers: { 'x-request-id': 'req-1' } },
    );
    expect(seen).toMatchObject({
      requestId: 'req-1',
      tenantId: 'acme',
      userId: 'u1',
      plan: 'pro',
      route: 'GET /api/contacts/[id]',
      deadlineAtMs: clock.wallMs() + 100,
      release: 'r1',
    });
    expect(response.headers.get('x-request-id')).toBe('req-1');
    expect(clock.sleepers()).toBe(0);
  });

  test('makes an id where none is accepted, also on responses whose headers cannot be changed', async () => {
    const route = compose(withContext({ acceptRequestId: false }));
    const redirect = route(() => Response.redirect('http://crm.example/elsewhere', 303));
    const response = await call(redirect, { headers: { 'x-request-id': 'req-1' } });
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('http://crm.example/elsewhere');
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('a route says its own template and time', async () => {
    const clock = manualClock();
    const route = compose(withContext({ timeoutMs: 100, clock }));
    let seen: UniteContext | undefined;
    await call(
      route(
        () => {
          seen = currentContext();
          return new Response();
        },
        { context: { route: '/api/people/[id]', timeoutMs: 7 } },
      ),
      { method: 'POST' },
    );
    expect(seen).toMatchObject({ route: 'POST /api/people/[id]', deadlineAtMs: clock.wallMs() + 7 });
  });

  test('works for a route without params', async () => {
    const route = compose(withContext());
    const handler = route(() => new Response(currentContext()?.route)) as unknown as (
      request: Request,
    ) => Promise<Response>;
    expect(await (await handler(new Request('http://crm.example/api/contacts'))).text()).toBe(
      'GET /api/contacts',
    );
  });

  test('takes the pathname from Next where there is one, without the base path', async () => {
    const handler = compose(withContext())(() => new Response(currentContext()?.route));
    const request = Object.assign(new Request('http://crm.example/base/api/x'), {
      nextUrl: { pathname: '/api/x' },
    });
    expect(await (await handler(request, { params: Promise.resolve({}) })).text()).toBe('GET /api/x');
  });

  test.each([
    [
      { timeoutMs: 0 },
      'withContext: option "timeoutMs" must be a number of milliseconds above 0 and at most 2147483647, got 0',
    ],
    [{ timeoutMs: 2 ** 31 }, 'got 2147483648'],
    [{ identify: 'me' }, 'withContext: option "identify" must be a function, got "me"'],
    [{ timeout: 1 }, 'withContext: unknown option "timeout"'],
  ])('refuses %p', (options, message) => {
    expect(() => withContext(options as never)).toThrow(message);
  });

  test('refuses malformed options of a route when the route is made', () => {
    const route = compose(withContext());
    expect(() => route(() => new Response(), { context: { timeoutMs: -1 } })).toThrow(
      'route context: option "timeoutMs"',
    );
  });
});

describe('a failing identify', () => {
  const fails = () => Promise.reject(new Error('the session store is down'));

  test('is thrown inside the wrappers and never reaches the handler', async () => {
    const handler = jest.fn(() => new Response('ran'));
    const seen: unknown[] = [];
    const rendering =
      (inner: RouteHandler): RouteHandler =>
      async (request, args) => {
        try {
          return await inner(request, args);
        } catch (error) {
          seen.push(error, currentContext()?.requestId);
          return new Response(null, { status: 503 });
        }
      };
    const response = await call(compose(withContext({ identify: fails }), rendering)(handler));
    expect(response.status).toBe(503);
    expect(seen).toEqual([new Error('the session store is down'), response.headers.get('x-request-id')]);
    expect(handler).not.toHaveBeenCalled();
  });

  test('rejects where withContext stands alone', async () => {
    const handler = jest.fn(() => new Response('ran'));
    await expect(call(withContext({ identify: fails })(handler, undefined))).rejects.toThrow(
      'the session store is down',
    );
    expect(handler).not.toHaveBeenCalled();
  });

  test('a malformed identity fails too', async () => {
    const identify = () => ({ tenantId: 7 as never });
    await expect(call(withContext({ identify })(() => new Response(), undefined))).rejects.toThrow(
      '"tenantId"',
    );
  });
});

describe('the deadline', () => {
  test('answers for a handler that pays no heed to its signal, and lets go of its late response', async () => {
    const clock = manualClock();
    const route = compose(withContext({ timeoutMs: 50, clock }));
    const cancel = jest.fn<() => void>();
    let respondLate: (response: Response) => void = () => undefined;
    const started = new Promise<void>((resolve) => {
      const handler = () =>
        new Promise<Response>((late) => {
          respondLate = late;
          resolve();
        });
      void expect(call(route(handler))).rejects.toMatchObject({ code: 'UNITE_CONTEXT_DEADLINE_EXCEEDED' });
    });
    await started;
    await clock.advance(50);
    respondLate(new Response(new ReadableStream({ cancel })));
    await new Promise(setImmediate);
    expect(cancel).toHaveBeenCalledTimes(1);
  });

  test('a rejection after it goes nowhere', async () => {
    const clock = manualClock();
    let fail: (error: Error) => void = () => undefined;
    const handler = () =>
      new Promise<Response>((_resolve, reject) => {
        fail = reject;
      });
    const answer = call(compose(withContext({ timeoutMs: 50, clock }))(handler));
    const outcome = answer.catch((error: unknown) => error);
    await new Promise(setImmediate);
    await clock.advance(50);
    expect(ContextError.isInstance(await outcome)).toBe(true);
    fail(new Error('late')); // an unhandled rejection would end the test run
    await new Promise(setImmediate);
  });

  test('aborts the signal of the handler', async () => {
    const clock = manualClock();
    const handler = () =>
      new Promise<Response>((resolve) => {
        currentContext()?.signal?.addEventListener('abort', () => resolve(new Response('stopped')));
      });
    const outcome = call(compose(withContext({ timeoutMs: 50, clock }))(handler)).catch(
      (error: unknown) => error,
    );
    await new Promise(setImmediate);
    await clock.advance(50);
    expect(ContextError.isInstance(await outcome)).toBe(true);
  });

  test('a client that goes away aborts the signal, and the handler decides', async () => {
    const client = new AbortController();
    const handler = () =>
      new Promise<Response>((resolve) => {
        const signal = currentContext()?.signal;
        signal?.addEventListener('abort', () => resolve(new Response(String(signal.reason))));
      });
    const answer = call(compose(withContext({ timeoutMs: 50, clock: manualClock() }))(handler), {
      signal: client.signal,
    });
    await new Promise(setImmediate);
    client.abort('gone');
    expect(await (await answer).text()).toBe('gone');
  });
});

test('compose runs the wrappers in order, the first one outermost, with the options of the route', async () => {
  const order: string[] = [];
  const layer =
    (name: string) =>
    (inner: RouteHandler, options: { tag?: string } | undefined): RouteHandler =>
    async (request, args) => {
      order.push(`${name} ${options?.tag}`);
      return inner(request, args);
    };
  await call(compose(layer('a'), layer('b'))(() => new Response(), { tag: 'x' }));
  expect(order).toEqual(['a x', 'b x']);
  expect((await call(compose()(() => new Response('bare')))).status).toBe(200);
});

test.each([
  [undefined, 'undefined'],
  [{ contacts: [] }, 'an object'],
])('a handler that returns %p is told so inside the wrappers', async (returned, got) => {
  const handler = compose(withContext({ timeoutMs: 1_000 }))(() => returned as never);
  await expect(call(handler)).rejects.toThrow(`route: the handler must return a Response, got ${got}`);
});

test('compose refuses what is no wrapper, and a handler that is not there', () => {
  expect(() => compose(undefined as never)).toThrow(
    'compose: a wrapper must be what withContext(…) or its like returns, got undefined',
  );
  expect(() => compose(withContext())(undefined as never)).toThrow(
    'route: the handler must be a function, got undefined',
  );
});
