import { type EventLoopUtilization, monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { Latencies } from './latencies';

/** What the generator knows of itself. */
export interface GeneratorHealth {
  readonly delay: { readonly p99Ms: number; readonly maxMs: number };
  /** Share of the measured time in which its event loop was busy. */
  readonly busyShare: number;
}

const resolutionMs = 10;
/** What a timer is late on an idle machine. */
const timerMs = 2;

/**
 * Watches whether the generator itself is the limit: how late it sends, and how late its event loop is, in which answers
 * wait as well.
 */
export class GeneratorWatch {
  readonly #sendDelays: Latencies;
  readonly #loopDelays = monitorEventLoopDelay({ resolution: resolutionMs });
  #loopAtStart: EventLoopUtilization | undefined;
  #busyShare = 0;

  constructor(mostMs: number) {
    this.#sendDelays = new Latencies(mostMs);
  }

  start(): void {
    this.#loopAtStart = performance.eventLoopUtilization();
    this.#loopDelays.enable();
  }

  /** A request was sent that much later than it was due. */
  record(delayMs: number): void {
    if (this.#loopAtStart) this.#sendDelays.record(delayMs);
  }

  stop(): void {
    if (!this.#loopAtStart) return;
    this.#busyShare = performance.eventLoopUtilization(this.#loopAtStart).utilization;
    this.#loopAtStart = undefined;
    this.#loopDelays.disable();
  }

  get health(): GeneratorHealth {
    const loopDelayMs = (ns: number) => Math.max(0, ns / 1e6 - resolutionMs - timerMs);
    return {
      delay: {
        p99Ms: Math.max(this.#sendDelays.percentileMs(99), loopDelayMs(this.#loopDelays.percentile(99))),
        maxMs: Math.max(this.#sendDelays.percentileMs(100), loopDelayMs(this.#loopDelays.max)),
      },
      busyShare: this.#busyShare,
    };
  }
}
