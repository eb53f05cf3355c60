export { jaeger } from './jaeger';
export { verifyTracing } from './verify-tracing';
export type * from './verify-types';
