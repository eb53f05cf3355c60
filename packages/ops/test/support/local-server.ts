import { once } from 'node:events';
import { type Agent, createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NodeListener } from '../../src/http';

/** An answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

const servers = new Set<Server>();

/** A listening server and its port; `closeServers` ends it. */
export async function listen(listener: NodeListener) {
  const server = createServer(listener);
  servers.add(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

/** For `afterEach`. */
export function closeServers(): void {
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
  servers.clear();
}

/** One request; the answer when it has been read. */
export async function ask(
  port: number,
  path: string,
  {
    agent,
    method = 'GET',
    headers = {},
  }: { agent?: Agent; method?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const sent = request({ host: '127.0.0.1', port, path, method, headers, ...(agent && { agent }) });
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  return { status: response.statusCode ?? 0, headers: response.headers, text };
}
