import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { MockOtlpServer } from '@elastic/mockotlpserver';

/** Options of `startOtlpReceiver`. */
export interface OtlpReceiverOptions {
  /** Gets each request for traces that came, as OTLP has it. */
  readonly onTrace: (request: object) => void;
  /** Gets the headers of each request, of gRPC its metadata. */
  readonly onHeaders?: ((headers: IncomingHttpHeaders | Record<string, unknown>) => void) | undefined;
}

/** A receiver that runs. */
export interface OtlpReceiver {
  /** For http/protobuf and http/json, to which `/v1/traces` is added. */
  readonly httpUrl: string;
  readonly grpcUrl: string;
  close(): Promise<void>;
}

/** A real receiver of OTLP. It does not unpack gzip over HTTP by itself, so a front does that. */
export async function startOtlpReceiver({ onTrace, onHeaders }: OtlpReceiverOptions): Promise<OtlpReceiver> {
  const receiver = new MockOtlpServer({
    logLevel: 'fatal',
    services: ['http', 'grpc'],
    httpHostname: '127.0.0.1',
    httpPort: 0,
    grpcHostname: '127.0.0.1',
    grpcPort: 0,
    onTrace,
    onRequest: ({ metadata }) => metadata && onHeaders?.(metadata.getMap()),
  });
  await receiver.start();
  const front = createServer((incoming, answer) => {
    onHeaders?.(incoming.headers);
    forward(incoming, answer, receiver.httpUrl);
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  return {
    httpUrl: `http://127.0.0.1:${(front.address() as AddressInfo).port}`,
    grpcUrl: String(receiver.grpcUrl).replace(/\/$/, ''),
    async close() {
      front.closeAllConnections();
      await new Promise((resolve) => front.close(resolve));
      await receiver.close();
    },
  };
}

function forward(incoming: IncomingMessage, answer: ServerResponse, to: URL): void {
  const chunks: Buffer[] = [];
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
  incoming.on('end', () => {
    const packed = Buffer.concat(chunks);
    const { 'content-encoding': encoding, 'transfer-encoding': _, ...headers } = incoming.headers;
    const body = encoding === 'gzip' ? gunzipSync(packed) : packed;
    const onward = request(
      new URL(incoming.url ?? '/', to),
      { method: 'POST', headers: { ...headers, 'content-length': body.length } },
      (reply) => {
        answer.writeHead(reply.statusCode ?? 500, reply.headers);
        reply.pipe(answer);
      },
    );
    onward.end(body);
  });
}
