import { setImmediate } from 'node:timers/promises';
import { createExportPipeline } from '../../packages/tracing/dist/exporters.js';
import { createTailSampler } from '../../packages/tracing/dist/sampling.js';
import { interleaved, ratioOf } from '../lib/rounds.mjs';
import { showSamples } from '../lib/show-samples.mjs';
import { times } from '../lib/table.mjs';
import {
  BatchSpanProcessor,
  makeTrace,
  ROOT_CONTEXT,
  spansPerTrace,
  trace,
  tracerOf,
} from './open-telemetry.mjs';

const sdk = 'BatchSpanProcessor';

/** What takes every batch at once, so that what is measured is the way to it. */
const takesAll = { export: (_, done) => done({ code: 0 }), shutdown: async () => {} };

/** Both queues have the same bounds. */
const queue = { maxQueueSize: 32_768, maxExportBatchSize: 512, scheduledDelayMillis: 1_000 };

/** Nanoseconds a span for sampler and queue, beside the SDK's own processor, which does not sample. */
export async function cost(report) {
  const pipeline = createExportPipeline([takesAll]);
  const contestants = {
    [sdk]: passOver(new BatchSpanProcessor({ exporter: takesAll, ...queue })),
    'sampler and queue, ratio 1': passOver(createTailSampler({}, pipeline.push)),
    'sampler and queue, ratio 0.1': passOver(createTailSampler({ ratio: 0.1 }, pipeline.push)),
  };
  const settings = report.quick ? { rounds: 9, roundMs: 20 } : { rounds: 31, roundMs: 150 };
  const perTrace = await interleaved(contestants, { ...settings, clock: 'cpu' });
  const samples = Object.fromEntries(
    Object.entries(perTrace).map(([name, values]) => [name, values.map((ns) => ns / spansPerTrace)]),
  );
  const [, ...ours] = Object.keys(samples);
  showSamples(report, 'One span through sampler and queue, processor time', samples, { base: sdk, ours });
  const all = ratioOf(samples, 'sampler and queue, ratio 1', sdk);
  const tenth = ratioOf(samples, 'sampler and queue, ratio 0.1', sdk);
  const [{ dropped }] = pipeline.stats();
  report.claim(`sampler and queue at a ratio of 1 cost less than twice a ${sdk}`, all.median < 2, {
    figure: times(all),
    isOfMachine: true,
  });
  report.claim(`at a ratio of 0.1 less than four times a ${sdk}`, tenth.median < 4, {
    figure: times(tenth),
    isOfMachine: true,
  });
  report.claim('no span is dropped on the way', dropped === 0);
}

/** Gives a processor spans that were made before, trace by trace, with turns of the event loop between. */
function passOver(processor) {
  const traces = madeTraces(1_000);
  let at = 0;
  return async (calls) => {
    for (let call = 0; call < calls; call += 1) {
      const { spans, root, inside } = traces[at];
      at = (at + 1) % traces.length;
      processor.onStart(root, ROOT_CONTEXT);
      for (const span of spans) processor.onStart(span, inside);
      for (const span of spans) processor.onEnd(span);
      processor.onEnd(root);
      if (call % 80 === 79) await setImmediate();
    }
  };
}

function madeTraces(count) {
  const traces = [];
  let spans = [];
  const collect = {
    onStart() {},
    onEnd: (span) => spans.push(span),
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  const tracer = tracerOf([collect]);
  while (traces.length < count) {
    makeTrace(tracer);
    const root = spans.pop();
    traces.push({ spans, root, inside: trace.setSpan(ROOT_CONTEXT, root) });
    spans = [];
  }
  return traces;
}
