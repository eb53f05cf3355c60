import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import { currentTraceId, span, startTracing } from '@unite/tracing';
import { tracingMiddleware } from '@unite/tracing/express';
import { continueTrace, injectTrace } from '@unite/tracing/propagation';
import { createTraceStore } from '@unite/tracing/store';

const traces = createTraceStore();
const tracing = startTracing({ service: { name: 'crm' }, exporters: [traces] });
const traced = tracingMiddleware(tracing);
const server = createServer((request, response) => {
  traced(request, response, async () => {
    // By the program's own copy of the API, which has to be ours.
    await trace.getTracer('own').startActiveSpan('own', async (own) => {
      own.setStatus({ code: SpanStatusCode.ERROR, message: 'no' });
      await span('inside', { 'crm.id': 7 }, async () => {
        assert.equal(currentTraceId(), own.spanContext().traceId);
        await continueTrace(injectTrace({ job: 'score' }), () => span('job', async () => {}));
      });
      own.end();
    });
    response.end();
  });
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;
const response = await fetch(`http://127.0.0.1:${port}/`);
const traceId = response.headers.get('traceresponse')?.split('-')[1] ?? '';
const found = await traces.waitFor(traceId, AbortSignal.timeout(30_000));
const root = found?.roots.find(({ name }) => name === 'GET') ?? found?.roots[0]?.children[0];
assert.deepEqual(
  root?.children.map(({ name, children }) => [name, children[0]?.name]),
  [['own', 'inside']],
);
const findings = await tracing.check();
assert.deepEqual(
  findings.filter(({ status }) => status === 'failed'),
  [],
);
await tracing.close();
server.close();
console.log('own spans and ours in one tree, a message, the self-check');
process.exit();
