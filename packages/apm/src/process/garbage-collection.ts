import { constants, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';
import type { Watch } from './process-metrics';
import type { ProcessRecorder } from './process-types';

const kinds: Readonly<Record<number, string>> = {
  [constants.NODE_PERFORMANCE_GC_MAJOR]: 'major',
  [constants.NODE_PERFORMANCE_GC_MINOR]: 'minor',
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: 'incremental',
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: 'weakcb',
};

/** An entry of the type `gc`. */
type CollectorRun = PerformanceEntry & { readonly detail: { readonly kind: number } };

/** How long each run of the garbage collector took, by its kind. */
export function startGarbageCollection(recorder: ProcessRecorder): Watch {
  const observer = new PerformanceObserver((list) => record(list.getEntries()));
  observer.observe({ entryTypes: ['gc'] });
  return {
    look: () => record(observer.takeRecords()),
    end: () => observer.disconnect(),
  };

  function record(runs: readonly PerformanceEntry[]): void {
    for (const { duration, detail } of runs as readonly CollectorRun[]) {
      const kind = kinds[detail.kind] ?? 'other';
      recorder.record('nodejs_gc_duration_seconds', duration / 1_000, { kind });
    }
  }
}
