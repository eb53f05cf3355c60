import type { ServerResponse } from 'node:http';

/**
 * Lets a handler that is still at work talk to nobody. Its request has been answered at the deadline, and
 * a late `response.json()` would throw, in a callback where nothing catches it.
 *
 * `headersSent` reads false: Express closes the connection when an error arrives after the headers, which
 * could cut off the answer, and a handler that heeds its signal fails at that very moment.
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
  Object.defineProperty(response, 'headersSent', { value: false });
}
