export { checkLocalTargets } from './check-local-targets';
export type * from './drill-types';
export { formatScorecard } from './format-scorecard';
export type * from './probe-types';
export { runDrills } from './run-drills';
export type * from './scorecard-types';
export { startProbe } from './start-probe';
