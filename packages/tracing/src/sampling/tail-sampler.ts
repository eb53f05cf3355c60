import type { Clock } from '@unite/core';
import type { SpanSink, TailSampler } from '../pipeline-types';
import { checkSamplingOptions } from './check-sampling-options';
import { HoldTraces } from './hold-traces';
import { createKeepAll } from './keep-all';
import type { SamplingOptions } from './sampling-types';

/** Options of `createTailSampler`. */
export interface TailSamplerOptions extends SamplingOptions {
  /** @default the machine's time */
  readonly clock?: Clock | undefined;
}

/**
 * Decides on whole traces when their local root has ended: a span processor for any OpenTelemetry SDK. `startTracing`
 * has one already; this is for those who set up a `NodeSDK` of their own. The SDK's own sampler has to record every
 * trace (`AlwaysOnSampler`), and processors that stand beside this one see the dropped traces too.
 *
 * Memory is bounded by count and by time, and so are traces that another service began. Neither `onStart` nor `onEnd`
 * throws.
 *
 * @param sink takes what is kept, such as the `push` of `createExportPipeline`
 * @throws TypeError for an option that is unknown or malformed
 * @example
 * const pipeline = createExportPipeline([otlp({ url })]);
 * const sampler = createTailSampler({ ratio: 0.1, keepSlowerThanMs: 500 }, pipeline.push);
 * const sdk = new NodeSDK({ sampler: new AlwaysOnSampler(), spanProcessors: [sampler] });
 * // at the end
 * await sdk.shutdown();
 * await pipeline.close(5_000);
 */
export function createTailSampler(options: TailSamplerOptions, sink: SpanSink): TailSampler {
  checkSamplingOptions(options);
  if (typeof sink !== 'function') throw new TypeError('createTailSampler: the sink must be a function');
  const quietSink: SpanSink = (spans) => {
    try {
      sink(spans);
    } catch {
      // What ends a span is a request, and no sink may break it.
    }
  };
  return (options.ratio ?? 1) === 1 ? createKeepAll(quietSink) : new HoldTraces(options, quietSink);
}
