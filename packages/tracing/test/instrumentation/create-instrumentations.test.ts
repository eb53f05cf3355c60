import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { context, propagation, SpanKind, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { suppressTracing, W3CTraceContextPropagator } from '@opentelemetry/core';
import type { Instrumentation } from '@opentelemetry/instrumentation';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { instrumentationsFor, UniteInstrumentation } from '../../src/instrumentation';
import { createInstrumentations } from '../../src/instrumentation/create-instrumentations';
import { runProgram, treeOf } from './support/run-program';

type Wanted = Parameters<typeof createInstrumentations>[0];

let exporter: InMemorySpanExporter;
let provider: BasicTracerProvider;
let server: http.Server;
let url: string;
let received: http.IncomingHttpHeaders[];
let enabled: readonly Instrumentation[];
beforeEach(async () => {
  exporter = new InMemorySpanExporter();
  provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  enabled = [];
  received = [];
  server = http.createServer((request, response) => {
    received.push(request.headers);
    response.end('{}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/contacts?token=1`;
});
afterEach(async () => {
  for (const one of enabled) one.disable();
  context.disable();
  propagation.disable();
  trace.disable();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function create(...wanted: Wanted) {
  const set = createInstrumentations(wanted);
  enabled = [...enabled, ...set.instrumentations];
  for (const one of set.instrumentations) one.setTracerProvider(provider);
  return set;
}

const request = () =>
  new Promise<void>((resolve, reject) => {
    http.get(url, (response) => response.resume().on('end', resolve)).on('error', reject);
  });
const inSpan = (work: () => Promise<unknown>) =>
  provider.getTracer('test').startActiveSpan('job', async (span) => {
    await work();
    span.end();
  });
const kinds = () =>
  exporter
    .getFinishedSpans()
    .map(({ kind }) => SpanKind[kind])
    .sort();

describe('requests', () => {
  test('to others are traced inside a trace, with the stable names, and carry it on', async () => {
    const set = create('http');
    await request();
    await inSpan(request);
    expect(kinds()).toEqual(['CLIENT', 'INTERNAL']);
    const [span] = exporter.getFinishedSpans();
    expect(span?.attributes).toMatchObject({
      'http.request.method': 'GET',
      'http.response.status_code': 200,
      'server.address': '127.0.0.1',
      'url.full': expect.stringContaining('/contacts'),
    });
    expect(received.map(({ traceparent }) => traceparent)).toEqual([
      undefined,
      expect.stringContaining(String(span?.spanContext().spanId)),
    ]);
    expect(set.report()).toEqual([{ name: 'http', patched: ['http', 'https'], missed: [] }]);
  });

  test('to this process are traced where that is asked for', async () => {
    create('http-server');
    await request();
    await inSpan(request);
    expect(kinds()).toEqual(['INTERNAL', 'SERVER', 'SERVER']);
  });

  test('of both kinds are one instrumentation, reported by both names', async () => {
    const set = create('http-server', 'http');
    await inSpan(request);
    expect(kinds()).toEqual(['CLIENT', 'INTERNAL', 'SERVER']);
    expect(set.instrumentations).toHaveLength(1);
    expect(set.report().map(({ name }) => name)).toEqual(['http-server', 'http']);
  });

  test('by fetch are traced inside a trace', async () => {
    create('undici');
    await fetch(url);
    await inSpan(() => fetch(url));
    expect(kinds()).toEqual(['CLIENT', 'INTERNAL']);
    expect(received.map(({ traceparent }) => typeof traceparent)).toEqual(['undefined', 'string']);
  });
});

test('what is sent with tracing suppressed, as exporters do, is not traced', async () => {
  create('http', 'undici');
  const suppressed = (work: () => Promise<unknown>) => context.with(suppressTracing(context.active()), work);
  await inSpan(async () => {
    await suppressed(request);
    await suppressed(() => fetch(url));
  });
  expect(kinds()).toEqual(['INTERNAL']);
  expect(received.map(({ traceparent }) => traceparent)).toEqual([undefined, undefined]);
});

test.each([
  ['without', false],
  ['with', true],
])(
  'an exporter traces not itself, a request beside it is traced (ES modules, %s hook)',
  async (_, withHook) => {
    const program = `
    import http, { get } from 'node:http';
    import { once } from 'node:events';
    import { createRequire } from 'node:module';

    const { createExportPipeline, otlp } = createRequire(process.cwd() + '/')('./src/exporters/index.ts');

    const received = [];
    const server = http.createServer((request, response) => {
      received.push(request.method);
      response.end('{}');
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const url = 'http://127.0.0.1:' + server.address().port;
    const exporting = createExportPipeline([otlp({ url })]);
    await test.span('job', async (span) => {
      exporting.push([span]);
      await exporting.close(5_000);
      await new Promise((resolve) => get(url, (response) => response.resume().on('end', resolve)));
    });
    server.close();
    server.closeAllConnections();
    test.tell({ received });`;
    const { spans, received: methods } = await runProgram<{ received: string[] }>(program, {
      names: ['http', 'undici'],
      withHook,
    });
    expect(methods).toEqual(['POST', 'GET']);
    expect(treeOf(spans)).toEqual(['job', '  GET']);
  },
);

describe('what is wanted', () => {
  test('makes one of each, however often it is named, and takes what is given', () => {
    const own = new UniteInstrumentation({ enabled: false });
    const { instrumentations, report } = create('pg', 'pg', own, own);
    expect(instrumentations).toHaveLength(2);
    expect(instrumentations[1]).toBe(own);
    expect(report().map(({ name }) => name)).toEqual(['pg', '@unite/tracing']);
  });

  test('may hide what it patches', () => {
    const foreign = { instrumentationName: 'foreign', setTracerProvider() {}, disable() {} };
    expect(create(foreign as unknown as Instrumentation).report()).toEqual([
      { name: 'foreign', patched: [], missed: [], note: 'what it patches is not known' },
    ]);
  });

  test('says where the family has nothing to nest in, or another listens', () => {
    expect(create('unite').report()).toEqual([{ name: 'unite', patched: [], missed: [] }]);
    context.disable();
    const [first] = enabled;
    expect(create('unite').report()[0]?.note).toBe('another one listens in this process');
    first?.disable();
    expect(create('unite').report()[0]?.note).toBe('no context manager that it can nest in is registered');
  });

  test.each([
    ['pgx', '"pgx"'],
    ['constructor', '"constructor"'],
    [{}, 'an object'],
    [undefined, 'undefined'],
  ])('is refused where it is %p', (one, described) => {
    expect(() => createInstrumentations([one as never])).toThrow(
      new TypeError(
        `instrument: unknown instrumentation ${described}; known are http, http-server, undici, pg, redis, ioredis, ai, unite`,
      ),
    );
  });

  test('goes into any set-up', () => {
    enabled = instrumentationsFor(['pg', 'ioredis']);
    expect(enabled.map(({ instrumentationName }) => instrumentationName)).toEqual([
      '@opentelemetry/instrumentation-pg',
      '@opentelemetry/instrumentation-ioredis',
    ]);
  });
});
