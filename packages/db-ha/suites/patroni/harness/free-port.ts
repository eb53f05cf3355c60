import { createServer } from 'node:net';

/** Below the range from which Linux takes the local ports of outgoing connections. */
const first = 21_000;
const count = 10_000;
let next = first + (process.pid % count);

/**
 * A port on 127.0.0.1 that is free now and that no outgoing connection will take while its server is down:
 * a member has to come back on the port it had.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    next = first + ((next + 1 - first) % count);
    if (await isFree(next)) return next;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
