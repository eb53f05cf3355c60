import { expect, jest, test } from '@jest/globals';
import { context, propagation, trace } from '@opentelemetry/api';
import type { SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { createTestTracing } from '../../src/testing';

test('keeps every span, nested across awaits, until it is reset', async () => {
  const tracing = createTestTracing();
  await trace.getTracer('app').startActiveSpan('outer', async (outer) => {
    await Promise.resolve();
    trace.getTracer('lib').startSpan('inner').end();
    outer.end();
  });
  expect(tracing.tree()).toBe('outer\n  inner');
  expect(tracing.spans().map(({ name }) => name)).toEqual(['inner', 'outer']);
  tracing.reset();
  expect(tracing.spans()).toEqual([]);
  tracing.close();
});

test('waits for a span', async () => {
  const tracing = createTestTracing();
  const { tracer } = tracing;
  const signal = AbortSignal.timeout(60_000);
  const later = tracing.waitForSpan(({ name }) => name === 'b', signal);
  tracer.startSpan('a').end();
  tracer.startSpan('b').end();
  expect((await later).name).toBe('b');
  expect((await tracing.waitForSpan(({ name }) => name === 'a', signal)).name).toBe('a');

  const leaving = new AbortController();
  const never = tracing.waitForSpan(() => false, leaving.signal);
  leaving.abort(new Error('enough'));
  await expect(never).rejects.toThrow('enough');
  await expect(tracing.waitForSpan(() => false, leaving.signal)).rejects.toThrow('enough');
  tracing.close();
});

test('takes everything away again, once', () => {
  const tracing = createTestTracing();
  const carrier: Record<string, string> = {};
  tracing.tracer.startActiveSpan('a', () => propagation.inject(context.active(), carrier));
  expect(carrier.traceparent).toMatch(/^00-/);
  expect(() => createTestTracing()).toThrow('a tracer provider is registered already');
  tracing.close();

  const next = createTestTracing();
  tracing.close();
  trace.getTracer('app').startSpan('seen').end();
  expect(next.tree()).toBe('seen');
  next.close();
  expect(trace.getTracer('app').startSpan('unseen').isRecording()).toBe(false);
  expect(propagation.fields()).toEqual([]);
});

test('asks other processors first', async () => {
  const onEnd = jest.fn<SpanProcessor['onEnd']>((span) => Object.assign(span.attributes, { seen: true }));
  const end = jest.fn(async () => undefined);
  const processor = { onStart: jest.fn(), onEnd, forceFlush: end, shutdown: end };
  const tracing = createTestTracing({ processors: [processor] });
  tracing.tracer.startSpan('a').end();
  expect(tracing.spans()[0]?.attributes).toEqual({ seen: true });
  tracing.close();
});

test('refuses options that it does not know', () => {
  expect(() => createTestTracing({ processors: 1 } as never)).toThrow('option "processors" must be an array');
  expect(() => createTestTracing({ exporter: 1 } as never)).toThrow('unknown option "exporter"');
});
