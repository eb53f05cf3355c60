const { startTracing } = require('../../../packages/tracing/dist/index.cjs');
const { tracingMiddleware } = require('../../../packages/tracing/dist/express.cjs');
const { otlp } = require('../../../packages/tracing/dist/exporters.cjs');

const tracing = startTracing({
  service: { name: 'bench' },
  exporters: [otlp({ url: process.env.RECEIVER_URL })],
  instrument: ['undici', 'pg', 'redis', 'unite'],
});

module.exports = { middleware: [tracingMiddleware(tracing)] };
