import type { Clock } from '@unite/core';
import { systemClock } from '@unite/shared';
import type { ErrorEvent, MetricDefinition, MetricKind, Service, Sink, StackFrame } from '../../src';
import type { DatadogOptions } from '../../src/datadog';
import { datadog } from '../../src/datadog';

export const service: Service = {
  name: 'crm',
  release: '1.4.2',
  environment: 'Production',
  deployment: { id: 'd-42', commit: 'abc123', atMs: 1_700_000_000_000 },
};

export const serviceTagList = ['service:crm', 'env:production', 'version:1.4.2', 'deployment:d-42'];

export function startedSink(
  options: DatadogOptions,
  given: { clock?: Clock; service?: Service } = {},
): Required<Sink> {
  const sink = datadog(options) as Required<Sink>;
  sink.start({
    service: given.service ?? service,
    clock: given.clock ?? systemClock,
    redact: (text) => text,
    spoolDirectory: undefined,
  });
  return sink;
}

export function metric(kind: MetricKind, name: string, labels: readonly string[] = []): MetricDefinition {
  return { name, kind, help: 'A metric.', labels, buckets: [] };
}

export function frame(file: string, line: number, isInApp = true): StackFrame {
  return { function: 'importContacts', file, line, column: 7, isInApp };
}

export function errorOf(given: Partial<ErrorEvent> & { type?: string; message?: string } = {}): ErrorEvent {
  const { type = 'TypeError', message = 'Nothing there', ...event } = given;
  return {
    id: 'e'.repeat(32),
    atMs: 1_700_000_000_500,
    kind: 'request',
    level: 'error',
    isHandled: false,
    exceptions: [
      {
        type,
        message,
        code: undefined,
        relation: 'thrown',
        frames: [frame('node_modules/pg/index.js', 1, false), frame('src/import.ts', 12)],
      },
    ],
    fingerprint: undefined,
    service,
    route: 'POST /api/import',
    requestId: 'r-1',
    tenantId: 'acme',
    userId: undefined,
    plan: undefined,
    traceId: undefined,
    spanId: undefined,
    tags: {},
    extra: {},
    ...event,
  };
}
