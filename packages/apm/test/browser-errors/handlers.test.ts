import { expect, jest, test } from '@jest/globals';
import { manualClock } from '@unite/shared/testing';
import {
  browserErrorsHandler,
  browserMetrics,
  browserVitalsHandler,
  feedbackHandler,
} from '../../src/browser-errors';
import type { CaptureOptions } from '../../src/capture/capture-types';

const captureError = jest.fn<(error: unknown, options?: CaptureOptions) => string>(() => 'id');
const record = jest.fn<(name: string, value: number, labels?: object) => void>();
const feedback = jest.fn<(said: object) => boolean>(() => true);
const routes = () => [{ route: 'GET /contacts/[id]', requests: 1, errors: 0, p50Ms: 1, p95Ms: 1, p99Ms: 1 }];
const post = (value: unknown) =>
  new Request('http://x/', {
    method: 'POST',
    body: typeof value === 'string' ? value : JSON.stringify(value),
  });

test('stacks of all browsers become one form', async () => {
  const POST = browserErrorsHandler({ captureError, routes });
  const stack =
    'load@https://x/a.js:1:2\nhttps://x/b.js:3:4\n@https://x/c.js:5:6\nnoise\n    at d (https://x/d.js:7:8)';
  const report = {
    name: 'TypeError',
    message: 'x',
    stack,
    route: '/contacts/[id]',
    path: '/a?token=1',
    traceId: 'no',
  };
  const response = await POST(post(report));
  expect([response.status, response.headers.get('cache-control'), await response.text()]).toEqual([
    204,
    'no-store',
    '',
  ]);
  const [error, options] = captureError.mock.calls[0] ?? [];
  expect((error as Error).stack).toBe(
    'TypeError: x\n    at load (https://x/a.js:1:2)\n    at https://x/b.js:3:4\n    at https://x/c.js:5:6\n    at d (https://x/d.js:7:8)',
  );
  expect(options).toEqual({
    kind: 'browser',
    isHandled: false,
    tags: { pageRoute: '/contacts/[id]' },
    extra: { path: '/a' },
  });
});

test('routes that the server has not served are one', async () => {
  const POST = browserErrorsHandler({ captureError, routes });
  captureError.mockClear();
  for (const route of ['GET /contacts/[id]', '/x', 7]) await POST(post({ message: 'x', route }));
  expect(captureError.mock.calls.map(([, options]) => options?.tags?.pageRoute)).toEqual([
    '/contacts/[id]',
    'unmatched',
    'unmatched',
  ]);
});

test.each([
  ['/contacts/7', '/contacts/[id]'],
  ['/contacts/new', '/contacts/new'],
  ['/contacts/7/', '/contacts/[id]'],
  ['/contacts', 'unmatched'],
  ['/docs', '/docs/[[...rest]]'],
  ['/docs/a/b', '/docs/[[...rest]]'],
  ['/files/a/b?x=1', '/files/[...path]'],
  ['/files', 'unmatched'],
  ['/users/1/edit', '/users/:id/edit'],
  [`/files${'/x'.repeat(100)}`, 'unmatched'],
  ['contacts/7', 'unmatched'],
  [7, 'unmatched'],
])('a page that sends the path %p is one of %s', async (path, route) => {
  const templates = ['/files/[...path]', '/docs/[[...rest]]', '/users/:id/edit', '/contacts/new', 'nonsense'];
  const POST = browserVitalsHandler({ record, routes }, { routes: templates });
  record.mockClear();
  await POST(post({ path, values: { LCP: 1_000 } }));
  expect(record).toHaveBeenCalledWith('browser_lcp_seconds', 1, { route });
});

test('routes are read again for one that is not known, once a second at most', async () => {
  const clock = manualClock();
  let served = routes();
  const read = jest.fn(() => served);
  const POST = browserErrorsHandler({ captureError, routes: read }, { clock });
  captureError.mockClear();
  const send = (route: string) => POST(post({ message: 'x', route }));
  await send('/contacts/[id]');
  served = [...served, ...routes().map((one) => ({ ...one, route: 'GET /new' }))];
  await send('/new');
  await clock.advance(1_000);
  await send('/new');
  for (const _ of Array(20)) await send('/none');
  await send('/new');
  const seen = captureError.mock.calls.map(([, options]) => options?.tags?.pageRoute);
  expect(seen.slice(0, 3)).toEqual(['/contacts/[id]', 'unmatched', '/new']);
  expect(seen.at(-1)).toBe('/new');
  expect(read).toHaveBeenCalledTimes(2);
});

test('a body that does not end is given up after ten seconds, also where its source does not let go', async () => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance'] });
  const POST = feedbackHandler({ feedback });
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(Buffer.from('{"message":')),
    cancel: () => new Promise<void>(() => {}),
  });
  const answered = POST(new Request('http://x/', { method: 'POST', body, duplex: 'half' } as RequestInit));
  await jest.advanceTimersByTimeAsync(10_000);
  expect((await answered).status).toBe(408);
  jest.useRealTimers();
});

test('vitals are metrics that are declared', async () => {
  const POST = browserVitalsHandler({ record, routes });
  record.mockClear();
  const values = { LCP: 1_200, FCP: 800, TTFB: 50, INP: 120, CLS: 0.1, other: 1 };
  expect((await POST(post({ route: '/contacts/[id]', values }))).status).toBe(204);
  const labels = { route: '/contacts/[id]' };
  expect(record.mock.calls).toEqual([
    ['browser_lcp_seconds', 1.2, labels],
    ['browser_fcp_seconds', 0.8, labels],
    ['browser_ttfb_seconds', 0.05, labels],
    ['browser_inp_seconds', 0.12, labels],
    ['browser_cls', 0.1, labels],
  ]);
  expect(record.mock.calls.map(([name]) => name).sort()).toEqual(Object.keys(browserMetrics).sort());
});

test.each<[string, unknown, number]>([
  ['no JSON', '{', 400],
  ['nothing', '', 400],
  ['null', null, 400],
  ['a text', '"x"', 400],
  ['no message', { stack: 'x' }, 400],
  ['a message that is none', { message: { toString: 1 } }, 400],
  ['an empty message', { message: '' }, 400],
  ['no values', { values: null }, 400],
  ['bad values', { values: { LCP: -1, CLS: 1e9, INP: 'x', FCP: null } }, 400],
  ['too much', { message: 'x'.repeat(20_000) }, 413],
])('%s is refused by each', async (_, value, code) => {
  for (const spy of [captureError, record, feedback]) spy.mockClear();
  const handlers = [
    browserErrorsHandler({ captureError, routes }),
    browserVitalsHandler({ record, routes }),
    feedbackHandler({ feedback }),
  ];
  for (const POST of handlers) expect((await POST(post(value))).status).toBe(code);
  for (const spy of [captureError, record, feedback]) expect(spy).not.toHaveBeenCalled();
});

test('feedback is cut, and its event id checked', async () => {
  const POST = feedbackHandler({ feedback });
  await POST(
    post({ message: 'x'.repeat(5_000), name: 'Ada', email: 'ada@example.com', eventId: '../x', url: 7 }),
  );
  expect(feedback).toHaveBeenCalledWith({
    message: 'x'.repeat(4_000),
    name: 'Ada',
    email: 'ada@example.com',
  });
});

test('a flood is refused, and let through again after a while', async () => {
  const clock = manualClock();
  const POST = feedbackHandler({ feedback }, { clock, maxPerSecond: 2 });
  const codes = async () => {
    const answers = await Promise.all([1, 2, 3].map(() => POST(post({ message: 'x' }))));
    return answers.map(({ status }) => status);
  };
  expect(await codes()).toEqual([204, 204, 429]);
  await clock.advance(500);
  expect(await codes()).toEqual([204, 429, 429]);
});
