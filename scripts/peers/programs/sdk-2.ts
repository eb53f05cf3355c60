import assert from 'node:assert/strict';
import { context, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { span, startTracing } from '@unite/tracing';

// The program's own provider is there first, and is joined.
const exporter = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
provider.register();
const tracing = startTracing({ service: { name: 'crm' } });
await trace.getTracer('own').startActiveSpan('own', async (own) => {
  await span('ours', async () => {
    assert(trace.getSpan(context.active())?.isRecording());
  });
  own.end();
});
const [ours, own] = exporter.getFinishedSpans();
assert.deepEqual([ours?.name, own?.name], ['ours', 'own']);
assert.equal(ours?.parentSpanContext?.spanId, own?.spanContext().spanId);
await tracing.close();
await provider.shutdown();
console.log('our spans under those of a provider of the program');
