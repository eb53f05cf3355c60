// The same features of separate libraries, each as its documentation says for production.
exports.createApp = async ({ name, without }) => {
  const traced = !without.includes('tracing');
  if (traced) startTracing(name);
  const Sentry = startErrors();

  const { AsyncLocalStorage } = require('node:async_hooks');
  const { randomUUID } = require('node:crypto');
  const express = require('express');
  const promBundle = require('express-prom-bundle');
  const { contactId, contactSql, timeoutMs, wait } = require('../work.cjs');
  const { openCache } = require('../assembled/cache.cjs');
  const { openReplica } = require('../assembled/database.cjs');
  const { openLimits } = require('../assembled/limits.cjs');
  const { problemMiddleware, notFoundMiddleware } = require('../assembled/problems.cjs');

  const replica = openReplica();
  const cache = await openCache(name);
  const limits = await openLimits(name);
  const requests = new AsyncLocalStorage();
  let loads = 0;

  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  // https://github.com/jochen-schweizer/express-prom-bundle#options
  app.use(promBundle({ includeMethod: true, includePath: true, promClient: { collectDefaultMetrics: {} } }));
  // The request's id and tenant for whatever is awaited below, and a deadline, as connect-timeout has it.
  app.use((request, response, next) => {
    const requestId = request.headers['x-request-id'] ?? randomUUID();
    response.setHeader('x-request-id', requestId);
    const timer = setTimeout(() => next(Object.assign(new Error('Timed out'), { status: 503 })), timeoutMs);
    response.once('close', () => clearTimeout(timer));
    requests.run({ requestId, tenantId: request.headers['x-tenant'] }, next);
  });
  app.use(limits.middleware(() => requests.getStore()));

  app.get('/trivial/:id', (request, response) => response.json({ id: request.params.id }));
  app.get('/cached/:id', async ({ params }, response) => {
    response.json(await contact(String(contactId(params.id))));
  });
  app.get('/reference/:id', async ({ params }, response) => {
    const read = await contact(params.id);
    await wait();
    response.json(read);
  });
  app.get('/failing/:id', ({ params }) => {
    throw new Error(`Contact ${params.id} cannot be scored`);
  });
  app.post('/change/:id', async ({ params }, response) => {
    await cache.deleteByTag({ tags: [`contact:${params.id}`] });
    response.status(204).end();
  });

  app.use(notFoundMiddleware);
  // What Express is handed Sentry has captured by then: since version 11 it needs no handler of its own for that.
  app.use(problemMiddleware({ currentRequest: () => requests.getStore(), eventId: Sentry.lastEventId }));
  return { app, counts: () => ({ loads }) };

  function contact(id) {
    return cache.getOrSet({
      key: `contacts:${requests.getStore().tenantId}:${id}`,
      tags: [`contact:${id}`],
      async factory() {
        loads += 1;
        const { rows } = await replica.query(contactSql, [contactId(id)]);
        return rows[0];
      },
    });
  }
};

/** https://opentelemetry.io/docs/languages/js/getting-started/nodejs/ with the instrumentations that are of use here. */
function startTracing(serviceName) {
  const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-proto');
  const { ExpressInstrumentation } = require('@opentelemetry/instrumentation-express');
  const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http');
  const { IORedisInstrumentation } = require('@opentelemetry/instrumentation-ioredis');
  const { PgInstrumentation } = require('@opentelemetry/instrumentation-pg');
  const { RedisInstrumentation } = require('@opentelemetry/instrumentation-redis');
  const { UndiciInstrumentation } = require('@opentelemetry/instrumentation-undici');
  const { NodeSDK } = require('@opentelemetry/sdk-node');
  new NodeSDK({
    serviceName,
    traceExporter: new OTLPTraceExporter({ url: process.env.TRACES_URL, compression: 'gzip' }),
    instrumentations: [
      new HttpInstrumentation(),
      new ExpressInstrumentation(),
      new PgInstrumentation(),
      new RedisInstrumentation(),
      new IORedisInstrumentation(),
      new UndiciInstrumentation(),
    ],
  }).start();
}

/**
 * For errors only, beside an OpenTelemetry of one's own: no `tracesSampleRate`, and since version 11 no provider is
 * registered unless `enableOpenTelemetrySetup` asks for it (before: `skipOpenTelemetrySetup`).
 * https://docs.sentry.io/platforms/javascript/guides/express/opentelemetry/custom-setup/
 */
function startErrors() {
  const Sentry = require('@sentry/node');
  Sentry.init({ dsn: process.env.SENTRY_DSN, release: '1.0.0', environment: 'bench' });
  return Sentry;
}
