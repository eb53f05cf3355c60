import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { Latency } from './load-types';

/** Times of answers: Node's own HDR histogram, in microseconds, to three digits. Its size does not grow. */
export class Latencies {
  readonly #histogram: RecordableHistogram;

  /** @param mostMs the longest time that can come */
  constructor(mostMs: number) {
    this.#histogram = createHistogram({ lowest: 1, highest: Math.ceil(mostMs * 1_000) + 10, figures: 3 });
  }

  get count(): number {
    return this.#histogram.count;
  }

  record(timeMs: number): void {
    this.#histogram.record(Math.max(1, Math.round(timeMs * 1_000)));
  }

  add(other: Latencies): void {
    this.#histogram.add(other.#histogram);
  }

  clear(): void {
    this.#histogram.reset();
  }

  percentileMs(percentile: number): number {
    // A percentile is the end of its bucket, which may be beyond the greatest.
    return this.count === 0
      ? 0
      : Math.min(this.#histogram.percentile(percentile), this.#histogram.max) / 1_000;
  }

  summary(): Latency {
    return {
      p50Ms: this.percentileMs(50),
      p90Ms: this.percentileMs(90),
      p95Ms: this.percentileMs(95),
      p99Ms: this.percentileMs(99),
      p999Ms: this.percentileMs(99.9),
      maxMs: this.percentileMs(100),
      meanMs: this.count === 0 ? 0 : this.#histogram.mean / 1_000,
    };
  }
}
