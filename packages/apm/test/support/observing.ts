import { UniteObservation } from '../../src/observation';
import type { FinishedRequest, ObservedRequest } from '../../src/observation/observation-types';

/** Observes as an `Apm` does, on a clock that is moved by hand, and remembers. */
export function observing() {
  const finished: (FinishedRequest & { readonly traceId: string | undefined })[] = [];
  const captured: unknown[] = [];
  const clock = { nowMs: 0 };
  const host = {
    nowMs: () => clock.nowMs,
    wallMs: () => 1_000 + clock.nowMs,
    capture: (error: unknown) => `event-${captured.push(error)}`,
    finish: (request: FinishedRequest, _method: string, _template: string, traceId: string | undefined) =>
      void finished.push({ ...request, traceId }),
  };
  return {
    finished,
    captured,
    clock,
    observe: (request: ObservedRequest) => new UniteObservation(host, request),
  };
}
