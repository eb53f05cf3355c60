export { defaultBuckets } from './declared-metric';
export { MetricRegistry, type RegistryCounts } from './metric-registry';
export type { MetricSeries } from './metric-series';
export { overflow } from './overflow';
