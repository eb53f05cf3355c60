import { describe, expect, test } from '@jest/globals';
import { ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { linkProcessor } from '../../src/propagation/claimed-parent';
import { serverSpanOf } from '../../src/request/server-span-of';

const exporter = new InMemorySpanExporter();
const tracer = new BasicTracerProvider({
  spanProcessors: [linkProcessor(), new SimpleSpanProcessor(exporter)],
}).getTracer('test');

/** What Next.js does where there is a `proxy.ts`: a server span without a route, and one for the route below it. */
function startBoth(attributes = {}) {
  exporter.reset();
  const outer = tracer.startSpan('GET', { kind: SpanKind.SERVER, attributes }, ROOT_CONTEXT);
  const inner = tracer.startSpan('GET', { kind: SpanKind.SERVER }, trace.setSpan(ROOT_CONTEXT, outer));
  return { outer, inner };
}

describe('the server span of a request', () => {
  test('is the outermost one, for all that is below it', () => {
    const { outer, inner } = startBoth();
    const handler = tracer.startSpan('handler', {}, trace.setSpan(ROOT_CONTEXT, inner));
    for (const span of [outer, inner, handler]) expect(serverSpanOf(span)).toBe(outer);
    expect(serverSpanOf(tracer.startSpan('job', {}, ROOT_CONTEXT))).toBeUndefined();
  });

  test('gets the route that the one below it has found', () => {
    const { outer, inner } = startBoth();
    inner.updateName('GET /contacts').setAttribute('http.route', '/contacts').end();
    outer.end();
    expect(
      exporter.getFinishedSpans().map(({ name, attributes }) => [name, attributes['http.route']]),
    ).toEqual([
      ['GET /contacts', '/contacts'],
      ['GET /contacts', '/contacts'],
    ]);
  });

  test('keeps a route of its own, and its name where none is found', () => {
    const named = startBoth({ 'http.route': '/api/contacts' });
    named.inner.updateName('GET /other').setAttribute('http.route', '/other').end();
    named.outer.end();
    expect(exporter.getFinishedSpans()[1]).toMatchObject({
      name: 'GET',
      attributes: { 'http.route': '/api/contacts' },
    });
    const nameless = startBoth();
    nameless.inner.end();
    nameless.outer.end();
    expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual(['GET', 'GET']);
  });
});
