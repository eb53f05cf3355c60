import { createRequire } from 'node:module';

// The copies that the package itself is built on: with a second one of the API, its spans would be nobody's.
const require = createRequire(new URL('../../packages/tracing/package.json', import.meta.url));

export const { ROOT_CONTEXT, trace } = require('@opentelemetry/api');
export const {
  AlwaysOnSampler,
  BasicTracerProvider,
  BatchSpanProcessor,
} = require('@opentelemetry/sdk-trace-base');

export const spansPerTrace = 6;

/** A tracer that records every span. @param {readonly object[]} spanProcessors */
export function tracerOf(spanProcessors) {
  return new BasicTracerProvider({ sampler: new AlwaysOnSampler(), spanProcessors }).getTracer('bench');
}

/** A request and five calls inside it, with the attributes that such spans have. */
export function makeTrace(tracer) {
  const root = tracer.startSpan('GET /api/contacts/[id]', { kind: 1, attributes: request }, ROOT_CONTEXT);
  const inside = trace.setSpan(ROOT_CONTEXT, root);
  for (let call = 1; call < spansPerTrace; call += 1) {
    tracer.startSpan('SELECT contacts', { kind: 2, attributes: query }, inside).end();
  }
  root.setAttribute('http.response.status_code', 200);
  root.end();
}

const request = { 'http.request.method': 'GET', 'http.route': '/api/contacts/[id]', 'tenant.id': 't-4711' };
const query = {
  'db.system.name': 'postgresql',
  'db.operation.name': 'SELECT',
  'db.query.text': 'SELECT id, name, email FROM contacts WHERE tenant_id = $1 AND id = $2',
};
