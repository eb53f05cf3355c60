// As the documentation of OpenTelemetry sets it up, with the same instrumentations and nothing else.
// https://opentelemetry.io/docs/languages/js/getting-started/nodejs/
const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-proto');
const { NodeSDK } = require('@opentelemetry/sdk-node');
const { instrumentations } = require('./instrumentations.cjs');

new NodeSDK({
  serviceName: 'bench',
  traceExporter: new OTLPTraceExporter({ url: process.env.RECEIVER_URL, compression: 'gzip' }),
  instrumentations: instrumentations({ undici: true }),
}).start();

module.exports = {};
