import {
  context,
  INVALID_SPAN_CONTEXT,
  type Span,
  type Tracer,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';
import type { Instrumentation } from '@opentelemetry/instrumentation';
import { maskQuoted } from '@unite/shared/redaction';
import { maskedException } from './masked-exception';

/** What differs between databases. */
interface DatabaseSpans {
  /** The name by the conventions, from that of the instrumentation. */
  readonly spanName?: (name: string) => string;
  /** Whether a span would repeat what the one around it tells: it is left out, and what is in it belongs to its parent. */
  readonly repeats?: (name: string, parent: Span) => boolean;
  /** Answers that drivers get as errors and deal with. A trace is not kept for them. */
  readonly answers?: RegExp;
}

/**
 * Makes an instrumentation of a database start spans only where one is active, so that timers and health checks start
 * no traces of their own, and keep the values that its server quotes in errors to itself. Its own options do the first
 * for commands, not for `connect`, and the second for exceptions, not for the status.
 */
export function insideTraces<Guarded extends Instrumentation>(
  instrumentation: Guarded,
  spans: DatabaseSpans = {},
): Guarded {
  const setTracerProvider = instrumentation.setTracerProvider.bind(instrumentation);
  instrumentation.setTracerProvider = (provider) => setTracerProvider(guardedProvider(provider, spans));
  instrumentation.setTracerProvider(trace.getTracerProvider());
  return instrumentation;
}

function guardedProvider(
  provider: TracerProvider,
  { spanName = (name) => name, repeats, answers }: DatabaseSpans,
) {
  const guarded: TracerProvider = {
    getTracer(scope, version, options) {
      const tracer = provider.getTracer(scope, version, options);
      const startSpan: Tracer['startSpan'] = (name, spanOptions, parent = context.active()) => {
        const around = trace.getSpan(parent);
        if (!around) return trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
        if (repeats?.(name, around)) return standIn(around);
        return withMaskedErrors(tracer.startSpan(spanName(name), spanOptions, parent), answers);
      };
      return { startSpan, startActiveSpan: tracer.startActiveSpan.bind(tracer) };
    },
  };
  return guarded;
}

/** What is told to it goes nowhere; what starts inside of it belongs to `around`, for the samplers too, by their marks. */
function standIn(around: Span): Span {
  const span = trace.wrapSpanContext(around.spanContext());
  for (const mark of Object.getOwnPropertySymbols(around)) Reflect.set(span, mark, Reflect.get(around, mark));
  return span;
}

function withMaskedErrors(span: Span, answers: RegExp | undefined): Span {
  const setStatus = span.setStatus.bind(span);
  const recordException = span.recordException.bind(span);
  span.setStatus = ({ code, message = '' }) =>
    answers?.test(message) ? span : setStatus({ code, message: maskQuoted(message) });
  span.recordException = (thrown, time) => {
    const exception = maskedException(thrown);
    if (!answers?.test(exception.message)) recordException(exception, time);
  };
  return span;
}
