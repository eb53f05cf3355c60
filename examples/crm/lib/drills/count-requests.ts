import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** What has been answered since then. */
export interface RequestCount {
  readonly requests: number;
  readonly failed: number;
  stop(): void;
}

const channel = 'http.server.response.finish';

/** Not what people do: files, probes, and whoever watches. */
const watching = /^\/(_next\/static|health|metrics|ops|api\/(ops|drills|try-this|browser-))/;

/**
 * Counts the requests that this process answers, and those that it fails, until it is stopped.
 *
 * @param capturedErrors so far: a page that fails in the middle has begun with 200
 */
export function countRequests(capturedErrors: () => number): RequestCount {
  const capturedBefore = capturedErrors();
  let requests = 0;
  let refusals = 0;
  function add(message: unknown): void {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    if (watching.test(request.url ?? '')) return;
    requests += 1;
    if (response.statusCode >= 500) refusals += 1;
  }
  subscribe(channel, add);
  return {
    get requests() {
      return requests;
    },
    get failed() {
      return Math.max(refusals, capturedErrors() - capturedBefore);
    },
    stop: () => void unsubscribe(channel, add),
  };
}
