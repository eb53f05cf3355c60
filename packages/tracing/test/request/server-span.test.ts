import { expect, test } from '@jest/globals';
import { context, SpanKind, trace } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { type ServerRequest, startServerSpan } from '../../src/request/server-span';
import { serverTiming } from '../../src/request/server-timing';
import { tracedProcess } from '../support/traced-process';

const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const request: ServerRequest = {
  method: 'GET',
  headers: { traceparent },
  path: '/',
  scheme: 'http',
  host: '[::1]:4000',
  userAgent: undefined,
};

/** A provider of somebody else's, which has no processor of ours. */
function joined() {
  const { propagation } = tracedProcess();
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  return { propagation, tracer: provider.getTracer('other'), exporter };
}

test('links and takes over where the provider is somebody else', () => {
  const { exporter, ...tracing } = joined();
  startServerSpan(tracing, request).end();
  const [own] = exporter.getFinishedSpans();
  expect(own?.links).toMatchObject([{ context: { spanId: '00f067aa0ba902b7' } }]);
  expect(tracing.propagation.stats().linked).toBe(1);

  const running = tracing.tracer.startSpan('running', { kind: SpanKind.SERVER });
  context.with(trace.setSpan(context.active(), running), () =>
    expect(startServerSpan(tracing, request).isOurs).toBe(false),
  );
  const internal = tracing.tracer.startSpan('internal');
  context.with(trace.setSpan(context.active(), internal), () =>
    expect(startServerSpan(tracing, request).isOurs).toBe(true),
  );
});

test.each([
  ['[::1]:4000', { 'server.address': '[::1]', 'server.port': 4000 }],
  ['crm.example', { 'server.address': 'crm.example' }],
  ['a:b:c', {}],
  [undefined, {}],
])('the address in Host: %s', (host, expected) => {
  const { exporter, ...tracing } = joined();
  startServerSpan(tracing, { ...request, host }).end();
  const attributes = exporter.getFinishedSpans()[0]?.attributes ?? {};
  const address = Object.entries(attributes).filter(([name]) => name.startsWith('server.'));
  expect(Object.fromEntries(address)).toEqual(expected);
});

test.each(['/a"b', '/a\\b', '/ü', '', `/${'a'.repeat(200)}`])('the route %p is not told', (route) => {
  expect(serverTiming(traceparent, route)).toBe(`traceparent;desc="${traceparent}"`);
});
