import { backgroundClock } from '@unite/shared';
import type { ErrorEvent } from '../../../src/capture/capture-types';
import type { Service, SinkHost } from '../../../src/sink-types';

export const service: Service = {
  name: 'crm',
  release: 'crm@1.2.3',
  environment: 'test',
  instanceId: 'instance-1',
  deployment: { id: 'deploy-7', commit: 'abc1234', atMs: 1_732_622_000_000 },
};

export const host: SinkHost = {
  service,
  clock: backgroundClock,
  redact: (_, text) => text.replaceAll('hunter2', '[redacted]'),
  spoolDirectory: undefined,
};

let made = 0;

export function errorEvent(members: Partial<ErrorEvent> = {}): ErrorEvent {
  made += 1;
  return {
    id: made.toString(16).padStart(32, '0'),
    atMs: 1_732_622_400_000,
    kind: 'request',
    level: 'error',
    isHandled: false,
    exceptions: [
      {
        type: 'TypeError',
        message: 'no contact',
        code: undefined,
        relation: 'thrown',
        frames: [
          {
            function: 'load',
            file: 'src/contacts.ts',
            line: 7,
            column: 3,
            isInApp: true,
            source: { before: ['before'], line: 'throw new TypeError()', after: ['after'] },
          },
          { function: undefined, file: 'node:internal/x', line: 1, column: 2, isInApp: false },
        ],
      },
      { type: 'Error', message: 'no answer', code: 'ECONNREFUSED', relation: 'cause', frames: [] },
      { type: 'RangeError', message: 'one of many', code: undefined, relation: 'aggregated', frames: [] },
    ],
    fingerprint: ['contacts', 'load'],
    service,
    route: 'GET /api/contacts/[id]',
    requestId: 'request-1',
    tenantId: 'acme',
    userId: 'user-9',
    plan: 'pro',
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    spanId: '00f067aa0ba902b7',
    tags: { feature: 'contacts', tenant: 'not this one' },
    extra: { tries: 2 },
    ...members,
  };
}
