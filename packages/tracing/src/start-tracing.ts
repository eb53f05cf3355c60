import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { AlwaysOnSampler, BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { backgroundClock, warnOnce } from '@unite/shared';
import { createSpanPreparer } from './attributes/prepare-span';
import { checkSetUp } from './check/check-set-up';
import { scheduleSelfCheck } from './check/schedule-self-check';
import { isSelfTraced } from './check/self-traced';
import { checkTracingOptions } from './check-tracing-options';
import { createResource } from './create-resource';
import { createExportPipeline } from './exporters/export-pipeline';
import { createInstrumentations } from './instrumentation/create-instrumentations';
import type { SpanSink } from './pipeline-types';
import { linkProcessor } from './propagation/claimed-parent';
import { createPropagator } from './propagation/create-propagator';
import { runningTracing } from './running-tracing';
import { createTailSampler } from './sampling/tail-sampler';
import type { FlushReport, InstrumentationName, RemoteSpans, Tracing, TracingOptions } from './types';

const defaultInstrumentations: readonly InstrumentationName[] = [
  'http',
  'undici',
  'pg',
  'redis',
  'ioredis',
  'ai',
  'unite',
];

/** What nobody else makes spans of; the rest would be there twice where another library owns the providers. */
const joinedInstrumentations: readonly InstrumentationName[] = ['ai', 'unite'];

/**
 * Sets tracing up for the process: providers, propagation, instrumentations, sampling and export. Call it in a file of
 * its own, before anything imports a driver, or the driver is not seen.
 *
 * A provider that is registered already is joined: its sampling and exporters hold. Called again, it returns what runs.
 *
 * @throws TypeError for an option that is unknown, missing or malformed
 * @example
 * export const tracing = startTracing({
 *   service: { name: 'crm', release, environment },
 *   exporters: [otlp({ url: 'http://localhost:4318/v1/traces' })],
 * });
 */
export function startTracing(options: TracingOptions): Tracing {
  checkTracingOptions(options);
  const running = runningTracing();
  if (running.current) {
    if (running.current.service.name !== options.service.name) {
      warnOnce(
        'UNITE_TRACING_STARTED_TWICE',
        `startTracing was called for ${options.service.name}, but runs for ${running.current.service.name}; the options of the second call are ignored`,
      );
    }
    return running.current;
  }
  running.current = createTracing(options, () => {
    running.current = undefined;
  });
  return running.current;
}

function createTracing(options: TracingOptions, onClosed: () => void): Tracing {
  const { exporters = [], limits = {}, clock = backgroundClock, service } = options;
  const { maxTextLength = 4_096, maxAttributes = 128, maxEvents = 128, maxLinks = 32 } = limits;

  const prepare = createSpanPreparer({ redact: options.redact, maxTextLength });
  const pipeline = createExportPipeline(exporters, { ...options.export, clock });
  let selfTraced = 0;
  const keep: SpanSink = (spans) => {
    if (spans[0] && isSelfTraced(spans[0])) selfTraced += 1;
    pipeline.push(spans.map(prepare));
  };
  const sampler = createTailSampler({ ...options.sampling, clock }, keep);
  const propagator = createPropagator(options.propagation ?? {});
  const provider = new BasicTracerProvider({
    resource: createResource(options),
    // Every span is recorded; which traces are kept is decided when they have ended.
    sampler: new AlwaysOnSampler(),
    spanLimits: {
      attributeValueLengthLimit: maxTextLength,
      attributeCountLimit: maxAttributes,
      eventCountLimit: maxEvents,
      linkCountLimit: maxLinks,
      attributePerEventCountLimit: maxAttributes,
      attributePerLinkCountLimit: maxAttributes,
    },
    spanProcessors: [linkProcessor(), sampler],
  });

  const owner = trace.setGlobalTracerProvider(provider) ? 'unite' : 'joined';
  if (owner === 'unite') {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    propagation.setGlobalPropagator(propagator);
  }
  const instrumented = createInstrumentations(
    options.instrument ?? (owner === 'unite' ? defaultInstrumentations : joinedInstrumentations),
  );
  const disable = registerInstrumentations({
    instrumentations: [...instrumented.instrumentations],
    tracerProvider: trace.getTracerProvider(),
  });

  let closing: Promise<FlushReport> | undefined;
  const tracing: Tracing = {
    service,
    owner,
    tracer: trace.getTracer('@unite/tracing'),
    propagation: propagator,
    stats() {
      const { started, ended, ...sampling } = sampler.stats();
      return {
        spans: { started, ended },
        sampling,
        exporters: pipeline.stats(),
        propagation: propagator.stats(),
      };
    },
    check,
    accept,
    flush: ({ timeoutMs = 5_000 } = {}) => pipeline.flush(timeoutMs),
    close({ timeoutMs = 5_000 } = {}) {
      closing ??= end(timeoutMs);
      return closing;
    },
    async [Symbol.asyncDispose]() {
      await tracing.close();
    },
  };
  const ending = new AbortController();
  if (options.selfCheck ?? true) void scheduleSelfCheck(check, clock, ending.signal);
  return tracing;

  /** Those of browsers: the server's part of their trace has ended before they are sent. */
  function accept(spans: Parameters<RemoteSpans['accept']>[0]): ReturnType<RemoteSpans['accept']> {
    const kept = spans.filter((span) => sampler.decisionOf(span.spanContext().traceId) === 'kept');
    keep(kept);
    return { accepted: kept.length, refused: spans.length - kept.length };
  }

  function check() {
    return checkSetUp({ owner, exporters: pipeline.stats(), instrumented, selfTraced });
  }

  async function end(timeoutMs: number): Promise<FlushReport> {
    ending.abort();
    sampler.decideAll();
    const report = await pipeline.close(timeoutMs);
    disable();
    if (owner === 'unite') {
      trace.disable();
      context.disable();
      propagation.disable();
    }
    onClosed();
    return report;
  }
}
