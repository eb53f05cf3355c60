export { datadog } from './datadog';
export type { DatadogClient, DatadogOptions, DatadogSpan, DatadogTracer } from './datadog-types';
export { type DatadogTraceFields, datadogTraceFields } from './trace-fields';
