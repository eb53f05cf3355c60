import { spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { fileURLToPath } from 'node:url';
import { requestWork } from './request-work.mjs';

/** Longest time for all requests together, in milliseconds. */
const timeoutMs = 240_000;

/**
 * Answers so many requests over HTTP, all of which are open at the same time: none goes on before all have arrived.
 * They are asked by a process of its own, as connections have two ends.
 *
 * @param {number} requests
 * @param {Omit<Parameters<typeof requestWork>[0], 'id' | 'port' | 'allAreHere'>} parts
 */
export async function runRequests(requests, parts) {
  const { promise: allAreHere, resolve } = withResolver();
  let arrived = 0;
  const server = http.createServer((request, response) => {
    const [, kind, id] = request.url.split('/');
    if (kind === 'leaf') return void response.end();
    arrived += 1;
    if (arrived === requests) resolve();
    const { port } = server.address();
    requestWork({ ...parts, id, port, allAreHere }).then(
      () => response.end(),
      (error) => response.writeHead(500).end(String(error?.stack)),
    );
  });
  // On a machine that is busy a connection may stand still for longer, and must not be taken for idle.
  Object.assign(server, { requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 0 });
  await once(server.listen({ port: 0, host: '127.0.0.1', backlog: 16_384 }), 'listening');
  try {
    const clients = fileURLToPath(new URL('./clients.mjs', import.meta.url));
    const child = spawn(process.execPath, [clients, server.address().port, requests], {
      stdio: 'inherit',
      timeout: timeoutMs,
    });
    const [code] = await once(child, 'exit');
    if (code !== 0)
      throw new Error(`the clients ended with ${code}; ${arrived} of ${requests} requests had arrived`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

function withResolver() {
  let resolve;
  const promise = new Promise((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
