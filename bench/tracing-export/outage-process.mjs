/**
 * Makes spans as fast as it can, for a receiver that takes none, and tells what it cost: run by `outage.mjs` with an
 * IPC channel and `--expose-gc`.
 */
import { setImmediate } from 'node:timers/promises';
import { createExportPipeline, otlp } from '../../packages/tracing/dist/exporters.js';
import { createTailSampler } from '../../packages/tracing/dist/sampling.js';
import { makeTrace, spansPerTrace, tracerOf } from './open-telemetry.mjs';

const [url, spanCount, stepCount] = [process.argv[2], ...process.argv.slice(3).map(Number)];

const pipeline = createExportPipeline(url ? [otlp({ url })] : []);
const sampler = createTailSampler({}, pipeline.push);
const tracer = tracerOf([sampler]);

const memory = [];
let cpuUs = 0;
let made = 0;
for (let step = 1; step <= stepCount; step += 1) {
  const before = process.cpuUsage();
  while (made < (spanCount * step) / stepCount) {
    // So many requests between two turns of the event loop.
    for (let request = 0; request < 20; request += 1) makeTrace(tracer);
    made += 20 * spansPerTrace;
    await setImmediate();
  }
  const { user, system } = process.cpuUsage(before);
  cpuUs += user + system;
  globalThis.gc();
  const { heapUsed, rss } = process.memoryUsage();
  memory.push({ spans: made, heapUsed, rss });
}

const [during] = pipeline.stats();
const closedAtMs = performance.now();
const report = await pipeline.close(1_000);
const closeMs = performance.now() - closedAtMs;
const [after] = pipeline.stats();
process.send({ made, memory, cpuUs, during, after, report, closeMs }, () => process.exit());
