import { describe, expect, test } from '@jest/globals';
import { compose, withContext } from '@unite/core/next';
import { captureRequestError, withApm } from '../../src/next';
import { observing } from '../support/observing';

const args = { params: Promise.resolve({ id: '7' }) };
const request = (method = 'GET') => new Request('https://crm.example/api/contacts/7', { method });

describe('withApm', () => {
  test('observes a route until its body has been read', async () => {
    const apm = observing();
    const GET = compose(withContext({}), withApm(apm))(() => new Response('done', { status: 201 }));
    const response = await GET(request(), args);
    expect(apm.finished).toEqual([]);
    expect(response.headers.get('server-timing')).toBe('app;dur=0.0');
    expect(await response.text()).toBe('done');
    expect(apm.finished).toMatchObject([{ route: 'GET /api/contacts/[id]', status: 201 }]);
  });

  test('an answer to HEAD ends at once, and what steers Next.js is not recorded', async () => {
    const apm = observing();
    await withApm(apm)(() => new Response('done'), undefined)(request('HEAD'), args);
    const steered = withApm(apm)(() => {
      throw Object.assign(new Error(), { digest: 'DYNAMIC_SERVER_USAGE' });
    }, undefined);
    await expect(steered(request(), args)).rejects.toThrow();
    expect(apm.finished).toMatchObject([{ route: 'HEAD unmatched', status: 200 }]);
  });

  test('a stream of events ends for it when it begins', async () => {
    const apm = observing();
    const GET = withApm(apm)(
      () => new Response(new ReadableStream(), { headers: { 'content-type': 'text/event-stream' } }),
      undefined,
    );
    await GET(request(), args);
    expect(apm.finished).toMatchObject([{ status: 200 }]);
  });

  test('captures what is thrown, and throws it on', async () => {
    const apm = observing();
    const bug = new Error('bug');
    const GET = withApm(apm)(() => {
      throw bug;
    }, undefined);
    await expect(GET(request(), args)).rejects.toBe(bug);
    expect(apm.captured).toEqual([bug]);
    expect(apm.finished).toMatchObject([{ status: 500, isError: true }]);
  });

  test('adds its timing to a response whose headers cannot be changed', async () => {
    const apm = observing();
    const GET = withApm(apm)(() => Response.redirect('https://crm.example/login', 303), undefined);
    const response = await GET(request(), args);
    expect([response.status, response.headers.get('location')]).toEqual([303, 'https://crm.example/login']);
    expect(response.headers.get('server-timing')).toBe('app;dur=0.0');
  });

  test('a body that breaks is a failure, and one that is not read on was aborted', async () => {
    const apm = observing();
    const broken = new Error('broke');
    const bodies = [
      new ReadableStream({ pull: (controller) => controller.error(broken) }),
      new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1)) }),
    ];
    const GET = withApm(apm)(() => new Response(bodies.shift()), undefined);
    await expect((await GET(request(), args)).text()).rejects.toBe(broken);
    await (await GET(request(), args)).body?.cancel();
    expect(apm.captured).toEqual([broken]);
    expect(apm.finished).toMatchObject([
      { status: 500, isError: true },
      { status: 200, isAborted: true },
    ]);
  });

  test('a handler that returns no response is named', async () => {
    const apm = observing();
    const GET = withApm(apm)((() => undefined) as never, undefined);
    await expect(GET(request(), args)).rejects.toThrow(
      'withApm: a handler must return a Response, got undefined',
    );
    expect(apm.finished).toMatchObject([{ status: 500 }]);
  });

  test('leaves a route alone that says so', async () => {
    const apm = observing();
    const handler = () => new Response();
    expect(withApm(apm)(handler, { apm: false })).toBe(handler);
  });

  test('names what it was given instead of an apm', () => {
    expect(() => withApm({} as never)).toThrow(
      'withApm: option "apm" must be what startApm returns, got an object',
    );
  });
});

test('captureRequestError hands on what Next.js tells of a page, by its template', () => {
  const told: unknown[] = [];
  const capture = captureRequestError({ captureError: (...call) => void told.push(call) });
  const bug = Object.assign(new Error('bug'), { digest: '42' });
  const refused = Object.assign(new Error(), { [Symbol.for('unite.problem')]: { status: 404 } });
  capture(refused, { method: 'GET' }, { routePath: '/contacts/[id]' });
  capture(Object.assign(new Error(), { digest: 'NEXT_NOT_FOUND' }), { method: 'GET' }, {});
  capture(
    bug,
    { method: 'GET' },
    { routerKind: 'App Router', routePath: '/contacts/[id]', routeType: 'render' },
  );
  capture('no error', { method: 'POST' }, {});
  capture('no error', undefined as never, undefined as never);
  expect(told).toEqual([
    [
      bug,
      {
        kind: 'request',
        route: 'GET /contacts/[id]',
        tags: { 'next.route_type': 'render', 'next.router': 'App Router', 'next.digest': '42' },
      },
    ],
    ['no error', { kind: 'request', tags: {} }],
    ['no error', { kind: 'request', tags: {} }],
  ]);
});
