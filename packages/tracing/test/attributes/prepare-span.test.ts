import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { type Link, type Span, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { Redact } from '@unite/core';
import { createSpanPreparer } from '../../src/attributes';
import { createTestTracing, type TestTracing } from '../../src/testing';

let tracing: TestTracing;
beforeAll(() => {
  tracing = createTestTracing();
});
afterEach(() => tracing.reset());
afterAll(() => tracing.close());

const prepare = createSpanPreparer({ maxTextLength: 50 });

function spanOf(work: (span: Span) => void, name = 'work'): ReadableSpan {
  tracing.tracer.startActiveSpan(name, (span) => {
    work(span);
    span.end();
  });
  return tracing.spans()[0] as ReadableSpan;
}

test('redacts attributes, lists, events, links and the status', () => {
  const span = spanOf((made) => {
    made.setAttributes({
      'user.password': 'x',
      safe: 'y',
      count: 7,
      'h.cookie': ['a=1', 'b=2'],
      mixed: ['a', null as never],
    });
    made.setAttribute('numbers', [1, 2]);
    made.addEvent('harmless');
    made.addEvent('plain', { safe: 'z' });
    made.recordException({ name: 'Error', message: 'no: https://a:b@h/', stack: 'at https://a:b@h/' });
    made.addLink({ context: made.spanContext() });
    made.addLink({ context: made.spanContext(), attributes: { token: 'x' } });
    made.setStatus({ code: SpanStatusCode.ERROR, message: 'password=hunter2' });
  });
  const before = structuredClone({ attributes: span.attributes, events: span.events, status: span.status });
  const ready = prepare(span);

  expect(ready.attributes).toEqual({
    'user.password': '[redacted]',
    safe: 'y',
    count: 7,
    'h.cookie': ['[redacted]', '[redacted]'],
    mixed: ['a', null],
    numbers: [1, 2],
  });
  expect(ready.events.map(({ attributes }) => attributes)).toEqual([
    {},
    { safe: 'z' },
    {
      'exception.type': 'Error',
      'exception.message': 'no: https://[redacted]@h/',
      'exception.stacktrace': 'at https://[redacted]@h/',
    },
  ]);
  expect(ready.links.map(({ attributes }) => attributes)).toEqual([undefined, { token: '[redacted]' }]);
  expect(ready.status).toEqual({ code: SpanStatusCode.ERROR, message: 'password=[redacted]' });
  // Whoever holds the span sees what it was made of.
  expect({ attributes: span.attributes, events: span.events, status: span.status }).toEqual(before);
  for (const key of ['spanContext', 'duration', 'ended', 'resource', 'kind', 'droppedEventsCount'] as const) {
    const value = (from: ReadableSpan) => (key === 'spanContext' ? from.spanContext() : from[key]);
    expect(value(ready)).toBe(value(span));
  }
});

test('hands on as it is what needs nothing', () => {
  const span = spanOf((made) =>
    made.setAttributes({ a: 'b', list: ['c'], n: 1 }).setStatus({ code: SpanStatusCode.OK }),
  );
  expect(prepare(span)).toBe(span);
});

test('gives each exporter the same copy, redacted once', () => {
  let calls = 0;
  const redact = jest.fn<Redact>(() => `${calls++}`);
  const counting = createSpanPreparer({ redact, maxTextLength: 50 });
  const span = spanOf((made) => made.setAttribute('a', 'b'));
  const ready = counting(span);
  expect(counting(span)).toBe(ready);
  expect(counting(ready)).toBe(ready);
  expect(redact.mock.calls).toEqual([
    ['otel.span.name', 'work'],
    ['a', 'b'],
  ]);
});

test('keeps the parent of a child', () => {
  const child = tracing.tracer.startActiveSpan('parent', (parent) => {
    const span = spanOf((made) => made.setAttribute('token', 'x'), 'child');
    parent.end();
    return span;
  });
  expect(prepare(child).parentSpanContext).toBe(child.parentSpanContext);
  expect(prepare(child)).not.toBe(child);
});

test('cuts the name and the status message, after it is redacted', () => {
  const long = 'x'.repeat(60);
  const span = spanOf(
    (made) => made.setStatus({ code: SpanStatusCode.ERROR, message: `${'y'.repeat(40)} https://a:b@host/` }),
    long,
  );
  const ready = prepare(span);
  expect(ready.name).toBe('x'.repeat(50));
  expect(ready.status.message).toBe(`${'y'.repeat(40)} https://[`);
});

test('removes what the redactor removes', () => {
  const removing = createSpanPreparer({ redact: () => undefined, maxTextLength: 50 });
  const span = spanOf((made) => {
    made.setAttributes({ a: 'b', n: 1, list: ['x', 'y'] });
    made.setStatus({ code: SpanStatusCode.ERROR, message: 'm' });
  });
  const ready = removing(span);
  expect(ready.name).toBe('[redacted]');
  expect(ready.attributes).toStrictEqual({ n: 1, list: [] });
  expect(ready.status).toEqual({ code: SpanStatusCode.ERROR });
});

test('redacts the name', () => {
  const span = spanOf(() => {}, 'GET /a?token=S3CRET');
  expect(prepare(span).name).toBe('GET /a?token=[redacted]');
});

test('drops and counts what no exporter can write', () => {
  const span = spanOf((made) => {
    made.addLink({} as Link);
    made.addLink({ context: { traceId: '0', spanId: '1', traceFlags: 0 } });
    made.addLink({ context: made.spanContext() });
    made.addEvent(undefined as never);
    made.addEvent('sound');
    made.updateName(undefined as never);
    made.setStatus({ code: SpanStatusCode.ERROR, message: 7 as never });
  });
  const ready = prepare(span);
  expect(ready.links.map(({ context }) => context)).toEqual([span.spanContext()]);
  expect(ready.events.map(({ name }) => name)).toEqual(['sound']);
  expect([ready.droppedLinksCount, ready.droppedEventsCount]).toEqual([2, 1]);
  expect(ready.name).toBe('unnamed');
  expect(ready.status.message).toBeUndefined();
});

test('cuts lists to the length of a text, and tells how many items it left out', () => {
  const span = spanOf((made) => {
    made.setAttribute('big', Array(100).fill('z'.repeat(20)));
    made.setAttribute('numbers', Array(100).fill(7));
    made.setAttribute('empty', Array(100).fill(''));
    made.addEvent('e', { big: Array(4).fill('z'.repeat(20)) });
  });
  const ready = prepare(span);
  expect(ready.attributes).toEqual({
    big: Array(2).fill('z'.repeat(20)),
    numbers: Array(50).fill(7),
    empty: Array(50).fill(''),
    'unite.dropped_list_items': 198,
  });
  expect(ready.events[0]?.attributes).toMatchObject({ 'unite.dropped_list_items': 2 });
});

test('masks the argument of a secret option', () => {
  const span = spanOf((made) => made.setAttribute('process.command_args', ['x', '--password', 'S3CRET']));
  expect(prepare(span).attributes['process.command_args']).toEqual(['x', '--password', '[redacted]']);
});

test.each([
  ['recorded by the application', true],
  ['without a status', false],
])('shows no values that a database quoted: %s', (_, hasStatus) => {
  const error = Object.assign(new Error('bad integer: "S3CRET"'), { code: '22P02' });
  const span = spanOf((made) => {
    made.recordException(error);
    made.addEvent('exception', { 'exception.type': 'ReplyError', 'exception.stacktrace': "E: 'S3CRET'" });
    made.recordException(new Error('no "harm"'));
    if (hasStatus) made.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
  });
  const { events, status } = prepare(span);
  expect(JSON.stringify([events, status])).not.toContain('S3CRET');
  expect(events[0]?.attributes?.['exception.message']).toBe('bad integer: "?"');
  expect(events[2]?.attributes?.['exception.message']).toBe('no "harm"');
});
