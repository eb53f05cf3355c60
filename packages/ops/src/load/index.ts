export { formatLoadReport } from './format-load-report';
export type * from './load-types';
export { runLoad } from './run-load';
