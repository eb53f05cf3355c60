import { type Context, context, ROOT_CONTEXT, type Span, type SpanOptions, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  type ReadableSpan,
  type SpanExporter,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-base';

/** A tracer of the real SDK in front of a span processor. */
export function tracerOf(processor: SpanProcessor) {
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'crm' }),
    spanProcessors: [processor],
  });
  const tracer = provider.getTracer('test');
  return {
    start: (name: string, parent?: Span, options: SpanOptions = {}): Span =>
      tracer.startSpan(name, options, parent ? trace.setSpan(ROOT_CONTEXT, parent) : ROOT_CONTEXT),
    startIn: (name: string, parent: Context): Span => tracer.startSpan(name, {}, parent),
  };
}

/** Spans of the real SDK that have ended. */
export function endedSpans(count: number): ReadableSpan[] {
  const spans: ReadableSpan[] = [];
  const { start } = tracerOf(processorOf((span) => spans.push(span)));
  for (const place of Array(count).keys()) start(`span ${place}`).end();
  return spans;
}

export function processorOf(onEnd: (span: ReadableSpan) => void): SpanProcessor {
  return { onStart() {}, onEnd, forceFlush: async () => {}, shutdown: async () => {} };
}

/** A context in which the active span is known by its headers only. */
export function remoteParent(traceId: string): Context {
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId: '00f067aa0ba902b7',
    traceFlags: 1,
    isRemote: true,
  });
}

/** An exporter that answers as it is told. */
export function exporterOf(answer: SpanExporter['export'], rest: Partial<SpanExporter> = {}): SpanExporter {
  return { export: answer, shutdown: async () => {}, ...rest };
}

/** Contexts that follow asynchronous work, as in an application; call the result at the end. */
export function enableContexts(): () => void {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  return () => context.disable();
}
