export { currentTraceId } from './current-trace-id';
export { TracingError, type TracingErrorCode } from './errors';
export type * from './exporters/exporter-types';
export type * from './propagation/propagation-types';
export type * from './sampling/sampling-types';
export { type SpanWork, span } from './span';
export { startTracing } from './start-tracing';
export type * from './types';
