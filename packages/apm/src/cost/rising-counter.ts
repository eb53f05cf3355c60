import type { Labels } from '../metrics/metric-types';
import type { MetricRecorder } from '../metrics/recorder-types';

/** Series whose excess is remembered; the others have one together. */
const maxSeries = 1_000;
const others = '';

/**
 * A counter of what may be given back. A counter cannot fall: what is given back is taken off what comes next of the
 * same series, so that it shows the most that was ever spent, and not the sum of all estimates.
 */
export class RisingCounter {
  readonly #recorder: MetricRecorder;
  readonly #name: string;
  /** What one unit of the metric is made of: a billion billionths. */
  readonly #scale: number;
  /** By how much a series is too high. */
  readonly #excess = new Map<string, bigint>();

  constructor(recorder: MetricRecorder, name: string, scale = 1) {
    this.#recorder = recorder;
    this.#name = name;
    this.#scale = scale;
  }

  /** @param amount negative where something is given back */
  add(labels: Labels, amount: bigint): void {
    const series = this.#seriesOf(labels, amount);
    const rise = amount - (this.#excess.get(series) ?? 0n);
    if (rise < 0n) this.#excess.set(series, -rise);
    else this.#excess.delete(series);
    if (rise > 0n) this.#recorder.put(this.#name, Number(rise) / this.#scale, labels);
  }

  #seriesOf(labels: Labels, amount: bigint): string {
    const series = Object.values(labels).join('\n');
    if (this.#excess.has(series)) return series;
    return amount < 0n && this.#excess.size < maxSeries ? series : others;
  }
}
