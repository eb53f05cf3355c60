import type { ErrorEvent, ExceptionRecord } from '../../src/capture/capture-types';

/** An error as sinks get it. */
export function errorEvent(
  {
    type = 'Error',
    message = 'it broke',
    code,
  }: Partial<Pick<ExceptionRecord, 'type' | 'message' | 'code'>> = {},
  given: Partial<ErrorEvent> = {},
): ErrorEvent {
  return {
    id: '0'.repeat(32),
    atMs: Date.UTC(2026, 10, 26, 12),
    kind: 'request',
    level: 'error',
    isHandled: false,
    exceptions: [{ type, message, code, frames: [], relation: 'thrown' }],
    fingerprint: undefined,
    service: { name: 'crm' },
    route: undefined,
    requestId: undefined,
    tenantId: undefined,
    userId: undefined,
    plan: undefined,
    traceId: undefined,
    spanId: undefined,
    tags: {},
    extra: {},
    ...given,
  };
}
