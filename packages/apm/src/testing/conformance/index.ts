export { checkSink } from './check-sink';
export { sinkChecks } from './sink-checks';
export type * from './types';
