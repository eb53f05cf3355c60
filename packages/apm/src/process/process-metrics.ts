import { checkOptions, expects, globalSlot } from '@unite/shared';
import { startEventLoop } from './event-loop';
import { startGarbageCollection } from './garbage-collection';
import { recordPools } from './pools';
import type { ProcessMetrics, ProcessMetricsOptions, ProcessRecorder } from './process-types';
import { startResources } from './resources';
import { startSpans } from './spans';

/** One look at the process, and the end of what it needs. */
export interface Watch {
  look(): void;
  end(): void;
}

/**
 * Records how the process does: the delay and the use of its event loop, garbage collection, memory, CPU, handles,
 * the connections of database clusters, and what became of spans. Names are those of `prom-client` where it has the same. Keeps no process alive.
 *
 * A second call with the same recorder returns the first.
 *
 * @throws TypeError for an option that is not right
 * @example
 * const metrics = processMetrics(apm, { pools: [db], tracing });
 */
export function processMetrics(apm: ProcessRecorder, options: ProcessMetricsOptions = {}): ProcessMetrics {
  checkProcessOptions(apm, options);
  const { running } = globalSlot(Symbol.for('unite.apm.process.1'), () => ({
    running: new WeakMap<object, ProcessMetrics>(),
  }));
  const known = running.get(apm);
  if (known) return known;
  const started = start(apm, options, () => running.delete(apm));
  running.set(apm, started);
  return started;
}

function start(
  apm: ProcessRecorder,
  { everyMs = 10_000, pools = [], tracing, eventLoopResolutionMs = 10 }: ProcessMetricsOptions,
  onClose: () => void,
): ProcessMetrics {
  const recorder = unbreakable(apm);
  const watches: Watch[] = [
    startEventLoop(recorder, { resolutionMs: eventLoopResolutionMs, everyMs }),
    startGarbageCollection(recorder),
    startResources(recorder),
    { look: () => recordPools(recorder, pools), end: () => undefined },
    ...(tracing ? [startSpans(recorder, tracing)] : []),
  ];
  const timer = setInterval(() => {
    for (const watch of watches) watch.look();
  }, everyMs);
  timer.unref();
  return {
    async close() {
      clearInterval(timer);
      for (const watch of watches.splice(0)) watch.end();
      onClose();
    },
  };
}

/** What records belongs to somebody else; a timer that throws would end the process. */
function unbreakable(apm: ProcessRecorder): ProcessRecorder {
  return {
    count: (...value) => quietly(() => apm.count(...value)),
    gauge: (...value) => quietly(() => apm.gauge(...value)),
    record: (...value) => quietly(() => apm.record(...value)),
  };
}

function quietly(record: () => void): void {
  try {
    record();
  } catch {
    // The next look may work.
  }
}

function checkProcessOptions(apm: ProcessRecorder, options: ProcessMetricsOptions): void {
  if (typeof (apm as Partial<ProcessRecorder> | undefined)?.gauge !== 'function') {
    throw new TypeError('processMetrics: the first argument must be what startApm returns');
  }
  const whole = (from: number, to: number) =>
    expects(
      `a whole number from ${from} to ${to}`,
      (value) => Number.isInteger(value) && (value as number) >= from && (value as number) <= to,
    );
  checkOptions('processMetrics', options, {
    everyMs: whole(1, 3_600_000),
    eventLoopResolutionMs: whole(1, 1_000),
    tracing: expects(
      'what startTracing returns, with stats()',
      (value) => typeof (value as { stats?: unknown } | null)?.stats === 'function',
    ),
    pools: expects(
      'a list of clusters with status()',
      (value) =>
        Array.isArray(value) &&
        value.every(
          (cluster) => typeof (cluster as { status?: unknown } | null | undefined)?.status === 'function',
        ),
    ),
  });
}
