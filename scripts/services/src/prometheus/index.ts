export { findPrometheus, type PrometheusPrograms } from './find-prometheus';
export type * from './prometheus-types';
export { startAlertmanager } from './start-alertmanager';
export { startPrometheus } from './start-prometheus';
