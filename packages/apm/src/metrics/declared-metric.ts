import { describeValue } from '@unite/shared';
import type { MetricDeclaration, MetricDefinition } from './metric-types';

/** Of requests and of every histogram that says no others, in seconds: a cached answer takes less than a millisecond. */
export const defaultBuckets: readonly number[] = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10,
];

const kinds = ['counter', 'gauge', 'histogram'];
const maxLabels = 8;
const maxBuckets = 100;

/** @see https://prometheus.io/docs/concepts/data_model */
const metricName = /^[a-zA-Z_][a-zA-Z0-9_]{0,199}$/;

/** Those that begin with two underscores belong to Prometheus, `le` and `quantile` to its histograms. */
const labelName = /^(?!__|le$|quantile$)[a-zA-Z_][a-zA-Z0-9_]{0,99}$/;

/** Why a metric cannot be declared so; `undefined` where it can. */
export function metricProblem(name: unknown, declaration: MetricDeclaration): string | undefined {
  const { kind, help, labels = [], buckets = defaultBuckets } = declaration;
  if (typeof name !== 'string' || !metricName.test(name)) return 'its name must be letters, digits and _';
  if (!kinds.includes(kind)) return `its kind must be ${kinds.join(', ')}, got ${describeValue(kind)}`;
  if (typeof help !== 'string' || help === '') return 'its help must be a sentence';
  if (!Array.isArray(labels) || labels.length > maxLabels) return `it may have ${maxLabels} labels`;
  const wrong = labels.find((label, index) => !isLabel(label) || labels.indexOf(label) !== index);
  if (wrong !== undefined) return `it cannot have a label ${describeValue(wrong)}`;
  if (!isRising(buckets)) return `its buckets must be rising numbers, ${maxBuckets} at most`;
  return undefined;
}

export function declaredMetric(name: string, declaration: MetricDeclaration): MetricDefinition {
  const { kind, help, labels = [], buckets = defaultBuckets } = declaration;
  return { name, kind, help, labels: [...labels], buckets: kind === 'histogram' ? [...buckets] : [] };
}

function isLabel(label: unknown): boolean {
  return typeof label === 'string' && labelName.test(label);
}

function isRising(buckets: readonly number[]): boolean {
  return (
    Array.isArray(buckets) &&
    buckets.length > 0 &&
    buckets.length <= maxBuckets &&
    buckets.every(
      (bound, index) => Number.isFinite(bound) && (index === 0 || bound > Number(buckets[index - 1])),
    )
  );
}
