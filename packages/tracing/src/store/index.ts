export type * from './store-types';
export { createTraceStore } from './trace-store';
