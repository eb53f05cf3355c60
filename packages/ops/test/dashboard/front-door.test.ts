import { afterEach, describe, expect, it } from '@jest/globals';
import compression from 'compression';
import express5 from 'express';
import type { DashboardOptions, RequestsScreen, Snapshot } from '../../src/dashboard';
import { dashboardMiddleware } from '../../src/express';
import { dashboardRoute } from '../../src/next';
import { ask, listen } from '../support/local-server';
import { closeDashboards, dashboardOf } from './support/dashboards';

/** Not by an import: the types of Express 5 are the ones installed. */
const express4 = require('express-4') as typeof express5;
afterEach(closeDashboards);

describe.each([
  ['4', express4],
  ['5', express5],
])('with Express %s', (_, express) => {
  async function serve(options: DashboardOptions = {}) {
    const dashboard = dashboardOf(options);
    const app = express();
    app.use(compression({ threshold: 0 }), (_request, response, next) => {
      response.setHeader('Content-Security-Policy', "script-src 'unsafe-inline'");
      next();
    });
    app.use('/ops', dashboardMiddleware(dashboard));
    const teams = express.Router();
    teams.get('/members/:id', (_request, response) => {
      response.json({});
    });
    app.use('/teams/:team', teams);
    const { port } = await listen(app);
    return { dashboard, port };
  }

  async function requestsOf(port: number): Promise<RequestsScreen> {
    const { text } = await ask(port, '/ops/api/requests');
    return (JSON.parse(text) as Snapshot<'requests'>).data;
  }

  it('shows each request once, by its template, and none of its own', async () => {
    const { port } = await serve();
    await ask(port, '/teams/77/members/9?q=ada');
    await ask(port, '/nowhere/ada@example.com/123', { method: 'POST' });
    await ask(port, '/ops');
    await ask(port, '/ops/nothing');
    const { rows, total, routes } = await requestsOf(port);
    expect(total).toBe(2);
    expect(rows.map(({ method, route, status }) => [method, route, status])).toEqual([
      ['POST', '/nowhere/*/*', 404],
      ['GET', '/teams/*/members/:id', 200],
    ]);
    expect(routes.map(({ route, requests }) => [route, requests])).toEqual([
      ['GET /teams/*/members/:id', 1],
      ['POST /nowhere/*/*', 1],
    ]);
  });

  it('a page is delivered with its first snapshot, and what it loads, under its own policy', async () => {
    const { port } = await serve({ service: { name: '</script><b>crm' }, nonce: () => 'abc+123=' });
    const { status, text, headers } = await ask(port, '/ops/requests');
    expect(status).toBe(200);
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'; require-trusted-types-for 'script'; trusted-types 'none'",
    );
    expect(headers['cache-control']).toBe('no-store');
    expect(text).toContain('<div id="app" data-base="/ops"></div>');
    expect(text).not.toContain('<b>');
    expect(text).not.toContain('style=');
    expect(text.match(/<\/script>/g)).toHaveLength(2);
    expect(text.match(/nonce="abc\+123="/g)).toHaveLength(3);
    const [, json = ''] = text.match(/id="snapshot"[^>]*>(.*?)<\/script>/s) ?? [];
    expect(JSON.parse(json)).toMatchObject({
      screen: 'requests',
      header: { service: '</script><b>crm', environment: 'test', mayAct: false },
    });
    const files = [...text.matchAll(/"(\/ops\/assets\/[^"]+)"/g)];
    expect(files).toHaveLength(2);
    for (const [, path = ''] of files) {
      const asset = await ask(port, path);
      expect(asset.status).toBe(200);
      expect(asset.headers['cache-control']).toContain('immutable');
    }
  });

  it('a stream comes through a compression, event by event', async () => {
    const { port, dashboard } = await serve();
    const answer = await fetch(`http://127.0.0.1:${port}/ops/stream`);
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    expect(answer.headers.get('content-encoding')).toBeNull();
    const reader = answer.body?.getReader();
    let text = '';
    while (!text.includes('event: frame')) text += new TextDecoder().decode((await reader?.read())?.value);
    expect(dashboard.counts().viewers).toBe(1);
    await dashboard.close();
    for (let part = await reader?.read(); !part?.done; part = await reader?.read());
    expect(dashboard.counts().viewers).toBe(0);
  });

  it('says what there is not, and what may not be asked for so', async () => {
    const { port } = await serve();
    for (const path of [
      '/ops/nothing',
      '/ops/api',
      '/ops/api/',
      '/ops/now/1',
      '/ops/assets/app.js',
      '/ops/a/b/c/d',
      '/ops/traces/..%2f',
      '/ops/actions',
      '/ops/actions/toString',
      '/ops/api/constructor',
    ])
      expect([path, (await ask(port, path)).status]).toEqual([path, 404]);
    expect(await ask(port, '/ops/api/now', { method: 'PUT' })).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD' },
    });
    expect(await ask(port, '/ops/actions/drill')).toMatchObject({ status: 405, headers: { allow: 'POST' } });
    expect(await ask(port, '/ops/api/now', { method: 'TRACE' })).toMatchObject({ status: 400 });
    expect(await ask(port, '/ops/stream', { method: 'HEAD' })).toMatchObject({ status: 200, text: '' });
    expect(await ask(port, '/ops/', { method: 'HEAD' })).toMatchObject({ status: 200, text: '' });
  });
});

it('works in Next.js by plain Requests', async () => {
  const { GET, POST } = dashboardRoute(dashboardOf({ authorize: () => true }), { basePath: '/ops' });
  const args = { params: Promise.resolve({}) };
  const answer = await GET(new Request('http://localhost/ops/api/now'), args);
  expect(answer.status).toBe(200);
  expect(((await answer.json()) as Snapshot<'now'>).data.pulse).toHaveLength(300);
  expect((await GET(new Request('http://localhost/elsewhere'), args)).status).toBe(404);
  expect(
    (await POST(new Request('http://localhost/ops/actions/drill', { method: 'POST' }), args)).status,
  ).toBe(403);
  expect(() => dashboardRoute(dashboardOf(), { basePath: 'ops/' })).toThrow(
    'dashboardRoute: option "basePath" must be a path such as "/ops", got "ops/"',
  );
});
