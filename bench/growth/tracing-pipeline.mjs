import { span, startTracing } from '../../packages/tracing/dist/index.js';
import { ROOT_CONTEXT, tracerOf } from '../tracing-export/open-telemetry.mjs';
import { repeated } from './loops.mjs';

/** The running set-up, with an exporter that takes everything and keeps nothing. */
export async function tracingPipeline(axes) {
  const keys = Array.from({ length: 64 }, (_, at) => `key.${at}`);
  const tracing = startTracing({
    service: { name: 'bench' },
    exporters: [{ export: (_spans, done) => done({ code: 0 }), shutdown: async () => undefined }],
    instrument: [],
    selfCheck: false,
    propagation: { trustParent: true, baggage: { hosts: ['inventory.internal'], keys } },
  });
  const bare = tracerOf([]);
  const sizes = [1, 4, 16, 64, 128, 256];
  await axes.measure({
    name: 'tracing: attributes of a span',
    operation: 'a span, redacted and exported, with 128 attributes at most',
    x: 'size',
    isOfMachine: true,
    whyMissed:
      'above some 64 attributes the engine keeps an object as a dictionary, of which each further name costs more; at 128 of them a span is cut',
    points: sizes.map((x) => {
      const attributes = attributesOf(x);
      const one = repeated(() => span('score-lead', attributes, () => true), { isAsync: false });
      return {
        x,
        run: async (calls) => {
          await one(calls);
          await tracing.flush();
        },
      };
    }),
    // An object that grows by one name at a time is copied again and again by the engine: the span of the SDK is one.
    limit: {
      name: "OpenTelemetry's span alone, without a cap",
      points: sizes.map((x) => {
        const attributes = attributesOf(x);
        const one = () => tracerSpan(bare, attributes);
        return { x, run: repeated(one, { isAsync: false }) };
      }),
    },
  });
  await axes.measure({
    name: 'tracing: members of baggage',
    operation: 'to receive it, 64 at most',
    x: 'size',
    points: [1, 4, 16, 64, 256].map((x) => {
      const baggage = Array.from({ length: x }, (_, at) => `key.${at}=value-${at}`).join(',');
      const headers = { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', baggage };
      return { x, run: repeated(() => tracing.propagation.receive(headers), { isAsync: false }) };
    }),
  });
  await tracing.close();
}

function attributesOf(count) {
  return Object.fromEntries(
    Array.from({ length: count }, (_, at) => [`crm.field.${at}`, `a value of field ${at}`]),
  );
}

function tracerSpan(tracer, attributes) {
  const one = tracer.startSpan('score-lead', { attributes }, ROOT_CONTEXT);
  one.end();
  return one;
}
