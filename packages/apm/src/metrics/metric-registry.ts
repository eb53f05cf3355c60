import { describeValue, warnOnce } from '@unite/shared';
import { declaredMetric, metricProblem } from './declared-metric';
import { MetricSeries } from './metric-series';
import type {
  Exemplar,
  Labels,
  MetricDeclaration,
  MetricKind,
  MetricLimits,
  MetricPoint,
} from './metric-types';
import type { MetricRecorder } from './recorder-types';

/** Counters of a registry. */
export interface RegistryCounts {
  readonly series: number;
  readonly overflowed: number;
  readonly invalid: number;
}

/**
 * All metrics of a set-up: what they are, and which of their series exist. Values are handed on, never kept. What cannot
 * be a value is counted, and told once for each metric.
 */
export class MetricRegistry implements MetricRecorder {
  readonly #metrics = new Map<string, MetricSeries>();
  readonly #maxMetrics: number;
  readonly #maxSeries: number;
  readonly #deliver: (point: MetricPoint) => void;
  #invalid = 0;

  constructor({ maxMetrics = 500, maxSeries = 1_000 }: MetricLimits, deliver: (point: MetricPoint) => void) {
    this.#maxMetrics = maxMetrics;
    this.#maxSeries = maxSeries;
    this.#deliver = deliver;
  }

  declare(name: string, declaration: MetricDeclaration): void {
    this.series(name, declaration);
  }

  /** The series of a metric, declared here unless it is known. `undefined` where it cannot be one. */
  series(name: string, declaration: MetricDeclaration): MetricSeries | undefined {
    const known = this.#metrics.get(name);
    if (known) return known;
    const problem =
      this.#metrics.size >= this.#maxMetrics
        ? `there are ${this.#maxMetrics} metrics already`
        : metricProblem(name, declaration);
    if (problem !== undefined) {
      this.#refuse(name, problem);
      return undefined;
    }
    const made = new MetricSeries(declaredMetric(name, declaration), this.#maxSeries, this.#deliver);
    this.#metrics.set(name, made);
    return made;
  }

  put(name: string, value: number, labels?: Labels, exemplar?: Exemplar): void {
    const series = this.#metrics.get(name);
    if (series) this.#putTo(series, value, labels, exemplar);
    else this.#refuse(name, 'it was never declared');
  }

  /** As `put`; a metric that was not declared gets the labels of its first value. */
  putAs(kind: MetricKind, name: string, value: number, labels?: Labels): void {
    const declared = this.#metrics.get(name) ?? this.#declareBy(kind, name, labels);
    if (!declared) return;
    if (declared.metric.kind === kind) this.#putTo(declared, value, labels);
    else this.#refuse(name, `it is a ${declared.metric.kind}, and was used as a ${kind}`);
  }

  counts(): RegistryCounts {
    let series = 0;
    let overflowed = 0;
    for (const metric of this.#metrics.values()) {
      series += metric.size;
      overflowed += metric.overflowed;
    }
    return { series, overflowed, invalid: this.#invalid };
  }

  #declareBy(kind: MetricKind, name: string, labels: Labels | undefined): MetricSeries | undefined {
    try {
      return this.series(name, { kind, help: name, labels: Object.keys(labels ?? {}) });
    } catch {
      this.#refuse(name, 'its labels cannot be read');
      return undefined;
    }
  }

  #putTo(series: MetricSeries, value: number, given: Labels | undefined, exemplar?: Exemplar): void {
    const { metric } = series;
    const labels = given ?? {};
    try {
      const problem = valueProblem(series, value, labels);
      if (problem !== undefined) this.#refuse(metric.name, problem);
      else
        series.put(
          value,
          metric.labels.map((label) => textOf(labels[label])),
          exemplar,
        );
    } catch {
      this.#refuse(metric.name, 'its labels cannot be read');
    }
  }

  #refuse(name: unknown, problem: string): void {
    this.#invalid += 1;
    warnOnce(
      'UNITE_APM_METRIC_INVALID',
      `The metric ${describeValue(name)} was not recorded: ${problem}. More are counted only`,
    );
  }
}

function valueProblem(series: MetricSeries, value: unknown, labels: Labels): string | undefined {
  const { kind, labels: known } = series.metric;
  if (typeof value !== 'number' || !series.accepts(value))
    return `a ${kind} takes no ${describeValue(value)}`;
  const unknown = Object.keys(labels).find((label) => !known.includes(label));
  return unknown === undefined ? undefined : `it has no label ${describeValue(unknown)}`;
}

function textOf(value: Labels[string]): string {
  return value === undefined ? '' : String(value).replaceAll('\u0000', '');
}
