import type { Channel, TracingChannel } from 'node:diagnostics_channel';

/**
 * The named diagnostics channel, or `undefined` where the platform has none (browsers, some edge
 * runtimes). Reached without an `import`, so that what publishes events still loads there.
 */
export function openChannel(name: string): Channel | undefined {
  return diagnosticsChannel()?.channel(name);
}

/** The named tracing channel (`start`, `end`, `asyncStart`, `asyncEnd`, `error`), or `undefined`. */
export function openTracingChannel(name: string): TracingChannel<object, object> | undefined {
  return diagnosticsChannel()?.tracingChannel(name) as TracingChannel<object, object> | undefined;
}

function diagnosticsChannel(): typeof import('node:diagnostics_channel') | undefined {
  return globalThis.process?.getBuiltinModule?.('node:diagnostics_channel');
}
