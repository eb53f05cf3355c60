// As its documentation says, with a receiver of one's own; it instruments fetch by itself.
// https://vercel.com/docs/tracing/instrumentation
const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-proto');
const { registerOTel } = require('@vercel/otel');
const { instrumentations } = require('./instrumentations.cjs');

registerOTel({
  serviceName: 'bench',
  traceExporter: new OTLPTraceExporter({ url: process.env.RECEIVER_URL, compression: 'gzip' }),
  instrumentations: ['auto', ...instrumentations({ undici: false })],
});

module.exports = {};
