import type { Exemplar, MetricDefinition, MetricPoint } from './metric-types';
import { overflow } from './overflow';

/** Longest text of a label, in UTF-16 units: the rest is cut. */
const maxLabelLength = 200;

/** The series of one metric: a bounded number of label sets, and one for all that are over. */
export class MetricSeries {
  readonly metric: MetricDefinition;
  readonly #maxSeries: number;
  readonly #deliver: (point: MetricPoint) => void;
  readonly #known = new Map<string, readonly string[]>();
  readonly #overflow: readonly string[];
  #overflowed = 0;

  constructor(metric: MetricDefinition, maxSeries: number, deliver: (point: MetricPoint) => void) {
    this.metric = metric;
    this.#maxSeries = maxSeries;
    this.#deliver = deliver;
    this.#overflow = metric.labels.map(() => overflow);
  }

  get size(): number {
    return this.#known.size;
  }

  /** Values that went to the series of what is over. */
  get overflowed(): number {
    return this.#overflowed;
  }

  /** Whether a value can be one of this metric. */
  accepts(value: number): boolean {
    return Number.isFinite(value) && (value >= 0 || this.metric.kind !== 'counter');
  }

  /** @param labels in the order of the metric's, as many */
  put(value: number, labels: readonly string[], exemplar?: Exemplar): void {
    const known = this.#known.get(keyOf(labels)) ?? this.#admit(labels);
    this.#deliver({ metric: this.metric, value, labels: known, exemplar });
  }

  #admit(labels: readonly string[]): readonly string[] {
    const kept = labels.map((label) => label.slice(0, maxLabelLength));
    const key = keyOf(kept);
    const known = this.#known.get(key);
    if (known) return known;
    if (this.#known.size >= this.#maxSeries) {
      this.#overflowed += 1;
      return this.#overflow;
    }
    this.#known.set(key, kept);
    return kept;
  }
}

/** Labels hold no NUL, so that no two sets have one key. */
function keyOf(labels: readonly string[]): string {
  return labels.join('\u0000');
}
