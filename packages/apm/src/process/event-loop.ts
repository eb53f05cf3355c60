import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { Watch } from './process-metrics';
import type { ProcessRecorder } from './process-types';

/**
 * How late timers are, and how much of the time the event loop had work, since the last look.
 *
 * @param everyMs when a look is due after the last one
 */
export function startEventLoop(
  recorder: ProcessRecorder,
  { resolutionMs, everyMs }: { readonly resolutionMs: number; readonly everyMs: number },
): Watch {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  let before = performance.eventLoopUtilization();
  let lookedAtMs = performance.now();
  return {
    look() {
      // What blocked just before a look, among the same timers, the histogram has not seen yet and never will.
      const lateSeconds = (performance.now() - lookedAtMs - everyMs) / 1e3;
      lookedAtMs = performance.now();
      // A histogram without values has a mean that is no number.
      if (delay.count > 0) {
        recorder.gauge('nodejs_eventloop_lag_mean_seconds', lagSeconds(delay.mean));
        recorder.gauge('nodejs_eventloop_lag_p50_seconds', lagSeconds(delay.percentile(50)));
        recorder.gauge('nodejs_eventloop_lag_p99_seconds', lagSeconds(delay.percentile(99)));
      }
      recorder.gauge('nodejs_eventloop_lag_max_seconds', Math.max(lateSeconds, lagSeconds(delay.max)));
      delay.reset();
      const now = performance.eventLoopUtilization();
      recorder.gauge(
        'nodejs_eventloop_utilization_ratio',
        performance.eventLoopUtilization(now, before).utilization,
      );
      before = now;
    },
    end: () => void delay.disable(),
  };

  /** What is measured is the time between two timers: a loop that is never late shows the resolution. */
  function lagSeconds(betweenNs: number): number {
    return Math.max(0, betweenNs / 1e9 - resolutionMs / 1e3);
  }
}
