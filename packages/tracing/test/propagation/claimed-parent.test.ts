import { beforeEach, expect, test } from '@jest/globals';
import { context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { pageTrace } from '../../src/next/page-trace';
import { linkProcessor } from '../../src/propagation';
import { type TracedProcess, tracedProcess } from '../support/traced-process';

let process: TracedProcess;
beforeEach(() => {
  process = tracedProcess();
});

/** What Next.js writes into the headers of a request that it hands to itself. */
function handedOn(): Record<string, string> {
  const carrier: Record<string, string> = {};
  process.propagation.inject(context.active(), carrier, {
    set: (headers, name, value) => Object.assign(headers, { [name]: value }),
  });
  return carrier;
}

const parentOf = (carrier: Record<string, string>) =>
  trace.getSpanContext(process.propagation.receive(carrier, ROOT_CONTEXT));

test('what this process hands to itself is believed, also when its span has ended', () => {
  const carrier = process.inServerSpan('proxy', (span) => {
    const headers = handedOn();
    span.end();
    return headers;
  });
  expect(parentOf(carrier)).toMatchObject({
    spanId: process.span('proxy').spanContext().spanId,
    isRemote: true,
  });
  expect(process.propagation.stats()).toEqual({ trusted: 0, linked: 0, browser: 0, malformed: {} });
});

test('its id in another trace proves nothing', () => {
  const { traceparent = '' } = process.inServerSpan('proxy', handedOn);
  expect(parentOf({ traceparent: `00-${'a'.repeat(32)}${traceparent.slice(35)}` })).toBeUndefined();
});

test('once a page has told of a span, nobody is believed to be below it', () => {
  const carrier = process.inServerSpan('page', () => {
    const headers = handedOn();
    expect(pageTrace()?.traceparent).toBe(headers.traceparent);
    return headers;
  });
  expect(parentOf(carrier)).toBeUndefined();
});

test('the mark of a browser that is left over is not read on what this process hands to itself', () => {
  const carrier = process.inServerSpan('proxy', handedOn);
  const parent = parentOf({ ...carrier, tracestate: 'unite=browser' });
  expect(parent?.traceId).toBe(carrier.traceparent?.split('-')[1]);
  expect(parent).not.toHaveProperty('traceState');
});

test('a span below one of this process links to nobody', () => {
  process.inServerSpan('server', (span) => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    process.tracer.startSpan('below', {}, process.propagation.receive({ traceparent })).end();
    expect(process.span('below').parentSpanContext).toEqual(span.spanContext());
    expect(process.span('below').links).toEqual([]);
  });
});

test('a span of another kind is not believed, nor one of long ago', () => {
  const span = process.tracer.startSpan('internal');
  const internal = context.with(trace.setSpan(ROOT_CONTEXT, span), handedOn);
  expect(parentOf(internal)).toBeUndefined();
  const oldest = process.inServerSpan('oldest', handedOn);
  for (const at of Array(4_096).keys()) process.inServerSpan(`later ${at}`, () => {});
  expect(parentOf(oldest)).toBeUndefined();
});

test('the processor has nothing to flush and nothing to close', async () => {
  await expect(linkProcessor().forceFlush()).resolves.toBeUndefined();
  await expect(linkProcessor().shutdown()).resolves.toBeUndefined();
});
