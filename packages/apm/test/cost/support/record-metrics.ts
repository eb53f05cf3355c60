import type { Labels, MetricDeclaration } from '../../../src/metrics/metric-types';
import type { MetricRecorder } from '../../../src/metrics/recorder-types';

/** A recorder that adds up what it is given, and fails for what no counter may be given. */
export function recordMetrics() {
  const declared = new Map<string, MetricDeclaration>();
  const sums = new Map<string, number>();
  const recorder: MetricRecorder = {
    declare: (name, declaration) => void declared.set(name, declaration),
    put(name, value, labels = {}) {
      const declaration = declared.get(name);
      if (Object.keys(labels).join() !== declaration?.labels?.join()) throw new Error(`labels of ${name}`);
      if (declaration.kind === 'counter' && !(value >= 0)) throw new Error(`${name}: ${value}`);
      const key = keyOf(name, labels);
      sums.set(key, declaration.kind === 'gauge' ? value : (sums.get(key) ?? 0) + value);
    },
  };
  return {
    recorder,
    declared,
    metric: (name: string, labels: Labels = {}) => sums.get(keyOf(name, labels)),
    /** Of all its series. */
    sumOf: (name: string) =>
      [...sums].filter(([key]) => key.startsWith(`["${name}"`)).reduce((sum, [, value]) => sum + value, 0),
  };
}

function keyOf(name: string, labels: Labels): string {
  return JSON.stringify([name, ...Object.values(labels)]);
}
