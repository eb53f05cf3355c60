import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { MockOtlpServer } from '@elastic/mockotlpserver';

interface WireValue {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: number | string | { readonly low: number };
  readonly doubleValue?: number;
  readonly arrayValue?: { readonly values: readonly WireValue[] };
}

/** Hexadecimal in JSON, bytes in protobuf. */
type WireId = string | { readonly data: readonly number[] };

interface WireAttribute {
  readonly key: string;
  readonly value: WireValue;
}

export interface WireSpan {
  readonly traceId: WireId;
  readonly spanId: WireId;
  readonly parentSpanId?: WireId;
  readonly name: string;
  readonly kind: number | string;
  readonly attributes?: readonly WireAttribute[];
  readonly events?: readonly { readonly name: string; readonly attributes: readonly WireAttribute[] }[];
  readonly links?: readonly { readonly traceId: WireId; readonly spanId: WireId }[];
  readonly status?: { readonly code?: number | string; readonly message?: string };
}

interface WireTrace {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly WireAttribute[] };
    readonly scopeSpans: readonly {
      readonly scope: { readonly name: string };
      readonly spans: readonly WireSpan[];
    }[];
  }[];
}

/** A real OTLP receiver. It does not unpack gzip over HTTP itself, so a front does that. */
export async function startReceiver() {
  const traces: WireTrace[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const grpcHeaders: Record<string, unknown>[] = [];
  const server = new MockOtlpServer({
    logLevel: 'fatal',
    services: ['http', 'grpc'],
    httpHostname: '127.0.0.1',
    httpPort: 0,
    grpcHostname: '127.0.0.1',
    grpcPort: 0,
    // Plain data, or what is absent has defaults on its prototype.
    onTrace: (trace: WireTrace) => traces.push(JSON.parse(JSON.stringify(trace))),
    onRequest: (seen: { transport: string; metadata?: { getMap(): Record<string, unknown> } }) => {
      if (seen.metadata) grpcHeaders.push(seen.metadata.getMap());
    },
  });
  await server.start();
  const front = createServer((incoming, answer) => {
    headers.push(incoming.headers);
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk) => chunks.push(chunk));
    incoming.on('end', () => {
      const packed = Buffer.concat(chunks);
      const body = incoming.headers['content-encoding'] === 'gzip' ? gunzipSync(packed) : packed;
      const { 'content-encoding': _, 'transfer-encoding': __, ...rest } = incoming.headers;
      const onward = request(
        new URL(incoming.url ?? '/', server.httpUrl),
        { method: 'POST', headers: { ...rest, 'content-length': body.length } },
        (reply) => {
          answer.writeHead(reply.statusCode ?? 500, reply.headers);
          reply.pipe(answer);
        },
      );
      onward.end(body);
    });
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  return {
    httpUrl: `http://127.0.0.1:${(front.address() as AddressInfo).port}`,
    grpcUrl: String(server.grpcUrl).replace(/\/$/, ''),
    traces,
    headers,
    grpcHeaders,
    spans: () =>
      traces.flatMap(({ resourceSpans }) =>
        resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
      ),
    async close() {
      front.closeAllConnections();
      await new Promise((resolve) => front.close(resolve));
      await server.close();
    },
  };
}

const kinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];
const statuses = ['unset', 'ok', 'error'];

/** A span as it came over the wire, the same for the three protocols. */
export function readWireSpan(span: WireSpan) {
  return {
    traceId: hex(span.traceId),
    spanId: hex(span.spanId),
    parentSpanId: hex(span.parentSpanId),
    name: span.name,
    kind: named(span.kind, kinds, 'SPAN_KIND_'),
    attributes: readAttributes(span.attributes),
    events: (span.events ?? []).map(({ name, attributes }) => ({
      name,
      attributes: readAttributes(attributes),
    })),
    links: (span.links ?? []).map(({ traceId, spanId }) => ({ traceId: hex(traceId), spanId: hex(spanId) })),
    status: named(span.status?.code ?? 0, statuses, 'STATUS_CODE_'),
    statusMessage: span.status?.message || undefined,
  };
}

export function readAttributes(attributes: readonly WireAttribute[] = []): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, readValue(value)]));
}

function readValue(value: WireValue): unknown {
  if (value.arrayValue) return value.arrayValue.values.map(readValue);
  if (typeof value.intValue === 'object') return value.intValue.low;
  if (value.intValue !== undefined) return Number(value.intValue);
  return value.stringValue ?? value.boolValue ?? value.doubleValue;
}

function hex(id: WireId | undefined): string | undefined {
  if (id === undefined || id === '') return undefined;
  if (typeof id !== 'string') return Buffer.from(id.data).toString('hex') || undefined;
  return /^([0-9a-f]{16}){1,2}$/.test(id) ? id : Buffer.from(id, 'base64').toString('hex');
}

function named(value: number | string, names: readonly string[], prefix: string): string | undefined {
  return typeof value === 'number' ? names[value] : value.replace(prefix, '').toLowerCase();
}
