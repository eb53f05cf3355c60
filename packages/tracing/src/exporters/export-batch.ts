import { context } from '@opentelemetry/api';
import { type ExportResult, ExportResultCode, suppressTracing } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { Clock } from '@unite/core';
import { TracingError } from '../errors';
import type { CountedResult } from './exporter-types';
import { failureWords } from './failure-words';

/** What became of a batch. */
export interface BatchOutcome {
  readonly failed: number;
  readonly error: string | undefined;
}

/**
 * Hands a batch to an exporter, for no longer than this. An exporter that throws, fails or does not answer has failed;
 * what it says after the time was up reaches nobody. Never rejects.
 *
 * @param waiting aborts when nobody waits for the exporter any more
 */
export async function exportBatch(
  exporter: SpanExporter,
  spans: ReadableSpan[],
  timeoutMs: number,
  clock: Clock,
  waiting: AbortController,
): Promise<BatchOutcome> {
  const count = spans.length;
  try {
    return outcomeOf(
      await Promise.race([send(exporter, spans), timeUp(timeoutMs, clock, waiting.signal)]),
      count,
    );
  } catch (error) {
    return { failed: count, error: failureWords(error) };
  } finally {
    waiting.abort();
  }
}

async function send(exporter: SpanExporter, spans: ReadableSpan[]): Promise<CountedResult> {
  await resourcesAreKnown(spans);
  return new Promise((resolve) => {
    // Or the request that exports spans would make spans, which are exported.
    context.with(suppressTracing(context.active()), () => exporter.export(spans, resolve));
  });
}

/** Detectors of resources may still be at work when the first spans end. */
async function resourcesAreKnown(spans: readonly ReadableSpan[]): Promise<void> {
  const resources = new Set(spans.map(({ resource }) => resource));
  await Promise.all(
    [...resources].map((resource) => resource.asyncAttributesPending && resource.waitForAsyncAttributes?.()),
  );
}

async function timeUp(timeoutMs: number, clock: Clock, signal: AbortSignal): Promise<never> {
  await clock.sleep(timeoutMs, signal);
  throw new TracingError(
    'UNITE_TRACING_EXPORT_TIMEOUT',
    `the exporter did not take the batch within ${timeoutMs} ms`,
  );
}

function outcomeOf(result: ExportResult | undefined, count: number): BatchOutcome {
  if (result?.code !== ExportResultCode.SUCCESS) return { failed: count, error: failureWords(result?.error) };
  const { rejectedSpans = 0, error }: CountedResult = result;
  const failed = Math.min(Math.max(0, rejectedSpans), count);
  return { failed, error: failed > 0 ? failureWords(error) : undefined };
}
