import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How late the event loop was since the last reset. */
export interface EventLoopDelay {
  readonly meanMs: number;
  readonly maxMs: number;
}

/** Measures the event loop. */
export interface EventLoopSource {
  read(): EventLoopDelay;
  reset(): void;
}

const resolutionMs = 10;

/** Measures by a timer of Node's own, which keeps no process alive. */
export function eventLoopSource(): EventLoopSource {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  histogram.enable();
  return {
    // Each value is the time between two ticks of the timer. Of none the mean is not a number.
    read: () => ({
      meanMs: Math.max(0, (histogram.mean || 0) / 1e6 - resolutionMs),
      maxMs: Math.max(0, histogram.count === 0 ? 0 : histogram.max / 1e6 - resolutionMs),
    }),
    reset: () => histogram.reset(),
  };
}
