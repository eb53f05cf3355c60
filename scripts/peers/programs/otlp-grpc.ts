import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { span, startTracing } from '@unite/tracing';
import { otlp } from '@unite/tracing/exporters';

/** A receiver as far as gRPC needs one: an empty answer with status 0. */
const received: { path: string; metadata: string; bytes: number }[] = [];
const receiver = createServer().listen(0, '127.0.0.1');
receiver.on('stream', (stream, headers) => {
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
  });
  stream.on('end', () => {
    received.push({ path: String(headers[':path']), metadata: String(headers['x-key']), bytes });
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end(Buffer.alloc(5));
  });
});
await once(receiver, 'listening');
const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
const tracing = startTracing({
  service: { name: 'crm' },
  exporters: [otlp({ url, protocol: 'grpc', headers: { 'x-key': 'k' } })],
});
await span('work', async () => {});
const { exported, lost } = await tracing.flush();
assert.deepEqual([exported, lost], [1, 0]);
const [batch] = received;
assert.deepEqual([batch?.path.endsWith('TraceService/Export'), batch?.metadata], [true, 'k']);
await tracing.close();
receiver.close();
console.log('a span, received over gRPC with its metadata');
process.exit();
