export { AiInstrumentation } from './ai-instrumentation';
export { type AiTelemetry, aiTelemetry } from './ai-telemetry';
export type { AiClient, AiTelemetryOptions, TraceAiClientOptions } from './ai-types';
export { traceAiClient } from './trace-ai-client';
