import { currentContext } from '@unite/core/context';
import { UniteObservation } from '../../src/observation';
import type { FinishedRequest, ObservedRequest } from '../../src/observation/observation-types';

/** Observes as an `Apm` does, on a clock that is moved by hand, and remembers. */
export function observing() {
  const finished: (FinishedRequest & { readonly traceId: string | undefined })[] = [];
  const captured: unknown[] = [];
  const routes: unknown[] = [];
  const clock = { nowMs: 0 };
  const host = {
    nowMs: () => clock.nowMs,
    wallMs: () => 1_000 + clock.nowMs,
    context: currentContext,
    capture: (error: unknown, { route }: { readonly route?: string | undefined }) => {
      routes.push(route);
      return `event-${captured.push(error)}`;
    },
    finish: (request: FinishedRequest, _method: string, _template: string, traceId: string | undefined) =>
      void finished.push({ ...request, traceId }),
  };
  return {
    finished,
    captured,
    routes,
    clock,
    observe: (request: ObservedRequest) => new UniteObservation(host, request),
  };
}
