import { afterEach, describe, expect, it, jest } from '@jest/globals';
import express5 from 'express';
import { createLifecycle, type HealthStatus, type LifecycleOptions } from '../../src';
import { attachServer, dashboardMiddleware, lifecycleMiddleware, needsMiddleware } from '../../src/express';
import { ask, closeServers, listen } from '../support/local-server';

/** Not by an import: the types of Express 5 are the ones installed. */
const express4 = require('express-4') as typeof express5;
afterEach(closeServers);

describe.each([
  ['4', express4],
  ['5', express5],
])('with Express %s', (_, express) => {
  async function serve(options: LifecycleOptions = {}) {
    const lifecycle = createLifecycle({ drain: { readinessGraceMs: 0 }, ...options });
    const app = express();
    app.use(lifecycleMiddleware(lifecycle));
    app.get('/contacts', (_request, response) => {
      response.json([]);
    });
    app.post('/contacts', needsMiddleware(lifecycle, { needs: 'write' }), (_request, response) => {
      response.status(201).end();
    });
    const { port, server } = await listen(app);
    await attachServer(lifecycle, server, { signals: false });
    return { lifecycle, port };
  }

  it('the health pages are there, and the routes behind them', async () => {
    const { port } = await serve();
    expect(await ask(port, '/health/ready')).toMatchObject({ status: 200 });
    expect(await ask(port, '/contacts')).toMatchObject({ status: 200, text: '[]' });
  });

  it('only routes that write are refused while there is no primary', async () => {
    let write: HealthStatus = 'down';
    const { port, lifecycle } = await serve({
      checks: { database: { maxAgeMs: 0, run: () => ({ groups: { ready: 'up', write } }) } },
    });
    await lifecycle.health();
    expect(await ask(port, '/health/ready')).toMatchObject({ status: 200 });
    expect(await ask(port, '/health/ready/write')).toMatchObject({ status: 503 });
    expect(await ask(port, '/contacts')).toMatchObject({ status: 200 });
    expect(await ask(port, '/contacts', { method: 'POST' })).toMatchObject({
      status: 503,
      headers: { 'retry-after': '2' },
    });
    write = 'up';
    expect(await ask(port, '/health/ready/write')).toMatchObject({ status: 200 });
    expect(await ask(port, '/contacts', { method: 'POST' })).toMatchObject({ status: 201 });
  });

  it('what is refused is answered at once, and nothing is written into the log', async () => {
    const lifecycle = createLifecycle({
      shedding: { maxInFlight: 1 },
      checks: { database: () => ({ groups: { write: 'down' } }) },
    });
    await lifecycle.start();
    await lifecycle.health();
    const log = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const app = express();
    app.post('/', needsMiddleware(lifecycle, { needs: 'write' }));
    app.use(lifecycleMiddleware(lifecycle));
    const { port } = await listen(app);
    const missing = await ask(port, '/', { method: 'POST' });
    lifecycle.admit();
    const overloaded = await ask(port, '/');
    for (const answer of [missing, overloaded])
      expect([answer.status, answer.headers['content-type']]).toEqual([503, 'application/problem+json']);
    expect(missing.text).toContain('UNITE_OPS_GROUP_DOWN');
    expect(overloaded.text).toContain('UNITE_OPS_OVERLOADED');
    expect(log).not.toHaveBeenCalled();
    log.mockRestore();
  });

  it('what is refused goes to the error middleware where that is wanted', async () => {
    const lifecycle = createLifecycle({ shedding: { maxInFlight: 1 } });
    lifecycle.admit();
    const app = express();
    app.use(lifecycleMiddleware(lifecycle, { onRefused: 'next' }));
    app.use(((error, _request, response, _next) => {
      response.status(error.status).json(error.code);
    }) as express5.ErrorRequestHandler);
    const { port } = await listen(app);
    expect(await ask(port, '/contacts')).toMatchObject({ status: 503, text: '"UNITE_OPS_OVERLOADED"' });
  });

  it('a shutdown is clean', async () => {
    const { port, lifecycle } = await serve();
    await ask(port, '/contacts');
    expect(await lifecycle.close()).toMatchObject({ clean: true });
  });
});

it('options that mean nothing are refused', () => {
  const lifecycle = createLifecycle();
  expect(() => lifecycleMiddleware({} as never)).toThrow(
    'lifecycleMiddleware: lifecycle must be what createLifecycle returned, got an object',
  );
  expect(() => dashboardMiddleware(undefined as never)).toThrow(
    'dashboardMiddleware: dashboard must be what createDashboard returned, got undefined',
  );
  expect(() => lifecycleMiddleware(lifecycle, { path: '/' } as never)).toThrow(
    'lifecycleMiddleware: unknown option "path"; known are details, drainingStatus, healthPath',
  );
  expect(() => lifecycleMiddleware(lifecycle, { onRefused: 'throw' as never })).toThrow(
    'lifecycleMiddleware: option "onRefused" must be "respond" or "next", got "throw"',
  );
  expect(() => needsMiddleware(lifecycle, {} as never)).toThrow(
    'needsMiddleware: option "needs" must be the name of a health group, got undefined',
  );
});
