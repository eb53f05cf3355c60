import { afterEach, describe, expect, it } from '@jest/globals';
import express5 from 'express';
import type { Dashboard, DashboardOptions, RequestsScreen, Snapshot } from '../../src/dashboard';
import { createDashboard } from '../../src/dashboard';
import { dashboardMiddleware } from '../../src/express';
import { dashboardRoute } from '../../src/next';
import { ask, closeServers, listen } from '../support/local-server';

/** Not by an import: the types of Express 5 are the ones installed. */
const express4 = require('express-4') as typeof express5;
const open = new Set<Dashboard>();
afterEach(async () => {
  closeServers();
  for (const dashboard of open) await dashboard.close();
  open.clear();
});

function dashboardOf(options: DashboardOptions = {}): Dashboard {
  const dashboard = createDashboard({ environment: 'test', ...options });
  open.add(dashboard);
  return dashboard;
}

describe.each([
  ['4', express4],
  ['5', express5],
])('with Express %s', (_, express) => {
  async function serve(options: DashboardOptions = {}) {
    const dashboard = dashboardOf(options);
    const app = express();
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

  it('a page is delivered with its first snapshot, and what it loads', async () => {
    const { port } = await serve({ service: { name: '</script><b>crm' } });
    const { status, text, headers } = await ask(port, '/ops/requests');
    expect(status).toBe(200);
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self';");
    expect(text).toContain('<div id="app" data-base="/ops"></div>');
    expect(text).not.toContain('<b>');
    expect(text.match(/<\/script>/g)).toHaveLength(2);
    const [, json] = text.match(/id="snapshot">(.*?)<\/script>/s) as unknown as [string, string];
    expect(JSON.parse(json)).toMatchObject({
      screen: 'requests',
      header: { service: '</script><b>crm', environment: 'test', mayAct: false },
    });
    for (const [path] of text.matchAll(/\/ops\/assets\/[^"]+/g)) {
      const asset = await ask(port, path);
      expect(asset.status).toBe(200);
      expect(asset.headers['cache-control']).toContain('immutable');
    }
  });
});

it('works in Next.js by plain Requests', async () => {
  const { GET } = dashboardRoute(dashboardOf({ authorize: () => true }), { basePath: '/ops' });
  const args = { params: Promise.resolve({}) };
  const answer = await GET(new Request('http://localhost/ops/api/now'), args);
  expect(answer.status).toBe(200);
  expect(((await answer.json()) as Snapshot<'now'>).data.pulse).toHaveLength(300);
  expect((await GET(new Request('http://localhost/ops/api/nothing'), args)).status).toBe(404);
});
