import type { Exemplar, Labels, MetricDeclaration } from './metric-types';

/** What the parts of the package record metrics with. */
export interface MetricRecorder {
  /** Says what a metric is. The first declaration of a name holds. */
  declare(name: string, declaration: MetricDeclaration): void;
  /** Adds to a counter, sets a gauge, or adds to a histogram, as the metric was declared. Never throws. */
  put(name: string, value: number, labels?: Labels, exemplar?: Exemplar): void;
}
