import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createExportPipeline, otlp } from '../../../packages/tracing/dist/exporters.js';
import { createTailSampler } from '../../../packages/tracing/dist/sampling.js';
import {
  makeTrace,
  ROOT_CONTEXT,
  spansPerTrace,
  trace,
  tracerOf,
} from '../../tracing-export/open-telemetry.mjs';
import { heldBytes, processUs } from './process-processor.mjs';
import { figure, unitCost } from './unit-cost.mjs';

/** A process's time for a span that is dropped and for one that is sent, and what it takes on the way. */
export async function traceSpans({ rounds, scale }) {
  const receiver = fork(fileURLToPath(new URL('byte-receiver-process.mjs', import.meta.url)));
  const [{ url }] = await once(receiver, 'message');
  const traces = Math.ceil(5_000 * scale);
  const us = { unit: 'µs of a process', rounds, calls: traces };
  try {
    const bytesOf = async () => {
      receiver.send('');
      const [{ bytes }] = await once(receiver, 'message');
      return bytes;
    };
    const dropped = await madeAndSampled({ ...us, what: 'a span, dropped by the sampler' }, 0, url);
    const sent = await madeAndSampled({ ...us, what: 'a span, sent' }, 1, url);
    const perSpanBytes = async (compression) => {
      const before = await bytesOf();
      const count = await send(url, traces, compression);
      return ((await bytesOf()) - before) / count;
    };
    return {
      spanDroppedUs: perSpan(dropped),
      spanSentUs: perSpan(sent),
      spanGzipBytes: figure({ what: 'a span, in OTLP by gzip, all alike', unit: 'bytes' }, [
        await perSpanBytes('gzip'),
      ]),
      spanPlainBytes: figure({ what: 'a span, in OTLP as it is', unit: 'bytes' }, [
        await perSpanBytes('none'),
      ]),
      spanHeldBytes: await held(),
    };
  } finally {
    receiver.disconnect();
  }
}

async function madeAndSampled(about, ratio, url) {
  const { tracer, pipeline } = tracing(ratio, url);
  const cost = await unitCost(about, processUs, (calls) => make(tracer, pipeline, calls));
  await pipeline.close(10_000);
  return cost;
}

async function send(url, traces, compression) {
  const { tracer, pipeline } = tracing(1, url, compression);
  await make(tracer, pipeline, traces);
  const { exported } = pipeline.stats()[0];
  await pipeline.close(10_000);
  return exported;
}

function tracing(ratio, url, compression = 'gzip') {
  const pipeline = createExportPipeline([otlp({ url, compression })]);
  const sampler = createTailSampler({ ratio }, pipeline.push);
  return { tracer: tracerOf([sampler]), pipeline };
}

async function make(tracer, pipeline, calls) {
  for (let call = 0; call < calls; call += 1) {
    makeTrace(tracer);
    // The queue takes thirty thousand, and empties while nothing is made.
    if (call % 80 === 79) await setImmediate();
    if (call % 800 === 799) await pipeline.flush(10_000);
  }
  await pipeline.flush(10_000);
}

/** Traces whose calls have ended and whose request has not. */
async function held() {
  const open = 5_000;
  const sampler = createTailSampler({ ratio: 0.1, maxOpenTraces: open }, () => {});
  const tracer = tracerOf([sampler]);
  const perSpanBytes =
    (await heldBytes(() => {
      const roots = [];
      for (let at = 0; at < open; at += 1) {
        const root = tracer.startSpan('GET /api/contacts/[id]', {}, ROOT_CONTEXT);
        const inside = trace.setSpan(ROOT_CONTEXT, root);
        for (let call = 1; call < spansPerTrace; call += 1) {
          tracer
            .startSpan('SELECT contacts', { attributes: { 'db.system.name': 'postgresql' } }, inside)
            .end();
        }
        roots.push(root);
      }
      return roots;
    })) /
    (open * spansPerTrace);
  sampler.decideAll();
  return figure({ what: 'a span, held until its trace is decided', unit: 'bytes' }, [perSpanBytes]);
}

function perSpan(cost) {
  const share = (value) => value / spansPerTrace;
  return { ...cost, median: share(cost.median), least: share(cost.least), most: share(cost.most) };
}
