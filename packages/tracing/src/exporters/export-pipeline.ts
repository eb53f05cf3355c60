import type { SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { Clock } from '@unite/core';
import { backgroundClock, checkOptions, expects, optionChecks } from '@unite/shared';
import type { ExportPipeline } from '../pipeline-types';
import type { FlushReport } from '../types';
import { ExportQueue, type QueueSettings } from './export-queue';
import type { ExportOptions } from './exporter-types';

/** Options of `createExportPipeline`. */
export interface ExportPipelineOptions extends ExportOptions {
  /** @default the machine's time */
  readonly clock?: Clock | undefined;
}

const count = expects(
  'a whole number of at least 1',
  (value) => Number.isSafeInteger(value) && (value as number) >= 1,
);

/**
 * A bounded queue in front of each exporter: `push` never waits and never throws, an exporter that is slow or down holds
 * up no other, and every span is counted as exported, failed, dropped or queued.
 *
 * Instead of the SDK's `BatchSpanProcessor`, which drops without a count that anybody can read, and whose flush and
 * shutdown reject, or hang with the exporter.
 *
 * @throws TypeError for an option that is unknown or malformed
 * @example
 * const pipeline = createExportPipeline([otlp({ url: 'http://localhost:4318/v1/traces' })]);
 * pipeline.push(spans);
 * await pipeline.close(5_000);
 */
export function createExportPipeline(
  exporters: readonly SpanExporter[],
  options: ExportPipelineOptions = {},
): ExportPipeline {
  const settings = readSettings(options);
  const queues = exporters.map((exporter) => new ExportQueue(exporter, settings));
  let closing: Promise<FlushReport> | undefined;
  return {
    push(spans) {
      for (const queue of queues) queue.push(spans);
    },
    flush: (timeoutMs) => together(queues.map((queue) => queue.flush(timeoutMs))),
    close(timeoutMs) {
      closing ??= together(queues.map((queue) => queue.close(timeoutMs)));
      return closing;
    },
    stats: () => queues.map((queue) => queue.stats()),
  };
}

function readSettings(options: ExportPipelineOptions): QueueSettings {
  checkOptions('export', options, {
    maxQueuedSpans: count,
    maxBatchSpans: count,
    maxDelayMs: optionChecks.positive,
    timeoutMs: optionChecks.positive,
    clock: optionChecks.object,
  });
  return {
    maxQueuedSpans: options.maxQueuedSpans ?? 32_768,
    maxBatchSpans: options.maxBatchSpans ?? 512,
    maxDelayMs: options.maxDelayMs ?? 1_000,
    timeoutMs: options.timeoutMs ?? 10_000,
    clock: options.clock ?? backgroundClock,
  };
}

async function together(flushes: readonly Promise<FlushReport>[]): Promise<FlushReport> {
  const reports = await Promise.all(flushes);
  return {
    exported: reports.reduce((sum, { exported }) => sum + exported, 0),
    lost: reports.reduce((sum, { lost }) => sum + lost, 0),
    timedOut: reports.some(({ timedOut }) => timedOut),
  };
}
