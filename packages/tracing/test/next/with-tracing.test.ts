import { beforeEach, describe, expect, test } from '@jest/globals';
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { currentContext } from '@unite/core/context';
import { compose, withContext } from '@unite/core/next';
import { pageTrace, withTracing } from '../../src/next';
import { mark, type TracedProcess, tracedProcess } from '../support/traced-process';

let process: TracedProcess;
beforeEach(() => {
  process = tracedProcess();
});

const args = { params: Promise.resolve({ id: '7' }) };
const request = (init: RequestInit = {}) =>
  new Request('https://crm.example:8443/api/contacts/7?token=x', init);
const composed = () =>
  compose(withContext({ identify: () => ({ tenantId: 'acme', plan: 'pro' }) }), withTracing(process));
const thrown = (digest: string) => Object.assign(new Error(digest), { digest });

describe('a span of its own', () => {
  test('is named by the route, and says what the request was', async () => {
    let seen: string | undefined;
    const GET = composed()(() => {
      seen = currentContext()?.traceId;
      mark(process, 'query');
      return new Response('done', { headers: { 'Server-Timing': 'db;dur=3' } });
    });
    const headers = { 'x-forwarded-proto': 'http', 'x-request-id': 'request-1', 'user-agent': 'test' };
    const response = await GET(request({ headers }), args);
    expect(process.spans().map(({ name }) => name)).toEqual(['query']);
    expect(await response.text()).toBe('done');

    const span = process.span('GET /api/contacts/[id]');
    const { traceId, spanId } = span.spanContext();
    expect(span).toMatchObject({ kind: SpanKind.SERVER, status: { code: SpanStatusCode.UNSET } });
    expect(span.attributes).toEqual({
      'http.request.method': 'GET',
      'http.response.status_code': 200,
      'http.route': '/api/contacts/[id]',
      'server.address': 'crm.example',
      'server.port': 8443,
      'unite.plan': 'pro',
      'unite.request_id': 'request-1',
      'unite.tenant_id': 'acme',
      'url.path': '/api/contacts/7',
      'url.scheme': 'http',
      'user_agent.original': 'test',
    });
    expect(process.span('query').parentSpanContext?.spanId).toBe(spanId);
    expect(seen).toBe(traceId);
    expect(response.headers.get('traceresponse')).toBe(`00-${traceId}-${spanId}-01`);
    expect(response.headers.get('server-timing')).toBe(
      `db;dur=3, traceparent;desc="00-${traceId}-${spanId}-01", route;desc="/api/contacts/[id]"`,
    );
  });

  test('takes a name and attributes from its route, or has none', async () => {
    const route = composed();
    const handler = () => new Response(null, { status: 204 });
    await route(handler, { tracing: { name: 'find contact', attributes: { 'crm.kind': 'lead' } } })(
      request(),
      args,
    );
    expect(process.span('find contact').attributes).toMatchObject({
      'crm.kind': 'lead',
      'http.route': expect.anything(),
    });
    const untraced = await route(handler, { tracing: false })(request(), args);
    expect(untraced.headers.has('traceresponse')).toBe(false);
    expect(process.spans()).toHaveLength(1);
  });

  test('that a response has told is believed of nobody', async () => {
    const response = await composed()(() => new Response('done'))(request(), args);
    const headers = { traceparent: response.headers.get('traceresponse') ?? '' };
    expect(headers.traceparent).toMatch(/^00-/);
    expect(trace.getSpan(process.propagation.receive(headers))).toBeUndefined();
  });

  test('twice on the way is one span, told once', async () => {
    const GET = composed()(withTracing(process)(() => new Response('done'), undefined));
    const response = await GET(request(), args);
    await response.text();
    expect(response.headers.get('server-timing')?.match(/traceparent/g)).toHaveLength(1);
    expect(process.spans()).toHaveLength(1);
  });

  test('without a context the method is its name', async () => {
    const handler = withTracing(process)(() => Response.redirect('https://crm.example/login'), undefined);
    const response = await handler(request({ headers: { 'x-forwarded-proto': 'gopher' } }), args);
    expect(process.span('GET').attributes).toMatchObject({
      'http.response.status_code': 302,
      'url.scheme': 'https',
    });
    expect(response.headers.get('traceresponse')).toContain(process.span('GET').spanContext().spanId);
    expect(response.headers.get('location')).toBe('https://crm.example/login');
    expect(response.headers.get('server-timing')).not.toContain('route');
  });

  test('ends when a stream has been read, or is not read on', async () => {
    const body = () =>
      new ReadableStream({
        pull(controller) {
          controller.enqueue(new TextEncoder().encode('x'));
          mark(process, 'chunk');
        },
      });
    const GET = composed()(() => new Response(body()));
    const reader = (await GET(request(), args)).body?.getReader();
    await reader?.read();
    expect(process.spans().every(({ name }) => name === 'chunk')).toBe(true);
    await reader?.cancel();
    expect(process.span('GET /api/contacts/[id]').ended).toBe(true);
  });

  test('fails with 500 and with what is thrown, and not with 404', async () => {
    const route = composed();
    await route(() => new Response(null, { status: 503 }), { tracing: { name: 'down' } })(request(), args);
    await route(() => new Response(null, { status: 404 }), { tracing: { name: 'none' } })(request(), args);
    const failing = route(
      () => {
        throw new TypeError('broken');
      },
      { tracing: { name: 'broken' } },
    );
    await expect(failing(request(), args)).rejects.toThrow('broken');
    expect(process.span('down')).toMatchObject({
      status: { code: SpanStatusCode.ERROR },
      attributes: { 'error.type': '503' },
    });
    expect(process.span('none').status.code).toBe(SpanStatusCode.UNSET);
    expect(process.span('broken')).toMatchObject({
      status: { code: SpanStatusCode.ERROR },
      attributes: { 'error.type': 'TypeError' },
      events: [{ attributes: { 'exception.message': 'broken' } }],
    });
  });

  test.each([
    [thrown('NEXT_REDIRECT;replace;/login;307;'), 307],
    [thrown('NEXT_HTTP_ERROR_FALLBACK;404'), 404],
    [thrown('NEXT_NOT_FOUND'), 404],
    [thrown('DYNAMIC_SERVER_USAGE'), undefined],
  ])('is no error when Next.js steers itself by %s', async (error, status) => {
    const GET = composed()(() => {
      throw error;
    });
    await expect(GET(request(), args)).rejects.toBe(error);
    const span = process.span('GET /api/contacts/[id]');
    expect(span).toMatchObject({ status: { code: SpanStatusCode.UNSET }, events: [] });
    expect(span.attributes['http.response.status_code']).toBe(status);
  });

  test.each([[thrown('unite;X;500')], ['text'], [undefined], [{ digest: 7 }]])(
    'is an error by %p',
    async (error) => {
      const GET = composed()(() => {
        throw error;
      });
      await expect(GET(request(), args)).rejects.toBe(error);
      expect(process.span('GET /api/contacts/[id]').status.code).toBe(SpanStatusCode.ERROR);
    },
  );
});

describe('a span of Next.js', () => {
  test('is taken over through the spans below it, and ends by Next.js', async () => {
    const GET = composed()(() => {
      mark(process, 'query');
      return new Response('done');
    });
    const response = await process.inServerSpan('GET', async (span) => {
      const below = process.tracer.startSpan('executing api route');
      const answer = await context.with(trace.setSpan(context.active(), below), () => GET(request(), args));
      await answer.text();
      below.end();
      expect(process.spans().map(({ name }) => name)).toEqual(['query', 'executing api route']);
      span.end();
      return answer;
    });
    const span = process.span('GET /api/contacts/[id]');
    expect(span.attributes).toMatchObject({ 'http.response.status_code': 200, 'unite.tenant_id': 'acme' });
    expect(process.span('query').parentSpanContext?.spanId).toBe(
      process.span('executing api route').spanContext().spanId,
    );
    expect(response.headers.get('traceresponse')).toContain(span.spanContext().spanId);
  });

  test('that has ended belongs to another request', async () => {
    const GET = withTracing(process)(() => new Response(null, { status: 204 }), undefined);
    await process.inServerSpan('before', async (span) => {
      span.end();
      await GET(request(), args);
    });
    expect(process.span('GET').kind).toBe(SpanKind.SERVER);
  });
});

describe('the trace of a page', () => {
  test('is that of the server span', () => {
    process.inServerSpan('page', (span) => {
      const { traceId, spanId } = span.spanContext();
      const below = process.tracer.startSpan('render');
      context.with(trace.setSpan(context.active(), below), () =>
        expect(pageTrace()).toEqual({ traceId, traceparent: `00-${traceId}-${spanId}-01` }),
      );
    });
  });

  test('is none outside of a trace', () => {
    expect(pageTrace()).toBeUndefined();
  });
});

test('a request that is not traced gets no headers', async () => {
  const tracer = trace.getTracerProvider().getTracer('none');
  const GET = withTracing({ ...process, tracer })(() => new Response('done'), undefined);
  expect((await GET(request(), args)).headers.has('traceresponse')).toBe(false);
});

test('options are checked', () => {
  expect(() => withTracing({} as never)).toThrow(
    'option "tracing" must be what startTracing returned, got an object',
  );
  const wrap = (tracing: object) => () => withTracing(process)(() => new Response(), { tracing } as never);
  expect(wrap({ name: '' })).toThrow('route tracing: option "name" must be a non-empty string, got ""');
  expect(wrap({ title: 'x' })).toThrow('unknown option "title"');
});
