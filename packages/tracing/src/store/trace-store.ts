import { ExportResultCode } from '@opentelemetry/core';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { checkOptions, expects } from '@unite/shared';
import { nameExporter } from '../exporters/exporter-name';
import { isLocalRoot } from './is-local-root';
import type { StoredTrace, TraceStore, TraceStoreOptions } from './store-types';
import { toStoredSpan } from './to-stored-span';
import { TraceRecord } from './trace-record';

const count = expects(
  'a whole number of at least 1',
  (value) => Number.isSafeInteger(value) && (value as number) >= 1,
);

/**
 * Keeps the last traces of this process, ready for JSON, for a page of your own or for development. It is bounded and
 * in memory: for anything that has to last, add `otlp`.
 *
 * @throws TypeError for an option that is unknown or malformed
 * @example
 * export const traces = createTraceStore({ maxTraces: 500 });
 * export const tracing = startTracing({ service: { name: 'crm' }, exporters: [traces, otlp({ url })] });
 * // on a page
 * traces.trace(traceId)?.roots;
 */
export function createTraceStore(options: TraceStoreOptions = {}): TraceStore {
  checkOptions('createTraceStore', options, { maxTraces: count, maxSpansPerTrace: count });
  const { maxTraces = 200, maxSpansPerTrace = 500 } = options;
  const records = new Map<string, TraceRecord>();
  const waiting = new Map<string, Set<() => void>>();

  return nameExporter('trace store', {
    export(spans, done) {
      for (const span of spans) add(span);
      for (const traceId of new Set(spans.map((span) => span.spanContext().traceId))) wake(traceId);
      done({ code: ExportResultCode.SUCCESS });
    },
    trace: (traceId) => records.get(traceId)?.trace(),
    traces: (limit = 50) =>
      [...records.values()]
        .reverse()
        .slice(0, Math.max(0, limit))
        .map((record) => record.summary()),
    waitFor,
    forceFlush: async () => {},
    shutdown: async () => {},
  } satisfies TraceStore);

  function add(span: ReadableSpan): void {
    const { traceId } = span.spanContext();
    const record = records.get(traceId) ?? newRecord(traceId);
    record.add(toStoredSpan(span), isLocalRoot(span));
  }

  function newRecord(traceId: string): TraceRecord {
    if (records.size >= maxTraces) {
      const [oldest] = records.keys();
      if (oldest !== undefined) records.delete(oldest);
    }
    const record = new TraceRecord(traceId, maxSpansPerTrace);
    records.set(traceId, record);
    return record;
  }

  function rooted(traceId: string): StoredTrace | undefined {
    const record = records.get(traceId);
    return record?.hasRoot ? record.trace() : undefined;
  }

  function wake(traceId: string): void {
    for (const look of waiting.get(traceId) ?? []) look();
  }

  function waitFor(traceId: string, signal: AbortSignal): Promise<StoredTrace | undefined> {
    const found = rooted(traceId);
    if (found || signal.aborted) return Promise.resolve(found);
    return new Promise((resolve) => {
      const looks = waiting.get(traceId) ?? new Set();
      waiting.set(traceId, looks.add(look));
      signal.addEventListener('abort', end);

      function look(): void {
        if (rooted(traceId)) end();
      }
      function end(): void {
        looks.delete(look);
        if (looks.size === 0) waiting.delete(traceId);
        signal.removeEventListener('abort', end);
        resolve(rooted(traceId));
      }
    });
  }
}
