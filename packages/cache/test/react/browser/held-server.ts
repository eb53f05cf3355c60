import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that has arrived, and waits for the test. */
export interface HeldRequest {
  readonly path: string;
  /** The browser has hung up before it was answered. */
  readonly closed: Promise<void>;
  answer(text: string, status?: number): void;
}

/** Serves pages and scripts at once, and holds whatever is under `/api/`. */
export async function startHeldServer(files: Readonly<Record<string, string>>) {
  const arrived: HeldRequest[] = [];
  const waiting: ((request: HeldRequest) => void)[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    if (path.startsWith('/api/')) return hold(path, response);
    const script = files[path];
    response.setHeader('content-type', script ? 'text/javascript' : 'text/html');
    response.end(
      script ?? `<!doctype html><div id="root"></div><script src="${path.split('?')[0]}.js"></script>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** The next request, in the order of arrival. */
    next: (): Promise<HeldRequest> =>
      new Promise((resolve) => {
        const request = arrived.shift();
        if (request) resolve(request);
        else waiting.push(resolve);
      }),
    /** Requests that nobody has asked for; whoever still waits for one does so no longer. */
    rest: () => {
      waiting.length = 0;
      return arrived.splice(0).map(({ path }) => path);
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  function hold(path: string, response: ServerResponse): void {
    const request: HeldRequest = {
      path,
      closed: new Promise((resolve) => {
        response.on('close', () => {
          if (!response.writableEnded) resolve();
        });
      }),
      answer(text, status = 200) {
        response.writeHead(status, { 'content-type': 'text/plain', 'cache-control': 'no-store' });
        response.end(text);
      },
    };
    const taker = waiting.shift();
    if (taker) taker(request);
    else arrived.push(request);
  }
}
