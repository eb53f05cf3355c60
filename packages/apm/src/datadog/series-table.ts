import type { MetricDefinition, MetricPoint } from '../metrics/metric-types';
import { cleanMetricName, cleanTagValue } from './clean-name';
import { DistinctNames } from './distinct-names';
import { Series } from './series';
import { labelKey } from './service-tags';

/** Finds the series of a point, and makes its name and tags once. Bounded by the caps on series that come before it. */
export class SeriesTable {
  readonly #metrics = new Map<MetricDefinition, MetricSeries>();
  readonly #names: DistinctNames;
  readonly #constantTags: string;

  /** @param prefix with its dot, or empty @param constantTags as they are written */
  constructor(prefix: string, constantTags: string) {
    this.#names = new DistinctNames((name) => cleanMetricName(prefix + name));
    this.#constantTags = constantTags;
  }

  of({ metric, labels }: Pick<MetricPoint, 'metric' | 'labels'>): Series {
    let series = this.#metrics.get(metric);
    if (!series) {
      series = new MetricSeries(metric, this.#names.of(metric.name), this.#constantTags);
      this.#metrics.set(metric, series);
    }
    return series.of(labels);
  }
}

/** The series of one metric. */
class MetricSeries {
  readonly #metric: MetricDefinition;
  readonly #name: string;
  readonly #constantTags: string;
  readonly #tags: readonly { readonly key: string; readonly values: DistinctNames }[];
  readonly #series = new Map<string, Series>();

  constructor(metric: MetricDefinition, name: string, constantTags: string) {
    this.#metric = metric;
    this.#name = name;
    this.#constantTags = constantTags;
    const keys = new DistinctNames(labelKey, tagKeys(constantTags));
    this.#tags = metric.labels.map((label) => {
      const key = keys.of(label);
      return { key, values: new DistinctNames((value) => cleanTagValue(value, key)) };
    });
  }

  of(labels: readonly string[]): Series {
    const id = idOf(labels);
    const known = this.#series.get(id);
    if (known) return known;
    const series = new Series(this.#metric.kind, this.#name, this.#tagsOf(labels));
    this.#series.set(id, series);
    return series;
  }

  #tagsOf(labels: readonly string[]): string {
    const tags = this.#tags.flatMap(({ key, values }, place) => {
      const value = labels[place] ?? '';
      return value === '' ? [] : `${key}:${values.of(value)}`;
    });
    return [...(this.#constantTags === '' ? [] : [this.#constantTags]), ...tags].join(',');
  }
}

/** With its length before each, so that no value can pass for two. */
function idOf(labels: readonly string[]): string {
  let id = '';
  for (const label of labels) id += `${label.length}:${label}`;
  return id;
}

function tagKeys(tags: string): string[] {
  return tags.split(',').map((tag) => tag.slice(0, Math.max(0, tag.indexOf(':'))));
}
