import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { propagation, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import { compose, withContext } from '@unite/core/next';
import {
  AppRouteRouteHandlersSpan,
  BaseServerSpan,
  MiddlewareSpan,
} from 'next/dist/server/lib/trace/constants';
import { getTracer } from 'next/dist/server/lib/trace/tracer';
import { pageTrace, withTracing } from '../../src/next';
import { mark, type TracedProcess, tracedProcess } from '../support/traced-process';

// Next.js' own tracer, called as its server calls it for a request.

let process: TracedProcess;
beforeEach(() => {
  process = tracedProcess();
  trace.setGlobalTracerProvider(process.provider);
  propagation.setGlobalPropagator(process.propagation);
});
afterEach(() => {
  trace.disable();
  propagation.disable();
});

const claimed = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };
const traceparent = `00-${claimed.traceId}-${claimed.spanId}-01`;

/** The server span of Next.js around `work`, from the headers of a request. */
function handleRequest<Result>(
  headers: Record<string, string>,
  work: () => Promise<Result>,
  isForced = false,
) {
  const options = { spanName: 'GET', kind: SpanKind.SERVER };
  const pass = () => getTracer().trace(BaseServerSpan.handleRequest, options, work);
  return getTracer().withPropagatedContext(headers, pass, undefined, isForced);
}

const GET = () =>
  compose(
    withContext(),
    withTracing(process),
  )(() => {
    mark(process, 'query');
    return new Response('done');
  });
const request = (headers: Record<string, string>) =>
  new Request('https://crm.example/api/contacts/7', { headers });
const args = { params: Promise.resolve({ id: '7' }) };
const runHandler = (headers: Record<string, string>) =>
  getTracer().trace(AppRouteRouteHandlersSpan.runHandler, { spanName: 'executing api route' }, () =>
    GET()(request(headers), args),
  );

test('the server span is taken over, and has one link to what was claimed', async () => {
  const headers = { traceparent };
  const response = await handleRequest(headers, () => runHandler(headers));
  const span = process.span('GET /api/contacts/[id]');
  const { traceId, spanId } = span.spanContext();
  expect(process.spans()).toHaveLength(3);
  expect(span.links).toMatchObject([{ context: claimed }]);
  expect(span.attributes).toMatchObject({
    'next.span_type': 'BaseServer.handleRequest',
    'url.path': '/api/contacts/7',
  });
  expect(process.span('executing api route').parentSpanContext?.spanId).toBe(spanId);
  expect(process.span('query').parentSpanContext?.spanId).toBe(
    process.span('executing api route').spanContext().spanId,
  );
  expect(response.headers.get('traceresponse')).toBe(`00-${traceId}-${spanId}-01`);
  expect(process.propagation.stats()).toEqual({ trusted: 0, linked: 1, browser: 0, malformed: {} });
});

test('a proxy and the render behind it are one trace, at an edge that trusts nobody', async () => {
  const headers: Record<string, string> = { traceparent, tracestate: 'unite=browser' };
  await handleRequest(headers, async () => {
    delete headers.tracestate;
    Object.assign(headers, getTracer().getTraceContextHeaders());
    await getTracer().trace(MiddlewareSpan.execute, async () => mark(process, 'in the proxy'));
  });
  const pass = process.span('GET');
  await handleRequest(headers, () => runHandler(headers), true);
  const render = process.span('GET /api/contacts/[id]');
  expect(pass.parentSpanContext?.spanId).toBe(claimed.spanId);
  expect(render.parentSpanContext?.spanId).toBe(pass.spanContext().spanId);
  expect(new Set(process.spans().map((span) => span.spanContext().traceId)).size).toBe(1);
  expect(process.propagation.stats()).toEqual({ trusted: 0, linked: 0, browser: 1, malformed: {} });
});

test('a page tells the span of its request', async () => {
  const told = await handleRequest({}, async () => pageTrace());
  const { traceId, spanId } = process.span('GET').spanContext();
  expect(told).toEqual({ traceId, traceparent: `00-${traceId}-${spanId}-01` });
  const received = process.propagation.receive({ traceparent: told?.traceparent }, ROOT_CONTEXT);
  expect(trace.getSpanContext(received)).toBeUndefined();
});
