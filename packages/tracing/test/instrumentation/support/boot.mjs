// What `--import` runs before a program: a provider that keeps its spans, and the instrumentations.
// As many a program does before, so that the names which ES modules see are made.
import 'node:http';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
require('./register-typescript.cjs');
const { loadFirst = [], names, withHook } = JSON.parse(process.env.UNITE_TEST_BOOT);
for (const name of loadFirst) require(name);

const { context, trace } = require('@opentelemetry/api');
const { AsyncLocalStorageContextManager } = require('@opentelemetry/context-async-hooks');
const {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} = require('@opentelemetry/sdk-trace-base');
const { createInstrumentations } = require('../../../src/instrumentation/create-instrumentations.ts');
const { registerEsmHook } = require('../../../src/instrumentation/register-hooks.ts');

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
trace.setGlobalTracerProvider(provider);
context.setGlobalContextManager(new AsyncLocalStorageContextManager());
if (withHook) {
  registerEsmHook();
  registerEsmHook();
}
const set = createInstrumentations(names);
for (const instrumentation of set.instrumentations) instrumentation.setTracerProvider(provider);

globalThis.test = {
  /** Runs `work` in a span. */
  span: (name, work) =>
    trace.getTracer('test').startActiveSpan(name, async (span) => {
      try {
        return await work(span);
      } finally {
        span.end();
      }
    }),
  instrumentations: set.instrumentations,
  /** Prints what the test reads. */
  tell(more = {}) {
    const spans = exporter.getFinishedSpans().map((span) => ({
      name: span.name,
      id: span.spanContext().spanId,
      parent: span.parentSpanContext?.spanId,
      trace: span.spanContext().traceId,
      scope: span.instrumentationScope.name,
      attributes: span.attributes,
      status: span.status,
      events: span.events.map(({ name, attributes }) => ({ name, attributes })),
    }));
    process.stdout.write(`${JSON.stringify({ spans, report: set.report(), ...more })}\n`);
  },
};
