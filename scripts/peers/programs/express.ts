import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { startApm } from '@unite/apm';
import { apmErrorMiddleware, apmMiddleware } from '@unite/apm/express';
import { createEventStore } from '@unite/apm/store';
import { createCache } from '@unite/cache';
import { cacheMiddleware } from '@unite/cache/express';
import { currentContext } from '@unite/core/context';
import { contextMiddleware } from '@unite/core/express';
import { csrfMiddleware, securityHeadersMiddleware } from '@unite/crypto/express';
import { createLifecycle } from '@unite/ops';
import { createDashboard } from '@unite/ops/dashboard';
import { attachServer, dashboardMiddleware, lifecycleMiddleware } from '@unite/ops/express';
import { defineProblems } from '@unite/problem';
import { notFoundMiddleware, problemMiddleware } from '@unite/problem/express';
import { createQuota, definePlans } from '@unite/quota';
import { quotaMiddleware } from '@unite/quota/express';
import { currentTraceId, startTracing } from '@unite/tracing';
import { tracingErrorMiddleware, tracingMiddleware } from '@unite/tracing/express';
import { createTraceStore } from '@unite/tracing/store';
import express from 'express';

const traces = createTraceStore();
const tracing = startTracing({ service: { name: 'crm' }, exporters: [traces] });
const events = createEventStore();
const apm = startApm({ service: { name: 'crm', release: 'v1' }, sinks: [events], crash: false });
const problems = defineProblems({
  baseUrl: '/errors/',
  types: {},
  members: () => ({ eventId: apm.eventId() }),
});
const quota = createQuota({ plans: definePlans({ free: { apiCallsPerDay: 3 } }) });
const cache = createCache({ namespace: 'peers' });
const lifecycle = createLifecycle();
const dashboard = createDashboard({ authorize: () => true, apm, errors: events, traces });

let renders = 0;
const app = express();
// One at a time: the first 4 takes no more.
app.use(lifecycleMiddleware(lifecycle));
app.use(securityHeadersMiddleware());
app.use(tracingMiddleware(tracing));
app.use(contextMiddleware({ identify: () => ({ tenantId: 'acme', plan: 'free' }), timeoutMs: 30_000 }));
app.use(apmMiddleware(apm));
app.use(csrfMiddleware());
app.use('/ops', dashboardMiddleware(dashboard));
app.get('/cached/:id', cacheMiddleware({ cache, scope: 'tenant', ttlMs: 60_000 }), (_request, response) => {
  response.json({ renders: ++renders });
});
app.get('/metered/:id', quotaMiddleware({ quota, use: { apiCalls: 1 } }), async (_request, response) => {
  await Promise.resolve();
  const { route, tenantId } = currentContext() ?? {};
  response.json({ route, tenantId, traceId: currentTraceId() });
});
app.get('/broken', () => {
  throw new Error('secret');
});
app.post('/contacts', (_request, response) => void response.status(204).end());
app.use(notFoundMiddleware(problems));
app.use(tracingErrorMiddleware());
app.use(apmErrorMiddleware());
app.use(problemMiddleware(problems));

const server = app.listen(0, '127.0.0.1');
await once(server, 'listening');
await attachServer(lifecycle, server, { signals: false });
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const get = (path: string, init?: RequestInit) => fetch(origin + path, init);

const metered = await get('/metered/7');
const { traceId, ...rest } = (await metered.json()) as Record<string, string>;
assert.deepEqual(rest, { route: 'GET /metered/:id', tenantId: 'acme' });
assert.equal(metered.headers.get('traceresponse')?.split('-')[1], traceId);
assert(metered.headers.get('content-security-policy') && metered.headers.get('x-request-id'));
const trace = await traces.waitFor(traceId ?? '', AbortSignal.timeout(30_000));
assert.equal(trace?.roots[0]?.name, 'GET /metered/:id');

await (await get('/cached/7')).text();
assert.deepEqual(await (await get('/cached/7')).json(), { renders: 1 });
for (const _ of [2, 3]) assert.equal((await get('/metered/7')).status, 200);
const refused = await get('/metered/7');
assert.deepEqual([refused.status, refused.headers.get('content-type')], [429, 'application/problem+json']);

const broken = await get('/broken');
const problem = (await broken.json()) as { status: number; eventId: string };
assert(problem.status === 500 && !JSON.stringify(problem).includes('secret'));
assert.equal(events.event(problem.eventId)?.exceptions[0].message, 'secret');
assert.equal((await get('/nowhere')).headers.get('content-type'), 'application/problem+json');
const crossSite = { method: 'POST', headers: { 'sec-fetch-site': 'cross-site' } };
assert.deepEqual(
  [(await get('/contacts', { method: 'POST' })).status, (await get('/contacts', crossSite)).status],
  [204, 403],
);
assert.deepEqual([(await get('/health/ready')).status, (await get('/ops/')).status], [200, 200]);

const report = await lifecycle.close();
assert.equal(report.clean, true);
await Promise.all([quota.close(), cache.close(), apm.close(), tracing.close()]);
console.log(
  'context, tracing, apm, problems, quota, cached responses, CSRF, headers, health, dashboard, the end',
);
process.exit();
