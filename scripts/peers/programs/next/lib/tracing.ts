import { once } from '@unite/core/once';
import { startTracing } from '@unite/tracing';
import { createTraceStore } from '@unite/tracing/store';

export const traces = once('peers.traces', () => createTraceStore());
export const tracing = once('peers.tracing', () =>
  startTracing({ service: { name: 'peers' }, exporters: [traces] }),
);
