/** A real OTLP receiver in a process of its own, which counts: run by `exact-roots.mjs` with an IPC channel. */
import { startOtlpReceiver } from '../../scripts/services/dist/otlp.js';

const spanIds = new Set();
let spans = 0;
let roots = 0;

const { httpUrl } = await startOtlpReceiver({
  onTrace({ resourceSpans }) {
    for (const { scopeSpans } of resourceSpans) for (const scope of scopeSpans) scope.spans.forEach(count);
  },
});
process.send({ url: httpUrl });
process.on('message', () => process.send({ spans, roots, different: spanIds.size }));
process.on('disconnect', () => process.exit());

function count({ spanId, parentSpanId }) {
  spans += 1;
  spanIds.add(Buffer.from(spanId).toString('hex'));
  if (parentSpanId === undefined || parentSpanId.length === 0) roots += 1;
}
