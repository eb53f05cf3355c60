import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';

/** A site whose page runs `startBrowserApm`, and what stands in for those that it sends to. */
export interface PageServer {
  readonly origin: string;
  /** Paths of all requests, in order. */
  readonly paths: string[];
  /** What came to the stand-in for Datadog's intake: one event a line. */
  readonly rumEvents: Record<string, never>[];
  /** Bodies by path. */
  readonly bodies: Map<string, string[]>;
  /** Bytes of scripts that were loaded. */
  loadedBytes(): number;
  handlers: Record<string, (request: Request) => Promise<Response>>;
  stop(): Promise<void>;
}

/** @param script of the page: a module, which may import everything */
export async function startPageServer(script: string): Promise<PageServer> {
  const { outputFiles } = await build({
    stdin: { contents: script, resolveDir: __dirname, loader: 'ts', sourcefile: 'page.ts' },
    bundle: true,
    splitting: true,
    format: 'esm',
    outdir: '/assets',
    write: false,
  });
  const assets = new Map(outputFiles.map(({ path, text }) => [path, text]));
  const paths: string[] = [];
  const rumEvents: Record<string, never>[] = [];
  const bodies = new Map<string, string[]>();
  const server = createServer(async (request, response) => {
    const path = request.url?.split('?')[0] ?? '';
    paths.push(path);
    const asset = assets.get(path);
    if (asset) return void response.setHeader('content-type', 'text/javascript').end(asset);
    if (request.method === 'POST') {
      const body = await read(request);
      bodies.set(path, [...(bodies.get(path) ?? []), body]);
      // Recordings come as forms.
      if (path === '/rum' && !request.headers['content-type']?.startsWith('multipart/')) {
        for (const line of body.split('\n').filter(Boolean)) rumEvents.push(JSON.parse(line));
      }
      const handler = site.handlers[path];
      const answer = await handler?.(new Request(`${site.origin}${path}`, { method: 'POST', body }));
      return void response.writeHead(answer?.status ?? 200).end();
    }
    response.setHeader(
      'server-timing',
      'traceparent;desc="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", route;desc="/page/[id]"',
    );
    response.setHeader('content-type', 'text/html');
    response.end(
      '<!doctype html><link rel="icon" href="data:,"><title>x</title><h1>Contacts</h1><button>press</button><script type="module" src="/assets/stdin.js"></script>',
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const site: PageServer = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    paths,
    rumEvents,
    bodies,
    loadedBytes: () => paths.reduce((sum, path) => sum + (assets.get(path)?.length ?? 0), 0),
    handlers: {},
    async stop() {
      const closed = once(server.close(), 'close');
      server.closeAllConnections();
      await closed;
    },
  };
  return site;
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
