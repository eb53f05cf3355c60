import type { ServerResponse } from 'node:http';

/**
 * Lets a handler that is still at work talk to nobody. Its request has been answered at the deadline, and
 * a late `response.json()` would throw, in a callback where nothing catches it.
 */
export function muteResponse(response: ServerResponse): void {
  const ignore = () => response;
  Object.assign(response, {
    setHeader: ignore,
    appendHeader: ignore,
    removeHeader: ignore,
    writeHead: ignore,
    flushHeaders: ignore,
    write: () => true,
    end: ignore,
  });
}
