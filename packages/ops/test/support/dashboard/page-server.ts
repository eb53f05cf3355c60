import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { assets } from '../../../src/dashboard/client/assets';
import type { ScreenName, StreamFrame } from '../../../src/dashboard/screen-types';
import { screenNames } from './full-pages';
import type { PageSet } from './page-sets';

/** The policy that the dashboard sends, and the least that a framework may put in its place. */
export const policies = {
  own: "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'; require-trusted-types-for 'script'; trusted-types 'none'",
  plain: "default-src 'self'",
};

const base = '/ops';

/** Serves recorded pages as the dashboard does; the stream says what it is told to. */
export async function startPageServer(first: PageSet) {
  const streams = new Set<ServerResponse>();
  const changes = new EventEmitter();
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const asset = Object.entries(assets).find(([name]) => pathname === `${base}/assets/${name}`)?.[1];
    response.setHeader('content-security-policy', policies[state.policy]);
    if (pathname === '/favicon.ico') return void response.writeHead(204).end();
    if (asset) return void response.setHeader('content-type', asset.type).end(asset.body);
    state.asked++;
    if (state.isRefusing) return void response.writeHead(403).end();
    if (pathname === `${base}/stream`) return openStream(response);
    if (request.method === 'POST') return take(request, response);
    const isData = pathname.startsWith(`${base}/api/`);
    const page = pageOf(pathname.slice((isData ? `${base}/api` : base).length + 1));
    if (!page) return void response.writeHead(404).end();
    if (isData) return void response.setHeader('content-type', 'application/json').end(JSON.stringify(page));
    response.setHeader('content-type', 'text/html; charset=utf-8').end(htmlOf(page));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  const state = {
    origin: `http://127.0.0.1:${port}`,
    pages: first,
    policy: 'own' as keyof typeof policies,
    isRefusing: false,
    /** What a stream says as soon as it is open. */
    greeting: undefined as StreamFrame | undefined,
    /** How often something else than an asset was asked for. */
    asked: 0,
    /** What was posted, the oldest first. */
    actions: [] as unknown[],
    send(frame: StreamFrame) {
      for (const stream of streams) stream.write(textOf(frame));
    },
    /** Until so many look. */
    async untilViewers(count: number) {
      while (streams.size !== count) await once(changes, 'viewers');
    },
    dropStreams() {
      for (const stream of streams) stream.destroy();
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return state;

  function openStream(response: ServerResponse): void {
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
    });
    response.write(state.greeting ? textOf(state.greeting) : ': open\n\n');
    streams.add(response);
    changes.emit('viewers');
    response.on('close', () => {
      streams.delete(response);
      changes.emit('viewers');
    });
  }

  function take(request: IncomingMessage, response: ServerResponse): void {
    void text(request).then((body) => {
      state.actions.push({ path: request.url, header: request.headers['x-unite-dashboard'], body });
      response.writeHead(204).end();
    });
  }

  function pageOf(path: string) {
    const { header, screens, trace } = state.pages;
    if (path.startsWith('traces/')) return trace;
    const screen = path === '' ? 'now' : screenNames.find((name: ScreenName) => name === path);
    return screen && { header, screen, data: screens[screen] };
  }
}

function textOf(frame: StreamFrame): string {
  return `event: frame\ndata: ${JSON.stringify(frame)}\n\n`;
}

function htmlOf(page: object): string {
  const snapshot = JSON.stringify(page).replaceAll('<', '\\u003c');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Dashboard</title>
<link rel="stylesheet" href="${base}/assets/app.css">
<script src="${base}/assets/app.js" defer></script>
</head>
<body>
<div id="app" data-base="${base}"></div>
<script type="application/json" id="snapshot">${snapshot}</script>
</body>
</html>`;
}
