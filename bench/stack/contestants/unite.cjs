// As examples/express-api composes the packages.
const { startTracing, currentTraceId } = require('../../../packages/tracing/dist/index.cjs');
const { otlp } = require('../../../packages/tracing/dist/exporters.cjs');
const { tracingErrorMiddleware, tracingMiddleware } = require('../../../packages/tracing/dist/express.cjs');

exports.createApp = async ({ name, without }) => {
  const tracing = without.includes('tracing')
    ? undefined
    : startTracing({ service: { name }, exporters: [otlp({ url: process.env.TRACES_URL })] });

  const express = require('express');
  const pg = require('pg');
  const redis = require('redis');
  const { startApm } = require('../../../packages/apm/dist/index.cjs');
  const { apmErrorMiddleware, apmMiddleware } = require('../../../packages/apm/dist/express.cjs');
  const { processMetrics } = require('../../../packages/apm/dist/process.cjs');
  const { prometheus } = require('../../../packages/apm/dist/prometheus.cjs');
  const { sentry } = require('../../../packages/apm/dist/sentry.cjs');
  const { createCache } = require('../../../packages/cache/dist/index.cjs');
  const { redisLayer } = require('../../../packages/cache/dist/redis.cjs');
  const { contextMiddleware } = require('../../../packages/core/dist/express.cjs');
  const { createCluster } = require('../../../packages/db-ha/dist/index.cjs');
  const { defineProblems } = require('../../../packages/problem/dist/index.cjs');
  const { notFoundMiddleware, problemMiddleware } = require('../../../packages/problem/dist/express.cjs');
  const { createQuota, definePlans, rateLimit } = require('../../../packages/quota/dist/index.cjs');
  const { quotaMiddleware } = require('../../../packages/quota/dist/express.cjs');
  const { redisStore } = require('../../../packages/quota/dist/redis.cjs');
  const { contactId, contactSql, planOf, plenty, timeoutMs, tiny, ttlMs, wait } = require('../work.cjs');

  const metrics = prometheus();
  const apm = without.includes('apm')
    ? undefined
    : startApm({
        service: { name, release: '1.0.0', environment: 'bench' },
        sinks: [metrics, sentry({ dsn: process.env.SENTRY_DSN })],
      });
  const db = createCluster({
    nodes: [
      { name: 'primary', url: process.env.DATABASE_URL },
      { name: 'replica', url: process.env.REPLICA_URL },
    ],
    Pool: pg.Pool,
  });
  if (apm) processMetrics(apm, { pools: [db], ...(tracing && { tracing }) });

  // On a busy machine an answer of Redis may take longer than what is usual.
  const patience = { timeoutMs: 5_000 };
  const [forCache, forQuota] = [1, 2].map(() =>
    redis.createClient({ url: process.env.REDIS_URL }).on('error', () => {}),
  );
  await forQuota.connect();
  const cache = createCache({
    namespace: name,
    remote: redisLayer(forCache, patience),
    database: db,
    ...(process.env.CACHE_MAX_BYTES && { memory: { maxBytes: Number(process.env.CACHE_MAX_BYTES) } }),
  });
  let loads = 0;
  const contacts = cache.define('contacts', {
    key: (id) => [id],
    scope: 'tenant',
    tags: (id) => [`contact:${id}`],
    memoryTtlMs: ttlMs,
    remoteTtlMs: ttlMs,
    async load(id) {
      loads += 1;
      const { rows } = await db.readOnly().query(contactSql, [contactId(id)]);
      return rows[0];
    },
  });
  const plan = (perMinute) => ({
    perMinute: rateLimit({ of: 'apiCalls', limit: perMinute, windowMs: 60_000 }),
    apiCallsPerMonth: plenty,
  });
  const quota = createQuota({
    plans: definePlans({ pro: plan(plenty), tiny: plan(tiny) }),
    store: redisStore(forQuota, { ...patience, namespace: name }),
    namespace: name,
  });
  const problems = defineProblems({
    baseUrl: 'https://api.example.com/errors/',
    types: {},
    members: () => ({
      ...(tracing && { traceId: currentTraceId() }),
      ...(apm && { eventId: apm.eventId() }),
    }),
  });

  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.get('/metrics', metrics.handler());
  app.use(
    contextMiddleware({
      identify({ headers }) {
        const tenantId = headers['x-tenant'];
        return { tenantId, plan: planOf(tenantId) };
      },
      timeoutMs,
    }),
  );
  if (tracing) app.use(tracingMiddleware(tracing));
  if (apm) app.use(apmMiddleware(apm));
  if (!without.includes('quota')) app.use(quotaMiddleware({ quota }));

  app.get('/trivial/:id', (request, response) => response.json({ id: request.params.id }));
  app.get('/cached/:id', async ({ params }, response) => {
    response.json(await contacts.get(String(contactId(params.id))));
  });
  const referenced = without.includes('cache') ? keptByHand : (id) => contacts.get(id);
  app.get('/reference/:id', async ({ params }, response) => {
    const contact = await referenced(params.id);
    await wait();
    response.json(contact);
  });
  app.get('/failing/:id', ({ params }) => {
    throw new Error(`Contact ${params.id} cannot be scored`);
  });
  app.post('/change/:id', async ({ params }, response) => {
    await cache.invalidateTags([`contact:${params.id}`]);
    response.status(204).end();
  });

  app.use(notFoundMiddleware(problems));
  if (tracing) app.use(tracingErrorMiddleware());
  if (apm) app.use(apmErrorMiddleware());
  app.use(problemMiddleware(problems));
  const counts = () => ({
    loads,
    integrity: apm?.integrity(),
    cache: cache.stats(),
    quota: quota.statistics(),
    tracing: tracing?.stats(),
  });
  return { app, counts };

  /** As the bare handler keeps it, by the client that is connected already. */
  async function keptByHand(id) {
    const key = `${name}:by-hand:${id}`;
    const kept = await forQuota.get(key);
    if (kept !== null) return JSON.parse(kept);
    const { rows } = await db.readOnly().query(contactSql, [contactId(id)]);
    await forQuota.set(key, JSON.stringify(rows[0]), { PX: ttlMs });
    return rows[0];
  }
};
