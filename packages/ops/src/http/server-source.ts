import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { CutOff, WorkSource } from '../types';
import type { NodeServer } from './http-types';
import { isEventStream } from './is-event-stream';

/** The requests of one server of Node, so that it can be drained. */
export class ServerSource implements WorkSource {
  readonly #server: NodeServer;
  readonly #responses = new Set<ServerResponse>();
  readonly #sockets = new Set<Socket>();
  #isDraining = false;
  #isClosing = false;

  constructor(server: NodeServer) {
    this.#server = server;
    // First of all listeners: what a handler answers at once must know already that its connection is to end.
    server.prependListener('request', (_: IncomingMessage, response: ServerResponse) =>
      this.#track(response),
    );
    server.prependListener('connection', (socket: Socket) => this.#keep(socket));
    // The same of a https server, whose 'connection' is the one below.
    server.prependListener('secureConnection', (socket: Socket) => this.#keep(socket));
  }

  beginDrain(): void {
    this.#isDraining = true;
    for (const response of this.#responses) leaveAfter(response);
  }

  drain(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
      // The error is that of a server that does not listen, which is what is wanted.
      this.#server.close(() => resolve());
      this.closeUnused();
    });
  }

  /** Beside the server's own `close`, which leaves some connections open. */
  closeUnused(): void {
    this.#isClosing = true;
    for (const socket of this.#sockets) {
      // Node counts a connection that has never sent anything as busy, until it times out after a minute.
      if (socket.bytesRead === 0) socket.destroy();
    }
  }

  endStreams(): number {
    // Not those whose end is written already.
    const open = [...this.#responses].filter(
      (response) => isEventStream(response) && !response.writableEnded,
    );
    for (const stream of open) stream.end();
    return open.length + this.#breakOff();
  }

  /**
   * Connections on which no answer is under way. Upgraded ones have had bytes written; others have sent half of a request
   * or of a handshake, for longer than the grace.
   */
  #breakOff(): number {
    const busy = new Set(Array.from(this.#responses, ({ socket }) => socket && peerOf(socket)));
    const idle = [...this.#sockets].filter((socket) => !socket.destroyed && !busy.has(peerOf(socket)));
    const upgraded = new Set(idle.filter(({ bytesWritten }) => bytesWritten > 0).map(peerOf));
    for (const socket of idle) socket.destroy();
    return upgraded.size;
  }

  cutOff(): CutOff {
    const streams = [...this.#responses].filter(isEventStream).length;
    const requests = this.#responses.size - streams;
    this.#server.closeAllConnections();
    // Upgraded connections are no longer the server's.
    for (const socket of this.#sockets) socket.destroy();
    return { requests, streams };
  }

  #track(response: ServerResponse): void {
    this.#responses.add(response);
    if (this.#isDraining) leaveAfter(response);
    response.once('close', () => {
      this.#responses.delete(response);
      // A connection that was kept for a next request would hold the server open.
      if (this.#isClosing) setImmediate(() => this.#server.closeIdleConnections());
    });
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
  }
}

/** The same for a TLS connection and the one below it. */
function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

/** Answers with `Connection: close` (RFC 9112 §9.6), where the headers are not sent yet. */
function leaveAfter(response: ServerResponse): void {
  if (!response.headersSent) response.shouldKeepAlive = false;
}
