import type { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { MetricDefinition, MetricPoint } from '../metrics/metric-types';
import { createLabelSets } from './label-sets';
import { registeredMetric } from './registered-metric';

/** Adds one value to its series. Throws what prom-client throws. */
export type MetricWriter = (point: MetricPoint) => void;

/** How metrics are named and what they keep. */
export interface MetricWriterOptions {
  readonly prefix: string;
  readonly exemplars: boolean;
}

/**
 * What writes the values of one metric. Label objects are made once for each series. The handles of prom-client's
 * `labels()` would save nothing: they check and hash the labels again at each value, and know no exemplars.
 *
 * @throws Error of prom-client, for a name that is taken by another metric
 */
export function createMetricWriter(
  registry: Registry,
  definition: MetricDefinition,
  options: MetricWriterOptions,
): MetricWriter {
  const labelSets = createLabelSets(definition.labels);
  const metric = registeredMetric(registry, definition, options);
  switch (definition.kind) {
    case 'counter': {
      const counter = metric as Counter;
      return ({ labels, value }) => counter.inc(labelSets(labels), value);
    }
    case 'gauge': {
      const gauge = metric as Gauge;
      return ({ labels, value }) => gauge.set(labelSets(labels), value);
    }
    case 'histogram':
      return histogramWriter(metric as Histogram, labelSets, options.exemplars);
  }
}

function histogramWriter(
  histogram: Histogram,
  labelSets: ReturnType<typeof createLabelSets>,
  exemplars: boolean,
): MetricWriter {
  if (!exemplars) return ({ labels, value }) => histogram.observe(labelSets(labels), value);
  return ({ labels, value, exemplar }) =>
    histogram.observe({
      labels: labelSets(labels),
      value,
      // prom-client keeps the object, so that each needs its own.
      exemplarLabels: exemplar ? { trace_id: exemplar.traceId } : noExemplar,
    });
}

const noExemplar = {};
