import { backgroundClock } from '@unite/shared';
import type { ErrorEvent } from '../../capture/capture-types';
import type { MetricPoint } from '../../metrics/metric-types';
import type { Service, Sink, SinkHost } from '../../sink-types';

const service: Service = {
  name: 'check',
  release: 'check',
  environment: 'test',
  instanceId: 'check-1',
  deployment: { id: 'check-1', atMs: 0 },
};

/** What the checks start a sink with. */
export const host: SinkHost = {
  service,
  clock: backgroundClock,
  redact: (_, text) => text,
  spoolDirectory: undefined,
};

/** Everything that a sink may be given, `count` times. */
export function send(sink: Sink, count: number): readonly unknown[] {
  return Array.from({ length: count }).flatMap((_, at) => [
    sink.error?.(errorOf('it broke')),
    sink.metric?.(pointOf(at)),
    sink.feedback?.({ message: 'It does not work', eventId: errorOf('').id }),
    sink.deployment?.({ id: `d-${at}`, atMs: Date.now() }, service),
  ]);
}

/** What is odd, and allowed: sinks are given what is bounded, but any text. */
export function sendOdd(sink: Sink): readonly unknown[] {
  const text = `${'\u0000\ud800"\\\n|#'.repeat(2_000)}é`;
  const odd = { ...errorOf(text), tags: { [text.slice(0, 60)]: text.slice(0, 200) }, extra: { text } };
  const names = {
    fingerprint: [text],
    route: text,
    tenantId: text,
    requestId: text,
    traceId: 'f'.repeat(32),
  };
  return [
    sink.error?.({ ...odd, ...names }),
    sink.metric?.({ ...pointOf(1), labels: [text] }),
    sink.metric?.({ ...pointOf(Number.MAX_VALUE), exemplar: { traceId: 'f'.repeat(32) } }),
    sink.feedback?.({ message: text, name: text, email: text, url: text }),
    sink.deployment?.({ id: text, release: text, commit: text }, { name: 'check' }),
  ];
}

let ids = 0;
function errorOf(message: string): ErrorEvent {
  ids += 1;
  const frame = { function: 'run', file: '/app/run.js', line: 1, column: 1, isInApp: true };
  return {
    id: ids.toString(16).padStart(32, '0'),
    atMs: Date.now(),
    kind: 'captured',
    level: 'error',
    isHandled: true,
    exceptions: [{ type: 'Error', message, code: undefined, frames: [frame], relation: 'thrown' }],
    fingerprint: undefined,
    service,
    route: undefined,
    requestId: undefined,
    tenantId: undefined,
    userId: undefined,
    plan: undefined,
    traceId: undefined,
    spanId: undefined,
    tags: {},
    extra: {},
  };
}

const metric = {
  name: 'checks_total',
  kind: 'counter',
  help: 'Checks',
  labels: ['name'],
  buckets: [],
} as const;

function pointOf(value: number): MetricPoint {
  return { metric, value, labels: ['a'] };
}
