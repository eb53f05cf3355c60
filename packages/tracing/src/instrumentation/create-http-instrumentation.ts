import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';

/** `node:http` and `node:https`, by its stable conventions: requests to others, to this process, or both. */
export function createHttpInstrumentation(names: ReadonlySet<unknown>): HttpInstrumentation {
  return new HttpInstrumentation({
    disableOutgoingRequestInstrumentation: !names.has('http'),
    disableIncomingRequestInstrumentation: !names.has('http-server'),
    requireParentforOutgoingSpans: true,
  });
}
