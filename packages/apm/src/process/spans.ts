import type { Watch } from './process-metrics';
import type { ProcessRecorder, TracedProcess } from './process-types';

/** What became of spans, by exporter: those that left, those that were lost and why, and those that wait. */
export function startSpans(recorder: ProcessRecorder, tracing: TracedProcess): Watch {
  const before = new Map<string, number>();
  /** Counters of the set-up never go back; those that are recorded are told what came since. */
  function rise(name: string, total: number, labels: Readonly<Record<string, string>>): void {
    const key = `${name} ${Object.values(labels).join(' ')}`;
    recorder.count(name, total - (before.get(key) ?? 0), labels);
    before.set(key, total);
  }
  return {
    look() {
      try {
        for (const { exporter, exported, failed, dropped, queued } of tracing.stats().exporters) {
          rise('tracing_spans_exported_total', exported, { exporter });
          rise('tracing_spans_lost_total', failed, { exporter, reason: 'failed' });
          rise('tracing_spans_lost_total', dropped, { exporter, reason: 'dropped' });
          recorder.gauge('tracing_spans_queued', queued, { exporter });
        }
      } catch {
        // Tracing that cannot tell how it is does not keep the rest from it.
      }
    },
    end: () => undefined,
  };
}
