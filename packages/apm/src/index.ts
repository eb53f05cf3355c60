export type * from './budget/budget-types';
export {
  type ChildProcessLike,
  type WorkerLike,
  watchChildProcess,
  watchWorker,
} from './capture';
export type * from './capture/capture-types';
export { defineApmConfig } from './config';
export type * from './config/config-types';
export type * from './cost/cost-types';
export type * from './metrics/metric-types';
export type * from './observation/observation-types';
export type * from './sink-types';
export type * from './slo/slo-types';
export type * from './source-maps/source-map-types';
export { startApm } from './start-apm';
export type * from './types';
