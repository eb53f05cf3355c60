import { request } from 'node:http';

/** A browser waits for about as long before it connects anew, in milliseconds. */
const reconnectMs = 100;

/**
 * Event streams that are opened again whenever they end, as a browser's EventSource does.
 *
 * @param {{ host: string, port: number, headers?: Record<string, string>, path: string, count: number }} options
 */
export function startStreams({ host, port, headers, path, count }) {
  let isOver = false;
  let events = 0;
  let ended = 0;
  const failed = new Map();
  const open = new Set();
  const waiting = new Set();
  for (let stream = 0; stream < count; stream += 1) connect();

  return {
    counts: () => ({ events, streamsEnded: ended, streamsFailed: Object.fromEntries(failed) }),
    /** Each has had an event since it was opened. */
    allOpen: () =>
      new Promise((resolve) => {
        waiting.add(resolve);
        tell();
      }),
    stop() {
      isOver = true;
      for (const sent of open) sent.destroy();
    },
  };

  function connect() {
    if (isOver) return;
    const sent = request({
      host,
      port,
      path,
      agent: false,
      headers: { ...headers, accept: 'text/event-stream' },
    });
    let isDone = false;
    sent.on('response', (response) => {
      if (response.statusCode !== 200) return fail(`${response.statusCode}`);
      response.on('data', () => {
        events += 1;
        open.add(sent);
        tell();
      });
      response.on('end', () => {
        ended += 1;
        again();
      });
      response.on('error', (error) => fail(`broken off: ${error.code}`));
    });
    sent.on('error', (error) => fail(`${error.code}`));
    sent.end();

    function fail(reason) {
      if (!isOver && !isDone) failed.set(reason, (failed.get(reason) ?? 0) + 1);
      sent.destroy();
      again();
    }

    function again() {
      if (isDone) return;
      isDone = true;
      open.delete(sent);
      setTimeout(connect, reconnectMs * (0.5 + Math.random()));
    }
  }

  function tell() {
    if (open.size < count) return;
    for (const resolve of waiting) resolve();
    waiting.clear();
  }
}
