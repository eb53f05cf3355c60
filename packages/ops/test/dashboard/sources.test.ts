import { afterEach, describe, expect, it } from '@jest/globals';
import { startApm } from '@unite/apm';
import { apmErrorMiddleware, apmMiddleware } from '@unite/apm/express';
import { slo } from '@unite/apm/slo';
import { createEventStore } from '@unite/apm/store';
import { createCache } from '@unite/cache';
import { contextMiddleware } from '@unite/core/express';
import { createCluster } from '@unite/db-ha';
import { createQuota, definePlans } from '@unite/quota';
import { createTraceStore } from '@unite/tracing/store';
import express from 'express';
import pg from 'pg';
import { createLifecycle } from '../../src';
import type { AuthorizeAnswer, DashboardOptions, ErrorEventLike, SpanLike } from '../../src/dashboard';
import { ask, listen } from '../support/local-server';
import { askDirectly, closeDashboards, dashboardOf, dataOf } from './support/dashboards';

afterEach(closeDashboards);

describe('with the real packages', () => {
  function compose(authorize: () => AuthorizeAnswer = () => true) {
    const errors = createEventStore();
    const apm = startApm({
      service: { name: 'crm', release: 'r2', environment: 'test', deployment: { id: 'd-7' } },
      sinks: [errors],
      slos: [slo('api-errors', { target: 0.9 })],
      crash: false,
    });
    const cache = createCache({ namespace: 'test' });
    const plans = definePlans({
      free: { apiCallsPerDay: 2 },
    });
    const quota = createQuota({ plans, termsOf: () => ({ plan: 'free' }) });
    const cluster = createCluster({
      nodes: [{ name: 'a', url: 'postgres://127.0.0.1:1/none' }],
      Pool: pg.Pool,
    });
    const lifecycle = createLifecycle({
      checks: { database: () => ({ status: 'degraded', detail: 'slow' }) },
    });
    const dashboard = dashboardOf({
      authorize,
      apm,
      errors,
      traces: createTraceStore(),
      cache,
      quota,
      cluster,
      lifecycle,
      environment: undefined,
    });
    const app = express();
    app.use(contextMiddleware({ identify: () => ({ tenantId: 'acme' }) }), apmMiddleware(apm));
    const contacts = cache.define('contacts', {
      load: async (id: string) => id,
      key: (id) => [id],
      scope: 'global',
      memoryTtlMs: 60_000,
    });
    app.get('/contacts/:id', async (request, response) => {
      await quota.check({ use: { apiCalls: 1 } });
      response.json(await contacts.get(request.params.id));
    });
    app.get('/broken', () => {
      throw new RangeError('out of range');
    });
    app.use(
      apmErrorMiddleware(),
      (_error: unknown, _request: unknown, response: express.Response, _next: unknown) => {
        response.status(500).end();
      },
    );
    return {
      dashboard,
      app,
      close: async () => Promise.all([apm.close(), cache.close(), quota.close(), cluster.close()]),
    };
  }

  it('shows whose each request was, what broke, what was used and what was saved', async () => {
    const { app, dashboard, close } = compose();
    const { port } = await listen(app);
    for (const path of ['/contacts/7', '/contacts/7', '/broken']) await ask(port, path);

    const { rows, routes } = await dataOf(dashboard, 'requests');
    const errors = await dataOf(dashboard, 'errors');
    expect(rows).toMatchObject([
      { route: '/broken', status: 500, tenantId: 'acme', eventId: errors.rows[0]?.id },
      { route: '/contacts/:id', tenantId: 'acme' },
      { route: '/contacts/:id', tenantId: 'acme' },
    ]);
    expect(routes).toMatchObject([
      { route: 'GET /contacts/:id', requests: 2, errors: 0 },
      { route: 'GET /broken', requests: 1, errors: 1 },
    ]);
    expect(errors).toMatchObject({
      rows: [{ type: 'RangeError', message: 'out of range', release: 'r2', count: 1, isHandled: false }],
      total: 1,
      requests: 3,
    });
    expect(errors.rows[0]?.stack[0]?.text).toContain('sources.test');
    expect(await dataOf(dashboard, 'cache')).toMatchObject({
      reads: 2,
      byLayer: { memory: 1, load: 1 },
      memory: { entries: 1 },
      definitions: [{ name: 'contacts', reads: 2, hits: 1, loads: 1 }],
      mayInvalidate: false,
    });
    expect(await dataOf(dashboard, 'quota')).toMatchObject({
      allowed: 2,
      tenants: [{ tenantId: 'acme', plan: 'free', limit: 'apiCallsPerDay', used: 2, of: 2 }],
      costs: [{ route: 'GET /contacts/:id', amount: 2, costNanoUsd: '0' }],
    });
    expect((await dataOf(dashboard, 'slos')).rows).toMatchObject([
      { name: 'api-errors', target: 0.9, good: 2, total: 3, burn: { '1h': expect.any(Number) } },
    ]);
    expect(await dataOf(dashboard, 'database')).toMatchObject({ nodes: [{ name: 'a', state: 'unknown' }] });
    expect((await dataOf(dashboard, 'releases')).rows).toMatchObject([
      { release: 'r2', deployment: 'd-7', requests: 3, errors: 1, isCurrent: true },
    ]);
    const now = await dataOf(dashboard, 'now');
    expect(now.health).toMatchObject({
      state: 'starting',
      checks: [{ name: 'database', status: 'degraded', detail: 'slow' }],
    });
    expect(now.verdicts.map(({ screen, verdict }) => [screen, verdict])).toEqual([
      ['now', 'warn'],
      ['requests', expect.any(String)],
      ['errors', 'warn'],
      ['slos', expect.any(String)],
      ['cache', 'ok'],
      ['quota', 'ok'],
      ['database', 'none'],
    ]);
    const { header } = (await (await askDirectly(dashboard, '/api/traces')).json()) as { header: object };
    expect(header).toMatchObject({
      service: 'crm',
      release: 'r2',
      environment: 'test',
      screens: { now: true, slos: true, drills: false },
      hints: { drills: expect.stringContaining('drills:') },
    });
    await close();
  });

  it('shows a tenant nothing of another one', async () => {
    const { app, dashboard, close } = compose(() => ({ tenantId: 'globex' }));
    const { port } = await listen(app);
    for (const path of ['/contacts/7', '/broken']) await ask(port, path);
    expect(await dataOf(dashboard, 'requests')).toMatchObject({ rows: [], routes: [], total: 0 });
    expect(await dataOf(dashboard, 'errors')).toMatchObject({ rows: [], total: 0, requests: 0 });
    expect((await dataOf(dashboard, 'quota')).tenants).toMatchObject([{ tenantId: 'globex', used: 0 }]);
    for (const screen of ['now', 'requests', 'errors', 'slos', 'quota', 'releases'])
      expect(await (await askDirectly(dashboard, `/api/${screen}`)).text()).not.toContain('acme');
    await close();
  });
});

const traceId = 'a'.repeat(32);

function span(attributes: Record<string, unknown>, children: SpanLike[] = []): SpanLike {
  return {
    spanId: 'b'.repeat(16),
    name: 'GET /',
    kind: 'server',
    service: 'crm',
    startedAtMs: 1_000,
    durationMs: 5,
    status: 'ok',
    statusMessage: undefined,
    attributes,
    events: [{ name: 'cache hit', atMs: 1_002 }],
    links: [],
    children,
  };
}

function tracesOf(root: SpanLike): NonNullable<DashboardOptions['traces']> {
  const trace = {
    traceId,
    name: 'GET /',
    spans: 2,
    startedAtMs: 1_000,
    durationMs: 5,
    hasError: false,
    dropped: 0,
    roots: [root],
  };
  return { trace: (id) => (id === traceId ? trace : undefined), traces: () => [trace] };
}

describe('a trace', () => {
  it('is a waterfall, whose texts are cut', async () => {
    const attributes = Object.fromEntries(
      Array.from({ length: 60 }, (_, n) => [`key.${n}`, 'x'.repeat(500)]),
    );
    const dashboard = dashboardOf({
      authorize: () => true,
      traces: tracesOf(span({}, [span({ 'db.query.text': '<script>alert(1)</script>' }), span(attributes)])),
    });
    const { trace } = (await (await askDirectly(dashboard, `/api/traces/${traceId}`)).json()) as {
      trace: { rows: { depth: number; attributes: [string, string][] }[] };
    };
    expect(trace).toMatchObject({
      rows: [{ depth: 0, offsetMs: 0, events: [{ offsetMs: 2 }] }, { depth: 1 }, { depth: 1 }],
    });
    expect(trace.rows[2]?.attributes).toHaveLength(40);
    expect(trace.rows[2]?.attributes[0]?.[1]).toHaveLength(200);
    const page = await (await askDirectly(dashboard, `/traces/${traceId}`)).text();
    expect(page).not.toContain('<script>alert');
    const gone = await askDirectly(dashboard, `/api/traces/${'c'.repeat(32)}`);
    expect(await gone.json()).toMatchObject({
      reason: expect.stringContaining('the store has 1 traces now'),
    });
    expect((await askDirectly(dashboardOf({ authorize: () => true }), `/api/traces/${traceId}`)).status).toBe(
      200,
    );
  });

  it('that is still on its way is waited for', async () => {
    const ended = tracesOf(span({}));
    const traces: ReturnType<typeof tracesOf> = {
      ...ended,
      trace: () => undefined,
      waitFor: async (id) => ended.trace(id),
    };
    const dashboard = dashboardOf({ authorize: () => true, traces });
    const answer = await askDirectly(dashboard, `/api/traces/${traceId}`);
    expect(await answer.json()).toMatchObject({ trace: { traceId } });
  });

  it.each([
    ['its own', span({ 'unite.tenant_id': 'acme' }, [span({})]), true],
    ['of nobody', span({}), false],
    ['of another one', span({ 'unite.tenant_id': 'globex' }), false],
    [
      'with a span of another one',
      span({ 'unite.tenant_id': 'acme' }, [span({ 'unite.tenant_id': 'globex' })]),
      false,
    ],
  ])('%s is shown to a tenant: %#', async (_, root, isShown) => {
    const dashboard = dashboardOf({ authorize: () => ({ tenantId: 'acme' }), traces: tracesOf(root) });
    expect((await dataOf(dashboard, 'traces')).rows).toHaveLength(isShown ? 1 : 0);
    const page = await (await askDirectly(dashboard, `/api/traces/${traceId}`)).text();
    expect(page.includes('"rows"')).toBe(isShown);
  });
});

it('errors of one kind in one release are one row', async () => {
  const event = (id: string, atMs: number, release: string): ErrorEventLike => ({
    id,
    atMs,
    isHandled: true,
    exceptions: [{ type: 'Error', message: 'x'.repeat(2_000), frames: [] }],
    service: { name: 'crm', release },
    route: 'GET /',
    tenantId: undefined,
    traceId: undefined,
  });
  const errors = {
    events: () => [event('c', 3_000, 'r2'), event('b', 2_000, 'r1'), event('a', 1_000, 'r1')],
    deployments: () => [
      { id: 'd2', release: 'r2', atMs: 2_500 },
      { id: 'd1', release: 'r1', atMs: 500 },
      { id: 'd0' },
    ],
  };
  const dashboard = dashboardOf({ authorize: () => true, errors });
  expect((await dataOf(dashboard, 'errors')).rows).toMatchObject([
    { id: 'c', release: 'r2', count: 1 },
    { id: 'b', release: 'r1', count: 2, firstAtMs: 1_000, lastAtMs: 2_000 },
  ]);
  expect((await dataOf(dashboard, 'releases')).rows).toMatchObject([
    { release: 'r2', deployment: 'd2', errors: 1, isCurrent: false },
    { release: 'r1', deployment: 'd1', errors: 2 },
  ]);
});
