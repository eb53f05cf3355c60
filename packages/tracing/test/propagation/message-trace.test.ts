import { beforeEach, expect, test } from '@jest/globals';
import { context, createTraceState, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { continueTrace, injectTrace } from '../../src/propagation';
import { mark, type TracedProcess, tracedProcess } from '../support/traced-process';

let process: TracedProcess;
beforeEach(() => {
  process = tracedProcess();
});

const sent = () => process.inServerSpan('send', (span) => ({ span, fields: injectTrace({ lead: '7' }) }));

test('the work on a message is a part of the trace that sent it', () => {
  const { span, fields } = sent();
  expect(fields).toEqual({ lead: '7', traceparent: expect.stringContaining(span.spanContext().traceId) });
  expect(continueTrace(fields, () => mark(process, 'work') ?? 'done')).toBe('done');
  expect(process.span('work').parentSpanContext).toMatchObject({
    traceId: span.spanContext().traceId,
    spanId: span.spanContext().spanId,
    isRemote: true,
  });
});

test('or a trace of its own that points back, once', () => {
  const { span, fields } = sent();
  process.inServerSpan('worker', () =>
    continueTrace(
      fields,
      () => {
        mark(process, 'work');
        mark(process, 'more');
      },
      { as: 'link' },
    ),
  );
  expect(process.span('work').parentSpanContext).toBeUndefined();
  expect(process.span('work').links).toMatchObject([{ context: { spanId: span.spanContext().spanId } }]);
  expect(process.span('more').links).toEqual([]);
});

test.each([{}, { traceparent: 'nonsense' }])('a message with %j starts a trace', (fields) => {
  process.inServerSpan('worker', () => continueTrace(fields, () => mark(process, 'work')));
  expect(process.span('work').parentSpanContext).toBeUndefined();
});

test('a tracestate goes along, and without a span nothing is written', () => {
  const traceState = createTraceState('congo=t61');
  const remote = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1, traceState };
  const fields = context.with(trace.setSpanContext(ROOT_CONTEXT, remote), () => injectTrace({}));
  expect(fields).toEqual({
    traceparent: `00-${remote.traceId}-${remote.spanId}-01`,
    tracestate: 'congo=t61',
  });
  expect(injectTrace({ lead: '7' })).toEqual({ lead: '7' });
});
