import {
  context,
  INVALID_SPAN_CONTEXT,
  type Span,
  type Tracer,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';
import type { Instrumentation } from '@opentelemetry/instrumentation';
import { maskQuoted } from './mask-quoted';
import { maskedException } from './masked-exception';

/**
 * Makes an instrumentation of a database start spans only where one is active, so that timers and health checks start
 * no traces of their own, and keep the values that its server quotes in errors to itself. Its own options do the first
 * for commands, not for `connect`, and the second for exceptions, not for the status.
 */
export function insideTraces<Guarded extends Instrumentation>(instrumentation: Guarded): Guarded {
  const setTracerProvider = instrumentation.setTracerProvider.bind(instrumentation);
  instrumentation.setTracerProvider = (provider) => setTracerProvider(guardedProvider(provider));
  instrumentation.setTracerProvider(trace.getTracerProvider());
  return instrumentation;
}

function guardedProvider(provider: TracerProvider): TracerProvider {
  return {
    getTracer(name, version, options) {
      const tracer = provider.getTracer(name, version, options);
      const startSpan: Tracer['startSpan'] = (spanName, spanOptions, parent = context.active()) =>
        trace.getSpan(parent)
          ? withMaskedErrors(tracer.startSpan(spanName, spanOptions, parent))
          : trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
      return { startSpan, startActiveSpan: tracer.startActiveSpan.bind(tracer) };
    },
  };
}

function withMaskedErrors(span: Span): Span {
  const setStatus = span.setStatus.bind(span);
  const recordException = span.recordException.bind(span);
  span.setStatus = (status) =>
    setStatus(status.message === undefined ? status : { ...status, message: maskQuoted(status.message) });
  span.recordException = (exception, time) => recordException(maskedException(exception), time);
  return span;
}
