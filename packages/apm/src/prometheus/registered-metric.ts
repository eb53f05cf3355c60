import { globalSlot } from '@unite/shared';
import { Counter, Gauge, Histogram, type Metric, type Registry } from 'prom-client';
import type { MetricDefinition } from '../metrics/metric-types';
import type { MetricWriterOptions } from './metric-writer';

interface Registered {
  readonly metric: Metric;
  /** What two definitions must have in common to be one metric. */
  readonly shape: string;
}

/**
 * The metric of prom-client for a definition: made at the first use in a registry. Several sinks may share a registry,
 * also those of other copies of this package: they add to the same series.
 *
 * @throws Error where the registry has another metric of that name
 */
export function registeredMetric(
  registry: Registry,
  definition: MetricDefinition,
  { prefix, exemplars }: MetricWriterOptions,
): Metric {
  const registries = globalSlot(
    Symbol.for('unite.apm.prometheus.1'),
    () => new WeakMap<Registry, Map<string, Registered>>(),
  );
  const registered = registries.get(registry) ?? new Map<string, Registered>();
  registries.set(registry, registered);

  const name = prefix + nameOf(definition);
  const shape = JSON.stringify([definition.kind, definition.labels, definition.buckets, exemplars]);
  const known = registered.get(name);
  // An application may have cleared its registry.
  if (known?.shape === shape && registry.getSingleMetric(name) === known.metric) return known.metric;

  const metric = createMetric(name, definition, exemplars);
  registry.registerMetric(metric);
  registered.set(name, { metric, shape });
  return metric;
}

/** Both formats ask for `_total` at the end of a counter. @see OpenMetrics 1.0, "Counter" */
function nameOf({ kind, name }: MetricDefinition): string {
  return kind === 'counter' && !name.endsWith('_total') ? `${name}_total` : name;
}

function createMetric(name: string, definition: MetricDefinition, exemplars: boolean): Metric {
  const labelNames = [...definition.labels];
  // Registered afterwards: at construction prom-client refuses exemplars for a registry of the text format, although
  // only what is written depends on the format.
  const common = { name, help: definition.help || definition.name, labelNames, registers: [] };
  switch (definition.kind) {
    case 'counter':
      return new Counter(common);
    case 'gauge':
      return new Gauge(common);
    case 'histogram':
      return new Histogram({ ...common, buckets: [...definition.buckets], enableExemplars: exemplars });
  }
}
