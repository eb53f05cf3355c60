import { EventEmitter, once } from 'node:events';
import { createServer, get, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { currentContext } from '@unite/core/context';
import { contextMiddleware } from '@unite/core/express';
import express5, { type Application, type ErrorRequestHandler } from 'express';
import { tracingErrorMiddleware, tracingMiddleware } from '../../src/express';
import { mark, type TracedProcess, tracedProcess } from '../support/traced-process';

const express4 = require('express-4') as typeof express5;
const parent = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };
const traceparent = `00-${parent.traceId}-${parent.spanId}-01`;

let process: TracedProcess;
let server: Server;
let url: string;
beforeEach(() => {
  process = tracedProcess();
});
afterEach(async () => {
  const closed = once(server.close(), 'close');
  // What a client keeps open would be waited for, some seconds.
  server.closeAllConnections();
  await closed;
});

async function listen(handler: Parameters<typeof createServer>[1]): Promise<void> {
  server = createServer(handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const ended = (name: string) => process.ended(name);

describe.each([
  ['5', express5],
  ['4', express4],
])('Express %s', (_, express) => {
  let app: Application;
  beforeEach(async () => {
    app = express();
    app.set('env', 'test');
    await listen(app);
  });

  test('names the span by its route, and says what the request was', async () => {
    app.use(contextMiddleware({ identify: () => ({ tenantId: 'acme', plan: 'pro' }) }));
    app.use(tracingMiddleware(process));
    const teams = express.Router();
    let seen: string | undefined;
    teams.get('/members/:id', (_request, response) => {
      seen = currentContext()?.traceId;
      mark(process, 'query');
      response.send('done');
    });
    app.use('/teams/:team', teams);
    const headers = { traceparent, 'x-request-id': 'request-1', 'user-agent': 'a'.repeat(300) };
    const response = await fetch(`${url}/teams/7/members/8?token=secret`, { headers });

    const span = await ended('GET /teams/:team/members/:id');
    const { traceId, spanId } = span.spanContext();
    expect(span).toMatchObject({ kind: SpanKind.SERVER, status: { code: SpanStatusCode.UNSET } });
    expect(span.parentSpanContext).toBeUndefined();
    expect(span.links).toMatchObject([{ context: parent }]);
    expect(span.attributes).toEqual({
      'http.request.method': 'GET',
      'http.response.status_code': 200,
      'http.route': '/teams/:team/members/:id',
      'server.address': '127.0.0.1',
      'server.port': Number(new URL(url).port),
      'unite.plan': 'pro',
      'unite.request_id': 'request-1',
      'unite.tenant_id': 'acme',
      'url.path': '/teams/7/members/8',
      'url.scheme': 'http',
      'user_agent.original': 'a'.repeat(256),
    });
    expect(process.span('query').parentSpanContext?.spanId).toBe(spanId);
    expect(seen).toBe(traceId);
    expect(response.headers.get('traceresponse')).toBe(`00-${traceId}-${spanId}-01`);
    expect(response.headers.get('server-timing')).toBe(
      `traceparent;desc="00-${traceId}-${spanId}-01", route;desc="/teams/:team/members/:id"`,
    );
  });

  test('knows a route without the context of core', async () => {
    app.use(tracingMiddleware({ tracing: process }));
    const api = express.Router();
    api.get('/', (_request, response) => void response.send('done'));
    app.use('/api', api);
    app.get('/', (_request, response) => void response.send('done'));
    await fetch(`${url}/api/`);
    await fetch(url);
    expect((await ended('GET /api')).attributes).not.toHaveProperty('unite.request_id');
    expect((await ended('GET /')).attributes['http.route']).toBe('/');
  });

  test('a path that no route has gives no name', async () => {
    app.use(tracingMiddleware(process));
    await fetch(`${url}/wp-admin/7`, { method: 'PROPFIND' });
    const span = await ended('HTTP');
    expect(span.status.code).toBe(SpanStatusCode.UNSET);
    expect(span.attributes).toMatchObject({
      'http.request.method': '_OTHER',
      'http.request.method_original': 'PROPFIND',
      'http.response.status_code': 404,
    });
  });

  test('Server-Timing is added to what a handler says', async () => {
    app.use(tracingMiddleware(process));
    app.get('/x', (_request, response) => void response.set('Server-Timing', 'db;dur=3').send('done'));
    const header = (await fetch(`${url}/x`)).headers.get('server-timing');
    expect(header).toMatch(
      /^db;dur=3, traceparent;desc="00-[0-9a-f]{32}-[0-9a-f]{16}-01", route;desc="\/x"$/,
    );
  });

  test('twice on the way is one span, told once', async () => {
    app.use(tracingMiddleware(process));
    app.get('/x', tracingMiddleware(process), (_request, response) => void response.send('done'));
    const header = (await fetch(`${url}/x`)).headers.get('server-timing');
    expect(header?.match(/traceparent/g)).toHaveLength(1);
    await ended('GET /x');
    expect(process.spans()).toHaveLength(1);
  });

  test('a failure is an error, with what was thrown', async () => {
    app.use(tracingMiddleware(process));
    app.get('/error', () => {
      throw new TypeError('no such lead');
    });
    app.get('/text', (_request, _response, next) => next('text'));
    app.use(tracingErrorMiddleware());
    app.use(((_error, _request, response, _next) => void response.status(503).end()) as ErrorRequestHandler);
    await fetch(`${url}/error`);
    await fetch(`${url}/text`);
    const span = await ended('GET /error');
    expect(span.status.code).toBe(SpanStatusCode.ERROR);
    expect(span.attributes).toMatchObject({ 'error.type': '503', 'http.response.status_code': 503 });
    expect(span.events).toMatchObject([
      {
        name: 'exception',
        attributes: { 'exception.type': 'TypeError', 'exception.message': 'no such lead' },
      },
    ]);
    expect((await ended('GET /text')).events).toMatchObject([
      { attributes: { 'exception.message': 'thrown: "text"' } },
    ]);
  });

  test('a client that goes away is noted, and no failure', async () => {
    app.use(tracingMiddleware(process));
    app.get('/slow', (_request, response) => void response.write('begun'));
    const request = get(`${url}/slow`).on('error', () => {});
    request.on('response', () => request.destroy());
    const span = await ended('GET /slow');
    expect(span.status.code).toBe(SpanStatusCode.UNSET);
    expect(span.attributes).toMatchObject({ 'unite.client_gone': true, 'http.response.status_code': 200 });
  });

  test('a client that goes before the answer has no status', async () => {
    app.use(tracingMiddleware(process));
    const request = get(`${url}/never`).on('error', () => {});
    app.get('/never', () => void request.destroy());
    expect((await ended('GET /never')).attributes).not.toHaveProperty('http.response.status_code');
  });

  test('what is skipped has no span', async () => {
    const { tracer, propagation } = process;
    app.use(tracingMiddleware({ tracing: { tracer, propagation }, skip: ({ url }) => url === '/health' }));
    app.get('/health', (_request, response) => void response.send('well'));
    expect((await fetch(`${url}/health`)).headers.has('traceresponse')).toBe(false);
    await fetch(`${url}/other`);
    await ended('GET');
    expect(process.spans()).toHaveLength(1);
  });

  test('100 requests at once: every span is below its own, through timers, streams, emitters and the body', async () => {
    app.use(contextMiddleware());
    app.use(tracingMiddleware(process));
    const bus = new EventEmitter().setMaxListeners(0);
    app.post('/tasks/:id', (request, response) => {
      const { id } = request.params;
      const at = (place: string) => mark(process, `${id} ${place}`);
      at('handler');
      let body = '';
      request.on('data', (chunk) => {
        body += String(chunk);
      });
      request.on('end', () => {
        at('body');
        setTimeout(async () => {
          at('timer');
          const stream = new PassThrough();
          stream.on('data', () => at('stream'));
          stream.end('x');
          await once(stream, 'end');
          at('after stream');
          bus.once(`go ${id}`, () => at('emitter'));
          bus.emit(`go ${id}`);
          response.on('finish', () => at('finish'));
          response.send(body);
        }, Math.random() * 10);
      });
    });
    const ids = Array.from({ length: 100 }, (_, id) => `${id}`);
    const responses = await Promise.all(
      ids.map(async (id) => {
        const response = await fetch(`${url}/tasks/${id}`, { method: 'POST', body: id });
        return {
          id,
          spanId: response.headers.get('traceresponse')?.split('-')[2],
          body: await response.text(),
        };
      }),
    );
    for (const { id, spanId, body } of responses) {
      expect(body).toBe(id);
      for (const place of ['handler', 'body', 'timer', 'stream', 'after stream', 'emitter', 'finish']) {
        expect([id, place, process.span(`${id} ${place}`).parentSpanContext?.spanId]).toEqual([
          id,
          place,
          spanId,
        ]);
      }
    }
  });
});

describe('plain connect', () => {
  test('takes over the span of an instrumentation of node:http, and lets it end that', async () => {
    const middleware = tracingMiddleware(process);
    let end = () => {};
    await listen((request, response) =>
      process.inServerSpan('from elsewhere', (span) => {
        end = () => span.end();
        const inner = process.tracer.startSpan('inner');
        context.with(trace.setSpan(context.active(), inner), () =>
          middleware(request, response, () => response.writeHead(500).end('failed')),
        );
        inner.end();
      }),
    );
    const response = await fetch(url);
    await response.text();
    while (process.spans().length < 1) await new Promise(setImmediate);
    await new Promise(setImmediate);
    expect(process.spans().map(({ name }) => name)).toEqual(['inner']);
    end();
    const span = process.span('from elsewhere');
    expect(span.attributes).toMatchObject({
      'error.type': '500',
      'http.response.status_code': 500,
      'url.path': '/',
    });
    expect(response.headers.get('traceresponse')).toContain(span.spanContext().spanId);
  });

  test('a span that has ended before its response is left alone', async () => {
    const middleware = tracingMiddleware(process);
    await listen((request, response) =>
      process.inServerSpan('short', (span) =>
        middleware(request, response, () => {
          span.end();
          response.writeHead(500).end();
        }),
      ),
    );
    await fetch(url);
    expect(process.span('short').attributes).not.toHaveProperty('error.type');
  });

  test('what is thrown past the middleware is noted, and thrown on', async () => {
    const middleware = tracingMiddleware(process);
    const thrown: unknown[] = [];
    await listen((request, response) => {
      try {
        middleware(request, response, () => {
          throw Object.create(null);
        });
      } catch (error) {
        thrown.push(error);
        response.end();
      }
    });
    await fetch(url);
    const span = await ended('GET');
    expect(thrown).toHaveLength(1);
    expect(span.status.code).toBe(SpanStatusCode.ERROR);
    expect(span.events).toMatchObject([{ attributes: { 'exception.message': 'thrown: an object' } }]);
  });

  test('a request that is not traced gets no headers', async () => {
    const middleware = tracingMiddleware({
      tracing: { ...process, tracer: trace.getTracerProvider().getTracer('none') },
    });
    await listen((request, response) => middleware(request, response, () => response.end('done')));
    const response = await fetch(url);
    expect([response.headers.get('traceresponse'), response.headers.get('server-timing')]).toEqual([
      null,
      null,
    ]);
  });
});

describe('options', () => {
  beforeEach(() => listen(() => {}));
  test.each([
    [undefined, 'option "tracing" must be what startTracing returned, got undefined'],
    [{ tracing: {} }, 'option "tracing" must be what startTracing returned, got an object'],
    [{ tracing: { tracer: {}, propagation: {} }, skip: true }, 'option "skip" must be a function, got true'],
  ])('%j', (options, message) => {
    expect(() => tracingMiddleware(options as never)).toThrow(message);
  });
});

test('a span is known to be encrypted by its socket', async () => {
  await listen(() => {});
  const request = { method: 'GET', headers: {}, url: '/', socket: { encrypted: true }, on() {} };
  const response = { once() {}, getHeader() {}, setHeader() {}, on() {} };
  let attributes = {};
  tracingMiddleware(process)(request as never, response as never, () => {
    attributes = (trace.getSpan(context.active()) as unknown as { attributes: object }).attributes;
  });
  expect(attributes).toMatchObject({ 'url.scheme': 'https' });
  expect(attributes).not.toHaveProperty('server.address');
});
