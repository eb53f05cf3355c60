import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Unpackr } from 'msgpackr';

/** A span as `dd-trace` sends it. */
export interface SentSpan {
  readonly name: string;
  /** Lower 64 bits. */
  readonly trace_id: bigint;
  readonly span_id: bigint;
  readonly error: number | bigint;
  readonly meta: Readonly<Record<string, string>>;
}

/**
 * A stand-in for the trace agent of Datadog, which cannot run here: it takes what the real `dd-trace` sends to
 * `/v0.4/traces`, msgpack, and checks and forwards nothing.
 */
export async function startTraceAgentStandIn() {
  const spans: SentSpan[] = [];
  const unpackr = new Unpackr({ mapsAsObjects: true, int64AsType: 'bigint', useRecords: false });
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.url === '/v0.4/traces') {
      const traces = unpackr.unpack(Buffer.concat(chunks)) as SentSpan[][];
      spans.push(...traces.flat());
      server.emit('spans');
    }
    response.writeHead(request.url === '/info' ? 404 : 200, { 'content-type': 'application/json' }).end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async span(name: string): Promise<SentSpan> {
      let found = spans.find((span) => span.name === name);
      while (!found) {
        await once(server, 'spans');
        found = spans.find((span) => span.name === name);
      }
      return found;
    },
    close: () => server.close().closeAllConnections(),
  };
}
