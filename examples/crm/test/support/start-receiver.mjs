import { createServer } from 'node:http';
import { startOtlpReceiver } from '@unite/services/otlp';

/** How many traces are remembered, the newest. */
const maxTraces = 5_000;

/**
 * A real receiver of OTLP, and a page that tells what it took: `GET /traces/<trace id>` answers with its spans.
 *
 * @returns {Promise<{ url: string, origin: string, close(): Promise<void> }>}
 */
export async function startReceiver() {
  /** @type {Map<string, object[]>} */
  const traces = new Map();
  const receiver = await startOtlpReceiver({
    onTrace: (request) => {
      for (const span of spansOf(request)) {
        traces.set(span.traceId, [...(traces.get(span.traceId) ?? []), span]);
        if (traces.size > maxTraces) traces.delete(traces.keys().next().value);
      }
    },
  });

  const page = createServer((request, response) => {
    const traceId = request.url?.split('/').at(-1) ?? '';
    response.setHeader('content-type', 'application/json').end(JSON.stringify(traces.get(traceId) ?? []));
  });
  await new Promise((resolve) => page.listen(0, '127.0.0.1', resolve));
  return {
    url: `${receiver.httpUrl}/v1/traces`,
    origin: `http://127.0.0.1:${page.address().port}`,
    async close() {
      await receiver.close();
      page.closeAllConnections();
      await new Promise((resolve) => page.close(resolve));
    },
  };
}

/** What a test asks of a span, from the message as it came. */
function spansOf({ resourceSpans = [] }) {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ scope, spans }) =>
      spans.map(({ traceId, spanId, parentSpanId, name, attributes, events = [] }) => ({
        traceId: hex(traceId),
        spanId: hex(spanId),
        parentSpanId: parentSpanId?.length > 0 ? hex(parentSpanId) : undefined,
        name,
        scope: scope.name,
        service: valuesOf(resource.attributes)['service.name'],
        attributes: valuesOf(attributes),
        events: events.map((event) => ({ name: event.name, attributes: valuesOf(event.attributes) })),
      })),
    ),
  );
}

function hex(bytes) {
  return typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('hex');
}

function valuesOf(attributes = []) {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, plain(Object.values(value).at(-1))]));
}

/** Whole numbers come as those of 64 bits. */
function plain(value) {
  return typeof value?.toNumber === 'function' ? value.toNumber() : value;
}
