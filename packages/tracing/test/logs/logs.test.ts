import { Writable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { context, ROOT_CONTEXT, TraceFlags, trace } from '@opentelemetry/api';
import { createContext, runWithContext } from '@unite/core/context';
import pino from 'pino';
import { traceFields, traceMixin } from '../../src/logs';
import { createTestTracing, type TestTracing } from '../../src/testing';

let tracing: TestTracing;
beforeAll(() => {
  tracing = createTestTracing();
});
afterAll(() => tracing.close());

test('joins each line of pino to its trace and its request', () => {
  const lines: Record<string, unknown>[] = [];
  const stream = new Writable({
    write(chunk, _, done) {
      lines.push(JSON.parse(String(chunk)));
      done();
    },
  });
  const logger = pino({ mixin: traceMixin() }, stream);
  logger.info('outside');
  const request = createContext({ requestId: 'r-1', tenantId: 't-1' });
  const span = tracing.tracer.startActiveSpan('work', (active) => {
    runWithContext(request, () => logger.child({ part: 'scoring' }).info({ lead: 7 }, 'inside'));
    active.end();
    return active.spanContext();
  });
  expect(lines[0]).not.toHaveProperty('trace_id');
  expect(lines[1]).toMatchObject({
    msg: 'inside',
    lead: 7,
    part: 'scoring',
    trace_id: span.traceId,
    span_id: span.spanId,
    trace_flags: '01',
    request_id: 'r-1',
    tenant_id: 't-1',
  });
});

test('tells what there is, in an object of its own each time', () => {
  expect(traceFields()).toEqual({});
  runWithContext(createContext({ requestId: 'r-2' }), () => {
    expect(traceFields()).toEqual({ request_id: 'r-2' });
    expect(traceFields()).not.toBe(traceFields());
  });
});

test('says that a trace is not sampled, and ignores a span that is none', () => {
  const spanContext = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: TraceFlags.NONE };
  context.with(trace.setSpanContext(ROOT_CONTEXT, spanContext), () => {
    expect(traceFields()).toEqual({ trace_id: 'a'.repeat(32), span_id: 'b'.repeat(16), trace_flags: '00' });
  });
  const invalid = { ...spanContext, traceId: '0'.repeat(32) };
  context.with(trace.setSpanContext(ROOT_CONTEXT, invalid), () => expect(traceFields()).toEqual({}));
});
