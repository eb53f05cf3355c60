export { processMetrics } from './process-metrics';
export type {
  PooledCluster,
  PooledClusterStatus,
  ProcessMetrics,
  ProcessMetricsOptions,
  ProcessRecorder,
  TracedProcess,
} from './process-types';
