import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a stub does in place of answering. */
export type StubFault = (response: ServerResponse) => void;

/** A server that speaks as much of a service's protocol as the tests need. It is not that service. */
export interface Stub {
  readonly url: string;
  /** Requests that came. */
  calls: number;
  /** Set by a test. */
  fault: StubFault | undefined;
  /** Answers no more, as a service that is down. */
  close(): Promise<void>;
}

export async function startStub(
  answer: (request: IncomingMessage, body: string) => { readonly status: number; readonly body: unknown },
): Promise<Stub> {
  const server = createServer(async (request, response) => {
    stub.calls += 1;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (stub.fault) return stub.fault(response);
    const { status, body } = answer(request, Buffer.concat(chunks).toString());
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stub: Stub = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: 0,
    fault: undefined,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return stub;
}

/** Answers this to everything. */
export function always(status: number, body: unknown, headers: Record<string, string> = {}): StubFault {
  return (response) => {
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

/** Never answers. */
export const hang: StubFault = () => undefined;

/** Breaks the connection. */
export const hangUp: StubFault = (response) => void response.socket?.destroy();
