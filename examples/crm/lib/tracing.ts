import { once } from '@unite/core/once';
import { startTracing } from '@unite/tracing';
import { otlp } from '@unite/tracing/exporters';
import { createTraceStore } from '@unite/tracing/store';
import { env } from './env';

// Imports no driver: what is loaded before tracing has started is not seen by it.

/** The last traces of this process, for the screens under /ops/traces. */
export const traces = once('crm.traces', () => createTraceStore({ maxTraces: 500 }));

/** Every request from the browser to the database, as one tree. */
export const tracing = once('crm.tracing', () =>
  startTracing({
    service: env.service,
    exporters: [traces, ...(env.otlpUrl === undefined ? [] : [otlp({ url: env.otlpUrl })])],
    sampling: { ratio: env.traceRatio, keepErrors: true, keepSlowerThanMs: 500 },
    selfCheck: !env.isBuild,
  }),
);
