import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import {
  type Attributes,
  context,
  type Span,
  SpanStatusCode,
  type Tracer,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import type { Instrumentation } from '@opentelemetry/instrumentation';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { insideTraces } from '../../src/instrumentation/inside-traces';
import { createPgInstrumentation } from '../../src/instrumentation/pg-instrumentation';
import {
  createIoredisInstrumentation,
  createRedisInstrumentation,
} from '../../src/instrumentation/redis-instrumentations';
import { createTailSampler } from '../../src/sampling/tail-sampler';

let exporter: InMemorySpanExporter;
let provider: BasicTracerProvider;
beforeEach(() => {
  exporter = new InMemorySpanExporter();
  provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
});
afterEach(() => {
  context.disable();
  trace.disable();
});

/** What an instrumentation of a database is to this: something that starts spans. */
function fakeDatabase() {
  let tracer: Tracer | undefined;
  const instrumentation = {
    setTracerProvider: (given: TracerProvider) => {
      tracer = given.getTracer('database');
    },
  } as unknown as Instrumentation;
  return {
    instrumentation,
    connect(work: () => void) {
      const span = tracer?.startSpan('db-pool.connect') as Span;
      context.with(trace.setSpan(context.active(), span), work);
      span.end();
    },
    query(error?: Error) {
      const span = tracer?.startSpan('db-QUERY');
      if (error) {
        span?.recordException(error);
        span?.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
      }
      span?.end();
    },
  };
}

/** With which it starts its spans: only it itself may ask. */
const tracerOf = (instrumentation: Instrumentation) =>
  (instrumentation as unknown as { tracer: Tracer }).tracer;

const inSpan = (work: () => void, attributes: Attributes = {}) =>
  provider.getTracer('test').startActiveSpan('request', { attributes }, (span) => {
    work();
    span.end();
  });
const spans = () => exporter.getFinishedSpans();

describe('insideTraces', () => {
  test('lets spans start only where one is active, whether the provider comes at once or later', () => {
    const database = fakeDatabase();
    trace.setGlobalTracerProvider(provider);
    insideTraces(database.instrumentation);
    database.query();
    inSpan(() => database.query());
    database.instrumentation.setTracerProvider(provider);
    database.query();
    inSpan(() => database.query());
    expect(spans().map(({ name }) => name)).toEqual(['db-QUERY', 'request', 'db-QUERY', 'request']);
  });

  test.each([1, 0.5])(
    'leaves out a span that repeats another, and keeps what is in it (ratio %d)',
    (ratio) => {
      const kept: ReadableSpan[] = [];
      const sampler = createTailSampler({ ratio, keepSlowerThanMs: 0 }, (spans) => kept.push(...spans));
      provider = new BasicTracerProvider({ spanProcessors: [sampler] });
      const database = fakeDatabase();
      insideTraces(database.instrumentation, {
        repeats: (name, parent) => name === 'db-pool.connect' && parent.isRecording(),
      });
      database.instrumentation.setTracerProvider(provider);
      inSpan(() => database.connect(() => database.query()));
      const [query, request] = ['db-QUERY', 'request'].map((name) => kept.find((span) => span.name === name));
      expect(kept).toHaveLength(2);
      expect(query?.parentSpanContext?.spanId).toBe(request?.spanContext().spanId);
      // Two would be a trace of its own for what is in it.
      expect(Object.values(sampler.stats().kept).reduce((sum, count) => sum + count)).toBe(1);
    },
  );

  test('keeps quoted values out of errors, and what is no error out of the trace', () => {
    const database = fakeDatabase();
    insideTraces(database.instrumentation, { spanName: (name) => name.slice(3), answers: /^MOVED / });
    database.instrumentation.setTracerProvider(provider);
    inSpan(() => {
      database.query(new Error('no "Zoe"'));
      database.query(new Error('MOVED 1 host:1'));
    });
    const [failed, moved] = spans();
    expect(failed?.name).toBe('QUERY');
    expect(failed?.status).toEqual({ code: SpanStatusCode.ERROR, message: 'no "?"' });
    expect(failed?.events[0]?.attributes?.['exception.message']).toBe('no "?"');
    expect([moved?.status, moved?.events]).toEqual([{ code: SpanStatusCode.UNSET }, []]);
  });
});

test('statements of pg are remembered, so many and no more', () => {
  const { requestHook } = createPgInstrumentation().getConfig();
  const told = (text: string, database?: string) => {
    const span = provider.getTracer('test').startSpan('pg.query');
    requestHook?.(span, { query: { text }, connection: database === undefined ? {} : { database } });
    span.end();
    const { name, attributes } = spans().at(-1) ?? {};
    return [name, attributes?.['db.operation.name'], attributes?.['db.query.text']];
  };
  expect(told("select'Zoe'", 'crm')).toEqual(['SELECT crm', 'SELECT', 'select?']);
  expect(told("(select'Zoe')")).toEqual(['SELECT', 'SELECT', '(select?)']);
  expect(told('7')).toEqual(['SQL', 'SQL', '?']);
  const forgets = jest.spyOn(Map.prototype, 'clear');
  for (const index of Array(600).keys())
    expect(told(`SELECT a${index}`)).toEqual(['SELECT', 'SELECT', `SELECT a${index}`]);
  expect(forgets).toHaveBeenCalledTimes(1);
  forgets.mockRestore();
  expect(told("select'Zoe'", 'crm')).toEqual(['SELECT crm', 'SELECT', 'select?']);
});

test.each([
  ['unite.db_ha.kind', []],
  ['unite.db_ha.idempotent', ['pg-pool.connect']],
])('in a span with %s those of the pool are %j', (attribute, ofPool) => {
  const pg = createPgInstrumentation();
  pg.setTracerProvider(provider);
  inSpan(() => tracerOf(pg).startSpan('pg-pool.connect').end(), { [attribute]: 'read' });
  expect(spans().map((span) => span.name)).toEqual([...ofPool, 'request']);
});

test('none of them records values', () => {
  expect(createPgInstrumentation().getConfig()).toMatchObject({
    requireParentSpan: true,
    enhancedDatabaseReporting: false,
  });
  for (const redis of [createRedisInstrumentation(), createIoredisInstrumentation()]) {
    expect(redis.getConfig().requireParentSpan).toBe(true);
    expect(redis.getConfig().dbStatementSerializer?.('set', ['session:zoe', 'secret'])).toBe('set session:*');
    redis.setTracerProvider(provider);
    inSpan(() => tracerOf(redis).startSpan('redis-GET').end());
  }
  expect(spans().map(({ name }) => name)).toEqual(['GET', 'request', 'redis-GET', 'request']);
});
