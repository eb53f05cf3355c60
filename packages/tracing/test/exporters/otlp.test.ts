import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Span, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { createExportPipeline, type OtlpOptions, otlp } from '../../src/exporters';
import { readAttributes, readWireSpan, startReceiver } from '../support/receiver';
import { processorOf, tracerOf } from '../support/spans';

let receiver: Awaited<ReturnType<typeof startReceiver>>;
beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.close());

const linked = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7', traceFlags: 1 };

/** A trace with one of everything. */
function makeTrace(): { root: Span; child: Span; ended: ReadableSpan[] } {
  const ended: ReadableSpan[] = [];
  const { start } = tracerOf(processorOf((span) => ended.push(span)));
  const root = start('GET /api/contacts/[id]', undefined, {
    kind: SpanKind.SERVER,
    links: [{ context: linked }],
  });
  const child = start('SELECT contacts', root, { kind: SpanKind.CLIENT });
  child.setAttributes({
    text: 'Grüße',
    whole: 3,
    broken: 2.5,
    is: true,
    texts: ['a', 'b'],
    numbers: [1, 2.5],
  });
  child.addEvent('retry', { attempt: 2 });
  child.setStatus({ code: SpanStatusCode.ERROR, message: 'gone' });
  child.end();
  root.setStatus({ code: SpanStatusCode.OK });
  root.end();
  return { root, child, ended };
}

describe.each<Pick<OtlpOptions, 'protocol' | 'compression'>>([
  {},
  { protocol: 'http/protobuf', compression: 'none' },
  { protocol: 'http/json' },
  { protocol: 'http/json', compression: 'none' },
  { protocol: 'grpc' },
  { protocol: 'grpc', compression: 'none' },
])('%j', (options) => {
  const isGrpc = options.protocol === 'grpc';

  it('a receiver reads back what was recorded, under its headers', async () => {
    const url = isGrpc ? receiver.grpcUrl : receiver.httpUrl;
    const exporter = otlp({ url, headers: { 'x-api-key': 'secret' }, ...options });
    const pipeline = createExportPipeline([exporter]);
    const { root, child, ended } = makeTrace();
    pipeline.push(ended);
    const before = receiver.traces.length;
    expect(await pipeline.close(10_000)).toEqual({ exported: 2, lost: 0, timedOut: false });

    const [trace, ...others] = receiver.traces.slice(before);
    expect(others).toEqual([]);
    const [resource] = trace?.resourceSpans ?? [];
    expect(readAttributes(resource?.resource.attributes ?? [])).toEqual({ 'service.name': 'crm' });
    expect(resource?.scopeSpans[0]?.scope.name).toBe('test');
    const { traceId, spanId } = root.spanContext();
    expect(resource?.scopeSpans[0]?.spans.map(readWireSpan)).toEqual([
      {
        traceId,
        spanId: child.spanContext().spanId,
        parentSpanId: spanId,
        name: 'SELECT contacts',
        kind: 'client',
        attributes: { text: 'Grüße', whole: 3, broken: 2.5, is: true, texts: ['a', 'b'], numbers: [1, 2.5] },
        events: [{ name: 'retry', attributes: { attempt: 2 } }],
        links: [],
        status: 'error',
        statusMessage: 'gone',
      },
      {
        traceId,
        spanId,
        parentSpanId: undefined,
        name: 'GET /api/contacts/[id]',
        kind: 'server',
        attributes: {},
        events: [],
        links: [{ traceId: linked.traceId, spanId: linked.spanId }],
        status: 'ok',
        statusMessage: undefined,
      },
    ]);
    if (isGrpc) expect(receiver.headers.at(-1)).toMatchObject({ 'x-api-key': 'secret' });
    else {
      expect(receiver.headers.at(-1)).toMatchObject({ 'x-api-key': 'secret' });
      const encoding = options.compression === 'none' ? undefined : 'gzip';
      expect(receiver.headers.at(-1)?.['content-encoding']).toBe(encoding);
    }
    expect(pipeline.stats()).toMatchObject([{ exported: 2, failed: 0, lastError: undefined }]);
  });

  it('a batch is one request, in order', async () => {
    const url = isGrpc ? receiver.grpcUrl : receiver.httpUrl;
    const pipeline = createExportPipeline([otlp({ url, ...options })]);
    const ended: ReadableSpan[] = [];
    const { start } = tracerOf(processorOf((span) => ended.push(span)));
    const names = Array.from({ length: 150 }, (_, index) => `span ${index}`);
    for (const name of names) start(name).end();
    pipeline.push(ended);
    const before = receiver.traces.length;
    expect(await pipeline.close(10_000)).toMatchObject({ exported: 150, lost: 0 });
    const [batch, ...others] = receiver.traces.slice(before);
    expect(others).toEqual([]);
    const spans = (batch?.resourceSpans ?? []).flatMap(({ scopeSpans }) =>
      scopeSpans.flatMap(({ spans }) => spans),
    );
    expect(spans.map(({ name }) => name)).toEqual(names);
  });
});

describe('addresses', () => {
  it.each<[OtlpOptions, string]>([
    [{ url: 'http://localhost:4318' }, 'otlp http/protobuf http://localhost:4318/v1/traces'],
    [{ url: 'http://localhost:4318/' }, 'otlp http/protobuf http://localhost:4318/v1/traces'],
    [{ url: 'https://me:pass@host/a/v1?key=secret' }, 'otlp http/protobuf https://host/a/v1'],
    [{ url: 'http://localhost:4317', protocol: 'grpc' }, 'otlp grpc http://localhost:4317'],
  ])('%j is shown as %s', (options, name) => {
    expect(createExportPipeline([otlp(options)]).stats()[0]?.exporter).toBe(name);
  });
});

describe('options', () => {
  it.each<[unknown, string]>([
    [undefined, 'otlp: options must be an object, got undefined'],
    [{}, 'otlp: option "url" must be an http or https address'],
    [{ url: 'localhost:4318' }, 'got "localhost:4318"'],
    [{ url: 'grpc://localhost:4317' }, 'must be an http or https address'],
    [{ url: 'http://' }, 'must be an http or https address'],
    [{ url: 'http://h', protocol: 'thrift' }, 'must be "http/protobuf", "http/json" or "grpc", got "thrift"'],
    [{ url: 'http://h', compression: 'br' }, 'option "compression" must be "gzip" or "none", got "br"'],
    [{ url: 'http://h', timeoutMs: 0 }, 'option "timeoutMs" must be a positive number, got 0'],
    [{ url: 'http://h', header: {} }, 'unknown option "header"'],
  ])('%j is refused', (options, message) => {
    expect(() => otlp(options as OtlpOptions)).toThrow(message);
  });

  it.each<[unknown, string]>([
    [
      { fine: 'x', 'x-api-key': 'secret\n' },
      'but the value of "x-api-key" has characters that no header may have',
    ],
    [{ 'x api key': 'secret' }, 'but "x api key" is no name of a header'],
    [{ key: 1 }, 'but the value of "key" is no text'],
    [1, 'got 1'],
  ])('headers %j are refused by name, and not shown', (headers, words) => {
    const make = () => otlp({ url: 'http://h', headers: headers as Record<string, string> });
    expect(make).toThrow('otlp: option "headers" must be an object of header values');
    expect(make).toThrow(words);
    expect(make).not.toThrow('secret');
  });
});
