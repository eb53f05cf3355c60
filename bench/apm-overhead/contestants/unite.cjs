const { startApm } = require('../../../packages/apm/dist/index.cjs');
const { apmErrorMiddleware, apmMiddleware } = require('../../../packages/apm/dist/express.cjs');
const { datadog } = require('../../../packages/apm/dist/datadog.cjs');
const { processMetrics } = require('../../../packages/apm/dist/process.cjs');
const { prometheus } = require('../../../packages/apm/dist/prometheus.cjs');
const { sentry } = require('../../../packages/apm/dist/sentry.cjs');

const apm = startApm({
  service: { name: 'bench', release: '1.0.0', environment: 'bench', deployment: { id: 'd-1' } },
  sinks: [
    sentry({ dsn: process.env.SENTRY_DSN }),
    datadog({ host: '127.0.0.1', port: Number(process.env.DATADOG_PORT) }),
    prometheus(),
  ],
});
processMetrics(apm);

module.exports = { before: [apmMiddleware(apm)], after: () => [apmErrorMiddleware()] };
