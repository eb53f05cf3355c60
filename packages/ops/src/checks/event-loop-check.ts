import type { Clock } from '@unite/core';
import { backgroundClock, checkOptions, optionChecks } from '@unite/shared';
import type { CheckResult, HealthCheck } from '../health/health-types';
import type { CheckOptions } from './check-types';
import { commonChecks, defineCheck } from './define-check';
import { type EventLoopSource, eventLoopSource } from './event-loop-delay';

/** Options of `eventLoopCheck`. */
export interface EventLoopCheckOptions extends CheckOptions {
  /** The event loop may be this late, in milliseconds. */
  readonly maxDelayMs: number;
  /** What was longer ago than this and the last window is forgotten, in milliseconds. @default 5_000 */
  readonly windowMs?: number | undefined;
  readonly clock?: Clock | undefined;
  /** Begins to measure. @default `monitorEventLoopDelay` of Node */
  readonly source?: (() => EventLoopSource) | undefined;
}

/**
 * Whether the event loop keeps up: down when it is late by more than `maxDelayMs` on average, degraded when it was so
 * once. What counts is the window under way and the one before it.
 *
 * Measures from its first run on, by timers that keep no process alive.
 *
 * @throws TypeError for options that are none
 * @example
 * const lifecycle = createLifecycle({ checks: { loop: eventLoopCheck({ maxDelayMs: 200 }) } });
 */
export function eventLoopCheck(options: EventLoopCheckOptions): HealthCheck {
  checkOptions(
    'eventLoopCheck',
    options,
    {
      ...commonChecks,
      maxDelayMs: optionChecks.positive,
      windowMs: optionChecks.positive,
      clock: optionChecks.object,
      source: optionChecks.function,
    },
    ['maxDelayMs'],
  );
  const { maxDelayMs, windowMs = 5_000, clock = backgroundClock, source = eventLoopSource } = options;
  let windows: DelayWindows | undefined;
  return defineCheck(options, () => {
    windows ??= new DelayWindows(source(), clock, windowMs);
    return windows.judge(maxDelayMs);
  });
}

/** The last whole window and the one under way. */
class DelayWindows {
  readonly #source: EventLoopSource;
  #last = { meanMs: 0, maxMs: 0 };

  constructor(source: EventLoopSource, clock: Clock, windowMs: number) {
    this.#source = source;
    void this.#turn(clock, windowMs);
  }

  judge(maxDelayMs: number): CheckResult {
    const now = this.#source.read();
    const meanMs = Math.max(this.#last.meanMs, now.meanMs);
    const maxMs = Math.max(this.#last.maxMs, now.maxMs);
    const detail = `late by ${Math.round(meanMs)} ms on average, ${Math.round(maxMs)} ms at most`;
    if (meanMs > maxDelayMs) return { status: 'down', detail };
    return { status: maxMs > maxDelayMs ? 'degraded' : 'up', detail };
  }

  async #turn(clock: Clock, windowMs: number): Promise<never> {
    for (;;) {
      await clock.sleep(windowMs);
      this.#last = this.#source.read();
      this.#source.reset();
    }
  }
}
