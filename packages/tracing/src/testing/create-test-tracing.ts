import { context, propagation, type Tracer, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { BasicTracerProvider, type ReadableSpan, type SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { checkOptions, expects } from '@unite/shared';
import { formatTree } from './format-tree';

/** Options of `createTestTracing`. */
export interface TestTracingOptions {
  /** Further processors, which come before the spans are kept. @default none */
  readonly processors?: readonly SpanProcessor[] | undefined;
}

/** Tracing for the length of a test: every span is kept in memory. */
export interface TestTracing {
  readonly tracer: Tracer;
  /** Spans that ended, in the order of their ends. */
  spans(): readonly ReadableSpan[];
  /** Their names as a tree, by `formatTree`. */
  tree(): string;
  /** The first span that ended and that `predicate` holds for, now or later. Rejects with the signal's reason. */
  waitForSpan(predicate: (span: ReadableSpan) => boolean, signal: AbortSignal): Promise<ReadableSpan>;
  /** Forgets the spans so far. */
  reset(): void;
  /** Takes what it registered away again. Idempotent. */
  close(): void;
}

/**
 * Registers a tracer provider, a context manager and the W3C propagator for this process, until it is closed.
 *
 * @throws TypeError for an option that is unknown or malformed
 * @throws Error where a provider is registered already: its spans would not be seen here
 * @example
 * const tracing = createTestTracing();
 * afterEach(() => tracing.reset());
 * afterAll(() => tracing.close());
 */
export function createTestTracing(options: TestTracingOptions = {}): TestTracing {
  checkOptions('createTestTracing', options, {
    processors: expects('an array of span processors', Array.isArray),
  });
  const kept: ReadableSpan[] = [];
  const watchers = new Set<(span: ReadableSpan) => void>();
  const keeper: SpanProcessor = {
    onStart: () => undefined,
    onEnd: (span) => {
      kept.push(span);
      for (const watch of watchers) watch(span);
    },
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
  const provider = new BasicTracerProvider({ spanProcessors: [...(options.processors ?? []), keeper] });
  if (!trace.setGlobalTracerProvider(provider)) {
    throw new Error(
      'createTestTracing: a tracer provider is registered already; close what registered it first',
    );
  }
  const contexts = new AsyncLocalStorageContextManager().enable();
  context.setGlobalContextManager(contexts);
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  let isClosed = false;

  return {
    tracer: provider.getTracer('test'),
    spans: () => [...kept],
    tree: () => formatTree(kept),
    waitForSpan: (predicate, signal) =>
      new Promise((resolve, reject) => {
        const found = kept.find(predicate);
        if (found) return resolve(found);
        if (signal.aborted) return reject(signal.reason);
        const leave = (): void => {
          watchers.delete(watch);
          signal.removeEventListener('abort', abort);
        };
        const watch = (span: ReadableSpan): void => {
          if (!predicate(span)) return;
          leave();
          resolve(span);
        };
        const abort = (): void => {
          leave();
          reject(signal.reason);
        };
        watchers.add(watch);
        signal.addEventListener('abort', abort);
      }),
    reset: () => void kept.splice(0),
    close: () => {
      if (isClosed) return;
      isClosed = true;
      trace.disable();
      context.disable();
      propagation.disable();
    },
  };
}
