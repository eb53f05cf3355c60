import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { selfSigned } from '@unite/shared/testing';

export interface TestServer {
  readonly url: string;
  readonly port: number;
  /** Connections that were ever made. */
  connections(): number;
  close(): Promise<void>;
}

/** An HTTP server on a free port, or on one that is said. */
export function startServer(handle: RequestListener, port = 0): Promise<TestServer> {
  return listen(createServer({ keepAliveTimeout: 60_000 }, handle), port);
}

/** The same over TLS, with a certificate that nothing trusts. */
export async function startTlsServer(handle: RequestListener): Promise<TestServer> {
  const server = await listen(createTlsServer({ ...selfSigned, keepAliveTimeout: 60_000 }, handle), 0);
  return { ...server, url: server.url.replace('http:', 'https:') };
}

/** A server that writes what it likes for each chunk that it gets. */
export function startRawServer(onRequest: (socket: Socket, chunk: Buffer) => void): Promise<TestServer> {
  return listen(
    createTcpServer((socket) => {
      socket.on('data', (chunk) => onRequest(socket, chunk)).on('error', () => {});
    }),
    0,
  );
}

async function listen(server: Server, port: number): Promise<TestServer> {
  const sockets = new Set<Socket>();
  let count = 0;
  server.on('connection', (socket: Socket) => {
    count += 1;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: heard } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${heard}`,
    port: heard,
    connections: () => count,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
