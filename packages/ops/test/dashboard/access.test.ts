import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { manualClock, settle } from '@unite/shared/testing';
import express from 'express';
import { type AuthorizeAnswer, createDashboard, type DashboardOptions } from '../../src/dashboard';
import { dashboardMiddleware } from '../../src/express';
import { ask, listen } from '../support/local-server';
import { askDirectly, closeDashboards, dashboardOf } from './support/dashboards';

afterEach(closeDashboards);

const everything = ['', '/requests', '/api/now', '/stream', '/assets/app.js', '/actions/drill', '/nothing'];

async function serve(options: DashboardOptions = {}) {
  const app = express();
  app.use('/ops', dashboardMiddleware(dashboardOf(options)));
  return (await listen(app)).port;
}

describe('without authorize', () => {
  it('there is no dashboard in production', () => {
    expect(() => createDashboard({ environment: 'production' })).toThrow(
      'createDashboard: option "authorize" is needed in production: anybody could look otherwise',
    );
    const before = process.env.NODE_ENV;
    process.env.NODE_ENV = 'production';
    expect(() => createDashboard({ environment: 'staging' })).toThrow('"authorize" is needed');
    process.env.NODE_ENV = before;
  });

  it('it is for this machine alone, under a name of this machine', async () => {
    const port = await serve();
    expect((await ask(port, '/ops/api/now')).status).toBe(200);
    expect((await ask(port, '/ops/api/now', { headers: { host: `localhost:${port}` } })).status).toBe(200);
    for (const headers of [
      { host: 'rebound.example' },
      { 'x-forwarded-for': '127.0.0.1' },
      { forwarded: 'for=127.0.0.1' },
    ])
      for (const path of everything) expect((await ask(port, `/ops${path}`, { headers })).status).toBe(403);
  });

  it('who cannot be known is refused, with a page that says why', async () => {
    const answer = await askDirectly(dashboardOf(), '', { headers: { accept: 'text/html' } });
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('<h1>Not for you</h1>');
  });
});

describe('with authorize', () => {
  it.each([[false], [undefined], [null]])('%s lets nobody at anything', async (answer) => {
    const dashboard = dashboardOf({ authorize: () => answer as AuthorizeAnswer });
    for (const path of everything) expect((await askDirectly(dashboard, path)).status).toBe(403);
    expect(dashboard.counts()).toMatchObject({ refused: everything.length, authorizeFailures: 0 });
  });

  it('one that throws, rejects, answers nonsense or never lets nobody in, and is counted', async () => {
    const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const clock = manualClock();
    const answers: (() => unknown)[] = [
      () => {
        throw new Error('the session store is away');
      },
      () => Promise.reject(new Error('away')),
      () => 'yes',
      () => ({ tenantId: '' }),
      () => new Promise(() => undefined),
    ];
    for (const answer of answers) {
      const dashboard = dashboardOf({ authorize: answer as () => AuthorizeAnswer, clock });
      const asked = askDirectly(dashboard, '/api/now');
      await settle();
      await clock.advance(10_000);
      expect((await asked).status).toBe(403);
      expect(dashboard.counts()).toMatchObject({ refused: 1, authorizeFailures: 1 });
    }
    warned.mockRestore();
  });

  it('is given the request and what the framework has of it', async () => {
    const seen: unknown[] = [];
    const port = await serve({
      authorize: ({ headers, url }, native) => {
        seen.push(headers.get('cookie'), url, Object(native).originalUrl);
        return true;
      },
    });
    await ask(port, '/ops/api/now?a=1', { headers: { cookie: 'session=1' } });
    expect(seen).toEqual(['session=1', 'http://localhost/ops/api/now?a=1', '/ops/api/now?a=1']);
  });
});

it.each([
  [{ maxViewers: 0 }, 'createDashboard: option "maxViewers" must be a whole number from 1 to 10,000, got 0'],
  [
    { traces: {} },
    'createDashboard: option "traces" must be an object with trace(), traces(), got an object',
  ],
  [{ verify: [1] }, 'createDashboard: option "verify" must be a list of at most 50 verifiers, got an array'],
  [{ authorise: () => true }, 'createDashboard: unknown option "authorise"'],
  [
    { home: { href: '//evil.example', label: 'Home' } },
    'createDashboard: option "home" must be an href such as "/" and a label, got an object',
  ],
])('refuses %j', (options, message) => {
  expect(() => createDashboard(options as DashboardOptions)).toThrow(message);
});

it('leads back to what it is mounted in', async () => {
  const home = { href: '/', label: 'Back to the shop' };
  const dashboard = dashboardOf({ authorize: () => true, home });
  const answer = await askDirectly(dashboard, '/api/now');
  expect(await answer.json()).toMatchObject({ header: { home } });
});
