import { type Context, trace } from '@opentelemetry/api';
import type { ReadableSpan, Span } from '@opentelemetry/sdk-trace-base';
import type { SpanSink, TailSampler } from '../pipeline-types';
import { stampReason } from './stamp-reason';

/** What a span is to its trace. Stands on the span itself, which costs a fifth of what an entry in a WeakMap does. */
type Part = 'root' | 'child';

/** The sampler for a ratio of 1: there is nothing to decide, so nothing is held. */
export function createKeepAll(sink: SpanSink): TailSampler {
  const part = Symbol('unite.tracing.part');
  type Marked = { [part]?: Part | undefined };
  let started = 0;
  let ended = 0;
  let openTraces = 0;
  let kept = 0;

  return {
    onStart(span: Span, parentContext: Context): void {
      started += 1;
      const isChild = (trace.getSpan(parentContext) as Marked | undefined)?.[part] !== undefined;
      if (!isChild) openTraces += 1;
      (span as Marked)[part] = isChild ? 'child' : 'root';
    },
    onEnd(span: ReadableSpan): void {
      ended += 1;
      if ((span as Marked)[part] === 'root') {
        openTraces -= 1;
        kept += 1;
        stampReason(span, 'all');
      }
      sink([span]);
    },
    decideAll() {},
    decisionOf: () => 'kept',
    forceFlush: async () => {},
    shutdown: async () => {},
    stats: () => ({
      started,
      ended,
      kept: { all: kept, ratio: 0, error: 0, slow: 0, early: 0 },
      dropped: 0,
      early: { tooMany: 0, tooLong: 0 },
      late: { kept: 0, dropped: 0, forgotten: 0 },
      overLimit: 0,
      openTraces,
      openSpans: 0,
    }),
  };
}
