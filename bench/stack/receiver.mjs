/**
 * Takes what the contestants export, at the least cost, so that what is measured is the sender: by contestant, the first
 * part of the path. While it is checked what they export, it also says which spans and which errors came.
 */
import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { startOtlpReceiver } from '../../scripts/services/dist/otlp.js';

const came = {};
let isReading = true;
const otlp = await startOtlpReceiver({ onTrace: readSpans });

const server = createServer((request, response) => {
  const [, contestant, path] = request.url.match(/^\/([^/]+)(\/[^?]*)/);
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const counts = countsOf(contestant);
    counts.requests += 1;
    for (const { length } of chunks) counts.bytes += length;
    if (path.endsWith('/envelope/')) readEnvelope(counts, request, Buffer.concat(chunks));
    else if (isReading) void forward(request, Buffer.concat(chunks));
    const type = path.endsWith('/envelope/') ? 'application/json' : 'application/x-protobuf';
    response.writeHead(200, { 'content-type': type }).end(type === 'application/json' ? '{}' : undefined);
  });
});
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('message', (tell) => {
  if (tell === 'measure') isReading = false;
  process.send(structuredClone(came));
});
process.on('disconnect', () => process.exit());

function countsOf(contestant) {
  came[contestant] ??= { requests: 0, bytes: 0, errors: 0, spans: {} };
  return came[contestant];
}

function forward(request, body) {
  const { 'content-type': type, 'content-encoding': encoding } = request.headers;
  return fetch(new URL('/v1/traces', otlp.httpUrl), {
    method: 'POST',
    headers: { 'content-type': type, ...(encoding && { 'content-encoding': encoding }) },
    body,
  });
}

function readSpans({ resourceSpans }) {
  for (const { resource, scopeSpans } of resourceSpans) {
    const { value } = resource.attributes.find(({ key }) => key === 'service.name');
    const { spans } = countsOf(value.stringValue);
    for (const span of scopeSpans.flatMap((scope) => scope.spans))
      spans[span.name] = (spans[span.name] ?? 0) + 1;
  }
}

/** Lines of JSON: a header, and then a header and a body for each item. */
function readEnvelope(counts, { headers }, packed) {
  const text = (headers['content-encoding'] === 'gzip' ? gunzipSync(packed) : packed).toString();
  counts.errors += text.split('\n').filter((line) => line.startsWith('{"type":"event"')).length;
}
