import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { manualClock } from '@unite/shared/testing';
import express5 from 'express';
import fc from 'fast-check';
import { parseReport } from '../../src/browser/parse-report';
import type { BrowserSpan } from '../../src/browser/report-types';
import { TracingError } from '../../src/errors';
import { browserSpansMiddleware } from '../../src/express';
import { browserSpansHandler } from '../../src/next';
import { type TracedProcess, tracedProcess } from '../support/traced-process';

const express4 = require('express-4') as typeof express5;
const nowMs = 1_800_000_000_000;
const ids = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };
const span: BrowserSpan = {
  ...ids,
  kind: 'fetch',
  name: 'GET /api/contacts',
  startedAtMs: nowMs - 50.25,
  durationMs: 40.5,
  status: 200,
};
const json = { 'content-type': 'application/json' };

let process: TracedProcess;
beforeEach(() => {
  process = tracedProcess();
});

interface Answer {
  readonly status: number;
  readonly problem: { readonly title?: string; readonly detail?: string; readonly type?: string } | undefined;
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const isProblem = response.headers.get('content-type') === 'application/problem+json';
  expect(isProblem).toBe(text !== '');
  expect(response.headers.get('cache-control')).toBe('no-store');
  return { status: response.status, problem: isProblem ? JSON.parse(text) : undefined };
}

describe.each<[string, (body: BodyInit | null, headers?: Record<string, string>) => Promise<Answer>]>([
  [
    'next',
    async (body, headers = json) => {
      const POST = browserSpansHandler(process, { clock: manualClock(nowMs) });
      const init = { method: 'POST', body, headers, duplex: 'half' };
      return answerOf(await POST(new Request('http://localhost/api/browser-spans', init)));
    },
  ],
  ...[express5, express4].map(
    (express): [string, (body: BodyInit | null, headers?: Record<string, string>) => Promise<Answer>] => [
      express === express5 ? 'express 5' : 'express 4',
      async (body, headers = json) => {
        const app = express();
        app.post('/spans', browserSpansMiddleware(process, { clock: manualClock(nowMs) }));
        const server = app.listen(0, '127.0.0.1');
        await once(server, 'listening');
        const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/spans`;
        try {
          return await answerOf(
            await fetch(url, { method: 'POST', body, headers, duplex: 'half' } as RequestInit),
          );
        } finally {
          server.close();
          server.closeAllConnections();
        }
      },
    ],
  ),
])('%s', (_, post) => {
  test('spans become spans of the pages of the service', async () => {
    const vitals = { ttfbMs: 12, lcpMs: 300.5, cls: 0.02 };
    const page = {
      ...span,
      kind: 'page',
      name: 'page /contacts',
      parentSpanId: 'a'.repeat(16),
      status: undefined,
    };
    const report = JSON.stringify({ dropped: 3, spans: [span, { ...page, vitals }] });
    expect(await post(report, { 'content-type': 'application/json; charset=utf-8' })).toEqual({
      status: 204,
    });

    const fetched = process.span('GET /api/contacts');
    expect(fetched.spanContext()).toEqual({ ...ids, traceFlags: 1 });
    expect(fetched).toMatchObject({
      kind: SpanKind.CLIENT,
      status: { code: SpanStatusCode.UNSET },
      startTime: [1_799_999_999, 949_750_000],
      duration: [0, 40_500_000],
      endTime: [1_799_999_999, 990_250_000],
      ended: true,
      attributes: {
        'http.request.method': 'GET',
        'http.response.status_code': 200,
        'unite.browser.dropped_spans': 3,
      },
      instrumentationScope: { name: '@unite/tracing/browser' },
    });
    expect(fetched).not.toHaveProperty('parentSpanContext');
    const { resource } = fetched;
    expect(resource.attributes).toEqual({ 'service.name': 'crm-browser', 'telemetry.sdk.language': 'webjs' });
    expect(resource.getRawAttributes()).toEqual(Object.entries(resource.attributes));
    expect(resource.merge(null)).toBe(resource);

    const loaded = process.span('page /contacts');
    expect(loaded).toMatchObject({ kind: SpanKind.INTERNAL, parentSpanContext: { spanId: 'a'.repeat(16) } });
    expect(loaded.attributes).toEqual({
      'unite.web_vital.ttfb_ms': 12,
      'unite.web_vital.lcp_ms': 300.5,
      'unite.web_vital.cls': 0.02,
    });
  });

  test.each<[string, Partial<BrowserSpan>, SpanStatusCode, string | undefined]>([
    ['no network', { status: undefined, error: 'TypeError' }, SpanStatusCode.ERROR, 'TypeError'],
    ['given up', { status: undefined, error: 'AbortError' }, SpanStatusCode.UNSET, 'AbortError'],
    ['refused', { status: 404 }, SpanStatusCode.ERROR, '404'],
  ])('a request that came to nothing: %s', async (_, members, code, type) => {
    await post(JSON.stringify({ spans: [{ ...span, ...members, name: 'SPY /x' }] }));
    const { status, attributes } = process.span('SPY /x');
    expect([status.code, attributes['error.type']]).toEqual([code, type]);
    expect(attributes['http.request.method']).toBe('_OTHER');
  });

  test('a clock that is off is held within ten minutes', async () => {
    const spans = [
      { ...span, name: 'GET /early', startedAtMs: 0, durationMs: 86_400_000 },
      { ...span, name: 'GET /late', startedAtMs: 1e300 },
    ];
    await post(JSON.stringify({ spans }));
    const seconds = nowMs / 1_000;
    expect(process.span('GET /early')).toMatchObject({
      startTime: [seconds - 600, 0],
      endTime: [seconds + 600, 0],
    });
    expect(process.span('GET /late')).toMatchObject({ startTime: [seconds + 600, 0], duration: [0, 0] });
  });

  test.each<[string, string, string]>([
    ['half of it', '{', 'The report is no JSON'],
    ['nothing', '', 'The report is no JSON'],
    ['null', 'null', 'the report must be an object, got null'],
    ['a list', '[]', 'the report must be an object, got an array'],
    ['no spans', '{}', 'spans must be a list of at most 50 spans, got undefined'],
    [
      'too many',
      `{"spans":[${Array(51).fill(0)}]}`,
      'spans must be a list of at most 50 spans, got an array',
    ],
    ['a number for a span', '{"spans":[7]}', 'spans[0] must be an object, got 7'],
    [
      'fewer than none dropped',
      '{"spans":[],"dropped":-1}',
      'dropped must be a whole number of spans, got -1',
    ],
    ['an empty span', '{"spans":[{}]}', 'spans[0].traceId must be 32 lower-case hex digits, got undefined'],
  ])('no report: %s', async (_, body, detail) => {
    expect(await post(body)).toEqual({
      status: 400,
      problem: {
        type: 'about:blank',
        title: 'Bad Request',
        status: 400,
        detail,
        code: 'UNITE_TRACING_REPORT_INVALID',
      },
    });
    expect(process.spans()).toEqual([]);
  });

  test('bytes that are no text', async () => {
    expect((await post(new Uint8Array([0x22, 0xff, 0x22]))).problem?.detail).toBe('The report is no JSON');
  });

  test.each([{ 'content-type': 'text/plain' }, { 'content-type': 'application/jsonp' }])(
    '%j',
    async (headers) => {
      const { status, problem } = await post(JSON.stringify({ spans: [span] }), headers);
      expect([status, problem?.detail]).toEqual([415, 'A report is application/json']);
    },
  );

  test('over 32 kB, told before or not', async () => {
    const long = ' '.repeat(32_769);
    const stream = () => new Blob([long, long]).stream() as ReadableStream<Uint8Array>;
    for (const body of [long, stream()]) {
      const { status, problem } = await post(body);
      expect([status, problem?.detail]).toEqual([413, 'A report has at most 32768 bytes']);
    }
    expect((await post(JSON.stringify({ spans: [span] }).padEnd(32_768))).status).toBe(204);
  });
});

describe('in Express', () => {
  let server: Server;
  afterEach(() => void server.close());

  test.each([
    ['JSON', express5.json()],
    ['text', express5.text({ type: '*/*' })],
    ['bytes', express5.raw({ type: '*/*' })],
  ])('a body that was parsed before, as %s', async (_, parser) => {
    const app = express5().use(parser).post('/', browserSpansMiddleware(process));
    server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const report = JSON.stringify({ spans: [span] });
    expect((await fetch(url, { method: 'POST', body: report, headers: json })).status).toBe(204);
    expect(process.spans()).toHaveLength(1);
  });

  test('a client that goes away while it sends', async () => {
    let done = () => {};
    const settled = new Promise<void>((resolve) => {
      done = resolve;
    });
    const middleware = browserSpansMiddleware(process);
    server = createServer(async (request, response) => {
      const ended = once(response, 'close');
      await middleware(request, response, () => {});
      await ended;
      done();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.write(
      'POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{',
    );
    await once(server, 'request');
    socket.destroy();
    await settled;
    expect(process.spans()).toEqual([]);
  });
});

describe('a report', () => {
  const rejected = (members: object) => {
    try {
      parseReport({ spans: [{ ...span, ...members }] });
    } catch (error) {
      expect(TracingError.isInstance(error) && error.code).toBe('UNITE_TRACING_REPORT_INVALID');
      return (error as Error).message;
    }
    return undefined;
  };

  test.each<[Record<string, unknown>, string]>([
    [{ traceId: '0'.repeat(32) }, 'spans[0].traceId must be 32 lower-case hex digits'],
    [{ spanId: ids.spanId.toUpperCase() }, 'spans[0].spanId must be 16 lower-case hex digits'],
    [{ parentSpanId: null }, 'spans[0].parentSpanId must be 16 lower-case hex digits, got null'],
    [{ kind: 'server' }, 'spans[0].kind must be "page", "fetch" or "vitals", got "server"'],
    [{ name: '' }, 'spans[0].name must be a printable text of 1 to 256 characters'],
    [{ name: 'a\nb' }, 'spans[0].name'],
    [{ name: 'a'.repeat(257) }, 'spans[0].name'],
    [{ startedAtMs: '1' }, 'spans[0].startedAtMs must be milliseconds since the epoch, got "1"'],
    [{ startedAtMs: Number.NaN }, 'spans[0].startedAtMs'],
    [{ durationMs: -1 }, 'spans[0].durationMs must be a number from 0 to 86400000, got -1'],
    [{ durationMs: Infinity }, 'spans[0].durationMs'],
    [{ status: 1.5 }, 'spans[0].status must be an HTTP status, got 1.5'],
    [{ status: 1_000 }, 'spans[0].status'],
    [{ error: '<script>' }, 'spans[0].error must be the name of an error'],
    [{ vitals: [] }, 'spans[0].vitals must be an object, got an array'],
    [{ vitals: { cls: '1' } }, 'spans[0].vitals.cls must be a number from 0 to 86400000, got "1"'],
  ])('with %# is refused', (members, message) => {
    expect(rejected(members)).toContain(message);
  });

  test('keeps nothing that does not belong there', () => {
    const report = { spans: [{ ...span, evil: 1, vitals: { cls: 0, evil: 1 } }], dropped: 2, evil: 1 };
    expect(parseReport(report)).toEqual({ spans: [{ ...span, vitals: { cls: 0 } }], dropped: 2 });
  });

  test('of any shape is taken or refused by code', () => {
    const members = fc.record(
      Object.fromEntries(
        Object.keys(span).map((name) => [name, fc.oneof(fc.anything(), fc.constant(span[name as 'name']))]),
      ),
    );
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.record({ spans: fc.array(members) })), (report) => {
        try {
          expect(parseReport(report).spans.length).toBeLessThanOrEqual(50);
        } catch (error) {
          expect(TracingError.isInstance(error)).toBe(true);
        }
      }),
    );
  });
});

test('options are checked', () => {
  expect(() => browserSpansHandler({} as never)).toThrow(
    'browserSpansHandler: option "tracing" must be what startTracing returned, got an object',
  );
  expect(() => browserSpansMiddleware(process, { limit: 1 } as never)).toThrow('unknown option "limit"');
});
