import { createTraceState, ROOT_CONTEXT, type SpanContext, type TraceState, trace } from '@opentelemetry/api';
import { B3Propagator } from '@opentelemetry/propagator-b3';
import { JaegerPropagator } from '@opentelemetry/propagator-jaeger';
import type { PropagationFormat } from './propagation-types';
import type { TraceHeaders } from './trace-headers';
import { parseTraceParent, remoteParent } from './trace-parent';

/** The parent that a request names in the first of the formats that it speaks well. */
export function readParent(
  formats: readonly PropagationFormat[],
  headers: TraceHeaders,
): SpanContext | undefined {
  for (const format of formats) {
    const parent = readers[format](headers);
    if (parent) return parent;
  }
  return undefined;
}

const readers: Readonly<Record<PropagationFormat, (headers: TraceHeaders) => SpanContext | undefined>> = {
  w3c(headers) {
    const header = headers.one('traceparent');
    if (header === undefined) return undefined;
    const parent = parseTraceParent(header);
    if (!parent) return headers.reject('traceparent');
    const traceState = readTraceState(headers);
    return traceState ? { ...parent, traceState } : parent;
  },

  // https://github.com/openzipkin/b3-propagation: one header, or one for each part.
  b3(headers) {
    const b3 = headers.one('b3');
    // A sampling decision alone names no parent.
    if (b3 !== undefined && /^[01d]$/.test(b3)) return undefined;
    const traceId = b3 === undefined ? headers.one('x-b3-traceid') : undefined;
    if (b3 === undefined && traceId === undefined) return undefined;
    const carrier =
      b3 === undefined
        ? {
            'x-b3-traceid': traceId,
            'x-b3-spanid': headers.one('x-b3-spanid'),
            'x-b3-sampled': headers.one('x-b3-sampled'),
            'x-b3-flags': headers.one('x-b3-flags'),
          }
        : { b3 };
    return readBy(b3Propagator, carrier) ?? headers.reject(b3 === undefined ? 'x-b3-traceid' : 'b3');
  },

  // https://www.jaegertracing.io/docs/latest/client-libraries/#propagation-format
  jaeger(headers) {
    const header = headers.one('uber-trace-id');
    if (header === undefined) return undefined;
    return readBy(jaegerPropagator, { 'uber-trace-id': header }) ?? headers.reject('uber-trace-id');
  },
};

const b3Propagator = new B3Propagator();
const jaegerPropagator = new JaegerPropagator();

/** Neither propagator says what it could not read, and not every id that they take is one. */
function readBy(
  propagator: B3Propagator | JaegerPropagator,
  carrier: Readonly<Record<string, string | undefined>>,
): SpanContext | undefined {
  const context = propagator.extract(ROOT_CONTEXT, carrier, {
    get: (_, name) => carrier[name],
    keys: () => Object.keys(carrier),
  });
  const { traceId, spanId, traceFlags = 0 } = trace.getSpanContext(context) ?? {};
  return remoteParent(traceId?.toLowerCase(), spanId?.toLowerCase(), traceFlags);
}

/** W3C Trace Context §3.3: what cannot be read whole is ignored whole. */
function readTraceState(headers: TraceHeaders): TraceState | undefined {
  const header = headers.list('tracestate');
  if (header === undefined) return undefined;
  const members = header
    .split(',')
    .map((member) => member.trim())
    .filter((member) => member !== '');
  const state = createTraceState(members.join());
  return state.serialize() === members.join() ? state : headers.reject('tracestate');
}
