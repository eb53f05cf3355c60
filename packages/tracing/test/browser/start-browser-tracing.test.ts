import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { type BrowserTracing, type BrowserTracingOptions, startBrowserTracing } from '../../src/browser';
import { parseReport } from '../../src/browser/parse-report';
import { type FakePage, type FakePageOptions, fakePage } from './support/fake-page';

let page: FakePage;
let tracing: BrowserTracing | undefined;
afterEach(() => {
  tracing?.close();
  tracing = undefined;
  page.leave();
});

function start(options: BrowserTracingOptions = {}, like: FakePageOptions = {}): void {
  page = fakePage(like);
  tracing = startBrowserTracing(options);
}

const serverTrace = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };
const traceresponse = `00-${serverTrace.traceId}-${serverTrace.spanId}-01`;
const answer = (headers: Record<string, string> = { traceresponse }) =>
  page.fetch.mockResolvedValueOnce(new Response('done', { headers }));
/** The headers with which the page's own fetch was called last. */
const sentHeaders = () => new Headers(page.fetch.mock.lastCall?.[1]?.headers);
const sentSpans = async () => (await page.reports()).flatMap(({ spans }) => spans);

describe('a fetch', () => {
  test('tells its span, and learns the trace from the response', async () => {
    start();
    answer();
    const response = await page.window.fetch('/api/contacts/7?token=secret', {
      headers: { accept: 'text/plain' },
    });
    expect(await response.text()).toBe('done');
    const [, , spanId] = sentHeaders().get('traceparent')?.split('-') ?? [];
    expect(sentHeaders().get('traceparent')).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(sentHeaders().get('tracestate')).toBe('unite=browser');
    expect(sentHeaders().get('accept')).toBe('text/plain');

    jest.advanceTimersByTime(4_999);
    expect(await page.reports()).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(await page.reports()).toEqual([
      {
        dropped: 0,
        spans: [
          {
            traceId: serverTrace.traceId,
            spanId,
            kind: 'fetch',
            name: 'GET /api/contacts/7',
            startedAtMs: 1_800_000_000_000,
            durationMs: expect.any(Number),
            status: 200,
          },
        ],
      },
    ]);
  });

  test.each<[string, (window: Window) => Promise<Response>, string]>([
    ['a Request', (w) => w.fetch(new Request('https://crm.example/x', { method: 'PUT' })), 'PUT /teams/[id]'],
    ['a URL', (w) => w.fetch(new URL('https://crm.example/x'), { method: 'delete' }), 'DELETE /teams/[id]'],
  ])('of %s is named by the route that the server tells', async (_, call, name) => {
    start();
    answer({ 'server-timing': `db;dur=3, traceparent;desc="${traceresponse}", route;desc="/teams/[id]"` });
    await call(page.window);
    tracing?.close();
    expect(await sentSpans()).toMatchObject([{ name, traceId: serverTrace.traceId }, { kind: 'page' }]);
  });

  test.each<[string, string, RequestInit | undefined]>([
    ['elsewhere', 'https://other.example/x', undefined],
    ['of data', 'data:text/plain,x', undefined],
    ['of a blob', 'blob:https://crm.example/7', undefined],
    ['in a trace already', '/x', { headers: { traceparent: traceresponse } }],
    ['that nobody can send', 'https://', undefined],
  ])('%s goes as it is', async (_, input, init) => {
    start();
    answer();
    await page.window.fetch(input, init);
    expect(page.fetch.mock.lastCall).toEqual([input, init]);
    tracing?.close();
    expect(await sentSpans()).toMatchObject([{ kind: 'page' }]);
  });

  test('to an origin that is listed is traced', async () => {
    start({ origins: ['https://api.example'] });
    answer();
    await page.window.fetch('https://api.example/x');
    expect(sentHeaders().has('traceparent')).toBe(true);
  });

  test('of a server that tells no trace is discarded', async () => {
    start();
    answer({ traceresponse: 'nonsense' });
    await page.window.fetch('/x');
    tracing?.close();
    expect(await page.reports()).toMatchObject([{ dropped: 0, spans: [{ kind: 'page' }] }]);
  });

  test.each([
    [new TypeError('Failed to fetch'), 'TypeError'],
    [new DOMException('gone', 'AbortError'), 'AbortError'],
    ['text', 'Error'],
    [undefined, 'Error'],
  ])('that fails by %p becomes a child of the page', async (error, name) => {
    start();
    page.fetch.mockRejectedValueOnce(error);
    await expect(page.window.fetch('/x')).rejects.toBe(error);
    tracing?.close();
    const [failed, load] = await sentSpans();
    expect(failed).toMatchObject({ name: 'GET /x', error: name, traceId: page.trace.traceId });
    expect(failed?.parentSpanId).toBe(load?.spanId);
    expect(failed).not.toHaveProperty('status');
  });

  test('that fails on a page without a trace is dropped, and counted with the next', async () => {
    start({}, { tells: 'nothing' });
    page.fetch.mockRejectedValueOnce(new TypeError('Failed to fetch'));
    await expect(page.window.fetch('/x')).rejects.toThrow();
    answer();
    await page.window.fetch('/y');
    tracing?.close();
    expect(await page.reports()).toMatchObject([{ dropped: 1, spans: [{ name: 'GET /y' }] }]);
  });

  test('that answers with what is no response is not touched', async () => {
    start();
    const odd = { odd: true } as unknown as Response;
    page.fetch.mockResolvedValueOnce(odd);
    expect(await page.window.fetch('/x')).toBe(odd);
  });

  test('is left alone where it is not asked for, and after the end', async () => {
    start({ fetch: false });
    expect(page.window.fetch).toBe(page.fetch);
    tracing?.close();
    page.leave();

    start();
    const wrapped = page.window.fetch;
    const outer: typeof fetch = (...given) => wrapped(...given);
    page.window.fetch = outer;
    tracing?.close();
    expect(page.window.fetch).toBe(outer);
    answer();
    await page.window.fetch('/x');
    expect(page.fetch).toHaveBeenLastCalledWith('/x', undefined);
    page.leave();

    start();
    tracing?.close();
    expect(page.window.fetch).toBe(page.fetch);
  });
});

describe('the page', () => {
  test.each(['server-timing', 'meta'] as const)('is a child of the span that %s tells', async (tells) => {
    start({}, { tells });
    page.load();
    page.measure('paint', { name: 'first-paint', startTime: 80 });
    page.measure('paint', { name: 'first-contentful-paint', startTime: 90 });
    page.measure('largest-contentful-paint', { startTime: 95 });
    jest.advanceTimersByTime(4_999);
    page.measure('largest-contentful-paint', { startTime: 110 }, true);
    jest.advanceTimersByTime(5_001);
    expect(await page.reports()).toEqual([
      {
        dropped: 0,
        spans: [
          {
            traceId: page.trace.traceId,
            spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
            parentSpanId: page.trace.spanId,
            kind: 'page',
            name: 'page /contacts',
            startedAtMs: 1_799_999_999_000,
            durationMs: 120,
            vitals: { ttfbMs: 12.5, fcpMs: 90, lcpMs: 110 },
          },
        ],
      },
    ]);
  });

  test('that is hidden is told at once, and later what changed', async () => {
    start({}, { readyState: 'complete' });
    page.setVisible(false);
    const [load] = await sentSpans();
    expect(load).toMatchObject({ kind: 'page', vitals: { ttfbMs: 12.5 } });
    page.setVisible(true);
    page.setVisible(false);
    expect(await sentSpans()).toHaveLength(1);
    page.measure('first-input', { interactionId: 1, duration: 64 });
    page.measure('event', { interactionId: 2, duration: 48 });
    page.measure('event', { interactionId: 0, duration: 900 });
    page.setVisible(false);
    const [, changed, ...more] = await sentSpans();
    expect(more).toEqual([]);
    expect(changed).toMatchObject({
      kind: 'vitals',
      name: 'web vitals',
      parentSpanId: load?.spanId,
      durationMs: 0,
      vitals: { ttfbMs: 12.5, inpMs: 64 },
    });
    jest.advanceTimersByTime(60_000);
    expect(await sentSpans()).toHaveLength(2);
  });

  test('counts shifts of one burst together, and none after an input', async () => {
    start();
    const shift = (startTime: number, value: number, hadRecentInput = false) =>
      page.measure('layout-shift', { startTime, value, hadRecentInput });
    shift(2_000, 0.1);
    shift(2_900, 0.1);
    shift(2_950, 0.9, true);
    shift(4_000, 0.15);
    shift(4_900, 0.01);
    tracing?.close();
    expect((await sentSpans())[0]?.vitals?.cls).toBeCloseTo(0.2);
    page.leave();

    start();
    for (const at of Array(8).keys()) shift(2_000 + at * 900, 0.1);
    tracing?.close();
    expect((await sentSpans())[0]?.vitals?.cls).toBeCloseTo(0.6);
  });

  test('without vitals has none, and a browser that measures nothing is no trouble', async () => {
    start({ vitals: false });
    expect(page.observing()).toBe(0);
    page.load();
    tracing?.close();
    expect((await sentSpans())[0]).not.toHaveProperty('vitals');
    page.leave();

    start({}, { observes: [] });
    page.setVisible(false);
    expect((await sentSpans())[0]).toMatchObject({ vitals: { ttfbMs: 12.5 } });
  });

  test('of a server that tells no trace is not told', async () => {
    start({}, { tells: 'nothing' });
    page.load();
    tracing?.close();
    expect(await page.reports()).toEqual([]);
    expect(page.observing()).toBe(0);
  });
});

describe('what is sent', () => {
  const fetchTimes = async (times: number) => {
    for (const _ of Array(times)) {
      answer();
      await page.window.fetch('/x');
    }
  };

  test('is bounded, what is over is counted, and the server takes it', async () => {
    start({ maxQueued: 3 });
    await fetchTimes(5);
    tracing?.close();
    const [report, ...more] = await page.reports();
    expect(more).toEqual([]);
    expect(report).toMatchObject({ dropped: 3, spans: [{}, {}, {}] });
    expect(parseReport(report)).toEqual({
      ...report,
      spans: report?.spans.map((span) => expect.objectContaining(span)),
    });
  });

  test('has at most 50 spans a report', async () => {
    start({ maxQueued: 120 });
    await fetchTimes(119);
    tracing?.close();
    expect((await page.reports()).map(({ spans }) => spans.length)).toEqual([50, 50, 20]);
  });

  test.each(['refused', 'missing'] as const)('goes by fetch where a beacon is %s', async (beacon) => {
    start({ endpoint: '/spans', fetch: false }, { beacon });
    page.fetch.mockResolvedValueOnce(new Response(null, { status: 204 }));
    page.setVisible(false);
    const [url, init] = page.fetch.mock.lastCall ?? [];
    expect([url, init]).toMatchObject(['/spans', { method: 'POST', keepalive: true }]);
    page.noteFetch(init);
    expect(await sentSpans()).toMatchObject([{ kind: 'page' }]);
  });

  test.each([
    ['the network is down', () => page.fetch.mockRejectedValueOnce(new TypeError('Failed to fetch'))],
    ['the server refuses', () => page.fetch.mockResolvedValueOnce(new Response(null, { status: 429 }))],
  ])('is counted as dropped when %s', async (_, fail) => {
    start({}, { beacon: 'missing' });
    fail();
    page.setVisible(false);
    await jest.advanceTimersByTimeAsync(0);
    answer();
    await page.window.fetch('/x');
    page.fetch.mockResolvedValueOnce(new Response(null, { status: 204 }));
    tracing?.close();
    page.noteFetch(page.fetch.mock.lastCall?.[1]);
    expect(await page.reports()).toMatchObject([{ dropped: 1, spans: [{ kind: 'fetch' }] }]);
  });
});

test('is started once in a page, and again after its end', () => {
  start();
  const wrapped = page.window.fetch;
  expect(startBrowserTracing()).toBe(tracing);
  expect(page.window.fetch).toBe(wrapped);
  tracing?.close();
  const again = startBrowserTracing();
  expect(again).not.toBe(tracing);
  again.close();
});

test('does nothing on a server', () => {
  page = fakePage();
  page.leave();
  expect(() => startBrowserTracing().close()).not.toThrow();
});
