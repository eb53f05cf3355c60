import { createTailSampler } from '../../packages/tracing/dist/sampling.js';
import { ROOT_CONTEXT, trace, tracerOf } from '../tracing-export/open-telemetry.mjs';
import { repeated } from './loops.mjs';

const sync = { isAsync: false };

/** Spans and local roots that the sampler holds, and attributes and baggage that are read and written. */
export async function tracing(axes) {
  await spansOfTrace(axes);
  await openRoots(axes);
  await rootsBeyondTheCap(axes);
}

/** At a ratio below 1, where the spans of a trace are held until it is decided. */
async function spansOfTrace(axes) {
  const [held, bare] = [tracerOf([createTailSampler({ ratio: 0.5 }, forget)]), tracerOf([])];
  const traceOf = (tracer, spans) => () => {
    const root = tracer.startSpan('GET /contacts', {}, ROOT_CONTEXT);
    const inside = trace.setSpan(ROOT_CONTEXT, root);
    for (let left = spans; left > 1; left--) tracer.startSpan('SELECT contacts', {}, inside).end();
    root.end();
    return root;
  };
  const sizes = [1, 10, 100, 1_000, 10_000];
  await axes.measure({
    name: 'tracing: spans of a trace',
    operation: 'a trace, of which 1,000 spans are held at most',
    x: 'size',
    points: sizes.map((x) => ({ x, run: repeated(traceOf(held, x), sync) })),
    limit: {
      name: 'OpenTelemetry without a processor',
      points: sizes.map((x) => ({ x, run: repeated(traceOf(bare, x), sync) })),
    },
  });
}

async function openRoots(axes) {
  const points = [];
  const samplers = [];
  for (const x of [1, 10, 100, 1_000, 9_000]) {
    const sampler = createTailSampler({ ratio: 0.5 }, forget);
    samplers.push(sampler);
    const tracer = tracerOf([sampler]);
    // Each ends in its turn, when as many more have begun.
    const open = Array.from({ length: x }, () => tracer.startSpan('GET /contacts', {}, ROOT_CONTEXT));
    let turn = 0;
    const one = () => {
      const at = turn % x;
      turn += 1;
      open[at].end();
      open[at] = tracer.startSpan('GET /contacts', {}, ROOT_CONTEXT);
      return open[at];
    };
    points.push({ x, run: repeated(one, sync) });
  }
  await axes.measure({
    name: 'tracing: local roots that are open',
    operation: 'one begins, the oldest ends',
    x: 'population',
    points,
  });
  for (const sampler of samplers) await sampler.shutdown();
}

async function rootsBeyondTheCap(axes) {
  const points = [];
  const samplers = [];
  for (const x of [10, 100, 1_000, 10_000]) {
    const sampler = createTailSampler({ ratio: 0.5, maxOpenTraces: x }, forget);
    samplers.push(sampler);
    const tracer = tracerOf([sampler]);
    const begin = () => tracer.startSpan('GET /contacts', {}, ROOT_CONTEXT);
    for (let left = x; left > 0; left--) begin();
    points.push({ x, run: repeated(begin, sync) });
  }
  await axes.measure({
    name: 'tracing: local roots that never end, at the cap',
    operation: 'one begins, the oldest is decided early',
    x: 'population',
    points,
  });
  for (const sampler of samplers) await sampler.shutdown();
}

function forget() {}
