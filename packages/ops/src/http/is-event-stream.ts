import type { ServerResponse } from 'node:http';

/**
 * Whether a response that has begun is an event stream, which has no end of its own.
 *
 * Headers that were given to `writeHead` alone are not kept by Node, other than in what it has sent.
 */
export function isEventStream(response: ServerResponse): boolean {
  if (!response.headersSent) return false;
  const { _header: sent } = response as { _header?: unknown };
  return /^content-type: *text\/event-stream/im.test(String(sent));
}
