import { context, type Span, SpanKind, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { linkProcessor } from '../../src/propagation/claimed-parent';
import { createPropagator } from '../../src/propagation/create-propagator';
import type { PropagationOptions } from '../../src/propagation/propagation-types';

/** What adapters need of a set-up, with every span kept in memory. One in a process at a time. */
export function tracedProcess(options: PropagationOptions = {}) {
  context.disable();
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({
    spanProcessors: [
      linkProcessor(),
      new SimpleSpanProcessor(exporter),
      { ...linkProcessor(), onStart() {}, onEnd: told },
    ],
  });
  const waiting = new Set<() => void>();
  const propagation = createPropagator(options);
  const tracer = provider.getTracer('test');
  return {
    provider,
    tracer,
    propagation,
    service: { name: 'crm' },
    /** Takes every span of a browser, as if each trace was kept. */
    accept(spans: readonly ReadableSpan[]) {
      exporter.export([...spans], () => {});
      told();
      return { accepted: spans.length, refused: 0 };
    },
    /** What ended so far. */
    spans: (): ReadableSpan[] => exporter.getFinishedSpans(),
    /** The one span that ended under this name. */
    span(name: string): ReadableSpan {
      const [span, ...others] = exporter.getFinishedSpans().filter((ended) => ended.name === name);
      if (!span || others.length > 0) {
        const names = exporter.getFinishedSpans().map((ended) => ended.name);
        throw new Error(`not one span is named ${name}: ${names.join(', ')}`);
      }
      return span;
    },
    /** The first span that ended, or ends, under this name. */
    async ended(name: string, kind?: SpanKind): Promise<ReadableSpan> {
      const isIt = (span: ReadableSpan) => span.name === name && (kind ?? span.kind) === span.kind;
      let span = exporter.getFinishedSpans().find(isIt);
      while (!span) {
        await new Promise<void>((resolve) => waiting.add(resolve));
        span = exporter.getFinishedSpans().find(isIt);
      }
      return span;
    },
    /** Runs `work` inside a server span that somebody else has started. */
    inServerSpan<Result>(name: string, work: (span: Span) => Result, base = context.active()): Result {
      const span = tracer.startSpan(name, { kind: SpanKind.SERVER }, base);
      return context.with(trace.setSpan(base, span), () => work(span));
    },
  };

  function told(): void {
    for (const go of waiting) go();
    waiting.clear();
  }
}

export type TracedProcess = ReturnType<typeof tracedProcess>;

/** A span that takes no time, under what is active. */
export function mark({ tracer }: Pick<TracedProcess, 'tracer'>, name: string): void {
  tracer.startSpan(name).end();
}
