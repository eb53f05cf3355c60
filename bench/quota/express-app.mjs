/**
 * Serves the same route behind each limiter, in a process of its own, and tells what that costs.
 *
 * node express-app.mjs <options as JSON>
 */
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import express from 'express';
import { rateLimit } from 'express-rate-limit';
import { RedisStore } from 'rate-limit-redis';
import { quotaMiddleware } from '../../packages/quota/dist/express.js';
import { postgresLedger } from '../../packages/quota/dist/postgres.js';
import { openClient } from './clients.mjs';
import { flexibleUnion, insuredLimiter, openUnite } from './contestants.mjs';
import { durations, plenty } from './limits.mjs';

const { redisUrl, databaseUrl } = JSON.parse(process.argv[2]);
const require = createRequire(new URL('../../packages/quota/package.json', import.meta.url));
const { Pool } = require('pg');
/** How long the slow route takes. */
const routeMs = 10;

const connection = await openClient('redis', redisUrl);
const pool = databaseUrl && new Pool({ connectionString: databaseUrl, max: 4 });
const day = durations.one[0];
const tenantOf = (request) => request.headers['x-tenant'];

const middlewares = {
  bare: undefined,
  'bare-again': undefined,
  'unite-one': unite({ size: 'one' }),
  'unite-four': unite({ size: 'four' }),
  'flexible-one': flexible(insuredLimiter(connection, { duration: day, keyPrefix: 'flexible' })),
  'flexible-one-headers': flexibleWithHeaders(
    insuredLimiter(connection, { duration: day, keyPrefix: 'flexible-headers' }),
  ),
  'flexible-four': flexible(flexibleUnion(connection, { keyPrefix: 'flexible-union', open: insuredLimiter })),
  'express-one': rateLimit({
    windowMs: day * 1_000,
    limit: plenty,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    keyGenerator: tenantOf,
    store: new RedisStore({ sendCommand: connection.send, prefix: 'express:' }),
  }),
  ...(pool && {
    'unite-store': unite({ size: 'four', ledger: postgresLedger(pool, { namespace: 'unite-store' }) }),
    'unite-ledger': unite({
      size: 'four',
      ledger: postgresLedger(pool, { namespace: 'unite-ledger' }),
      durability: 'ledger',
    }),
  }),
};
const apps = new Map(
  Object.entries(middlewares).map(([name, middleware]) => [name, appOf(name, middleware)]),
);
const server = createServer((request, response) => {
  apps.get(request.url.split('/')[1])(request, response);
});

process.on('message', (tell) => {
  if (tell === 'cpu') process.send({ cpu: process.cpuUsage() });
  if (tell === 'end') process.exit();
});
process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port, names: [...apps.keys()] }));

function appOf(name, middleware) {
  const app = express();
  if (middleware) app.use(middleware);
  app.get(`/${name}/fast`, (_request, response) => {
    response.json({ ok: true });
  });
  app.get(`/${name}/slow`, (_request, response) => {
    setTimeout(() => response.json({ ok: true }), routeMs);
  });
  return app;
}

function unite({ size, ...options }) {
  const namespace = `unite-${size}-${options.durability ?? 'store'}-${options.ledger !== undefined}`;
  return quotaMiddleware({
    quota: openUnite(connection, { size, namespace, ...options }),
    tenantId: tenantOf,
    plan: () => 'usual',
  });
}

/** https://github.com/animir/node-rate-limiter-flexible/wiki/Express-Middleware */
function flexible(limiter) {
  return (request, response, next) => {
    limiter
      .consume(tenantOf(request))
      .then(() => next())
      .catch(() => response.status(429).send('Too Many Requests'));
  };
}

/** The same with the headers that its readme shows. */
function flexibleWithHeaders(limiter) {
  return (request, response, next) => {
    limiter
      .consume(tenantOf(request))
      .then(({ msBeforeNext, remainingPoints }) => {
        response.set({
          'X-RateLimit-Limit': plenty,
          'X-RateLimit-Remaining': remainingPoints,
          'X-RateLimit-Reset': Math.ceil((Date.now() + msBeforeNext) / 1_000),
        });
        next();
      })
      .catch(() => response.status(429).send('Too Many Requests'));
  };
}
