import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseEnvelope } from '@sentry/core';

export type Behaviour = (response: ServerResponse, request: IncomingMessage) => void;

/** A server that answers as a test says, and notes what it was sent. */
export interface Receiver {
  readonly dsn: string;
  readonly origin: string;
  /** Of envelopes, as they came. */
  readonly bodies: Buffer[];
  readonly requests: IncomingMessage[];
  behave(behaviour: Behaviour): void;
  /** Resolves when it has got so many requests. */
  got(count: number): Promise<void>;
  ids(): string[];
  stop(): Promise<void>;
}

export const ok: Behaviour = (response) => void response.end('{"id":"x"}');
export const status =
  (code: number, headers: Record<string, string> = {}): Behaviour =>
  (response) =>
    void response.writeHead(code, headers).end();

export async function startReceiver(first: Behaviour = ok): Promise<Receiver> {
  let behaviour = first;
  const bodies: Buffer[] = [];
  const requests: IncomingMessage[] = [];
  const waiting = new Set<() => void>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    bodies.push(Buffer.concat(chunks));
    requests.push(request);
    for (const look of waiting) look();
    behaviour(response, request);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    dsn: `http://abc123:s3cr3t@${host}/42`,
    origin: `http://${host}`,
    bodies,
    requests,
    behave(next) {
      behaviour = next;
    },
    got: (count) =>
      new Promise((resolve) => {
        const look = () => {
          if (bodies.length < count) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    ids: () => bodies.map((body) => String((parseEnvelope(body)[0] as { event_id?: string }).event_id)),
    async stop() {
      const closed = once(server.close(), 'close');
      server.closeAllConnections();
      await closed;
    },
  };
}
