import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { contextMiddleware } from '@unite/core/express';
import express5, { type Application, type ErrorRequestHandler, type RequestHandler } from 'express';
import { tracingErrorMiddleware, tracingMiddleware } from '../../src/express';
import { type TracedProcess, tracedProcess } from '../support/traced-process';

const express4 = require('express-4') as typeof express5;

describe.each([
  ['5', express5],
  ['4', express4],
])('Express %s', (version, express) => {
  let process: TracedProcess;
  let app: Application;
  let server: Server;
  beforeEach(async () => {
    process = tracedProcess();
    app = express();
    app.set('env', 'test');
    server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    const closed = once(server.close(), 'close');
    server.closeAllConnections();
    await closed;
  });

  const done: RequestHandler = (_request, response) => void response.send('done');
  const answer500: ErrorRequestHandler = (_error, _request, response, _next) =>
    void response.status(500).end();
  const boom = (): never => {
    throw new TypeError('boom');
  };

  /** The span of one request: its name and its route, which are of one mind. */
  async function routeOf(path: string): Promise<string | undefined> {
    const before = process.spans().length;
    const { port } = server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    await response.text();
    while (process.spans().length === before) await new Promise(setImmediate);
    const span = process.spans()[before];
    const route = span?.attributes['http.route'] as string | undefined;
    expect(span?.name).toBe(route === undefined ? 'GET' : `GET ${route}`);
    const told = response.headers.get('server-timing')?.match(/route;desc="(.*)"/)?.[1];
    expect(told).toBe(route);
    return route;
  }

  describe.each([[false], [true]])('routers with mergeParams %s', (mergeParams) => {
    beforeEach(() => {
      app.use(tracingMiddleware(process));
      const items = express.Router({ mergeParams });
      items.get('/', done);
      items.get('/:id', done);
      items.get('/:id/next', (_request, _response, next) => next(new Error('next')));
      items.get('/:id/thrown', boom);
      items.get('/:id/rejected', (_request, _response, next) => {
        const rejected = Promise.reject(new Error('rejected'));
        // Express 4 does not look at what a handler returns.
        return version === '4' ? void rejected.catch(next) : (rejected as Promise<void>);
      });
      const teams = express.Router({ mergeParams });
      teams.get('/boom/:id', (_request, _response, next) => next(new Error()));
      teams.use('/lists/:list/items', items);
      app.use('/api', express.Router().use('/teams/:team', teams));
      app.use(tracingErrorMiddleware(), answer500);
    });

    test.each([
      ['/api/teams/1/lists/2/items/3', '/api/teams/:team/lists/:list/items/:id'],
      ['/api/teams/1/lists/1/items/1', '/api/teams/:team/lists/:list/items/:id'],
      ['/api/teams/1/lists/2/items', '/api/teams/:team/lists/:list/items'],
      ['/api/teams/a%20b/lists/a%2Fb/items/', '/api/teams/:team/lists/:list/items'],
      ['/api/teams/1/boom/2', '/api/teams/:team/boom/:id'],
      ['/api/teams/1/lists/2/items/3/next', '/api/teams/:team/lists/:list/items/:id/next'],
      ['/api/teams/1/lists/2/items/3/thrown', '/api/teams/:team/lists/:list/items/:id/thrown'],
      ['/api/teams/1/lists/2/items/3/rejected', '/api/teams/:team/lists/:list/items/:id/rejected'],
      ['/api/teams/1/nothing', undefined],
    ])('%s', async (path, route) => {
      expect(await routeOf(path)).toBe(route);
    });
  });

  test('a value that is no segment of its own leaves its mount out', async () => {
    app.use(tracingMiddleware(process));
    const router = express.Router({ mergeParams: true });
    router.get('/x', done);
    router.use('/list/:list', express.Router({ mergeParams: true }).get('/y', done));
    app.use('/team-:team', router);
    app.use(/^\/v(\d+)\/(\w+)/, router);
    expect(await routeOf('/team-7/x')).toBe('/x');
    expect(await routeOf('/v7/secret/x')).toBe('/x');
    expect(await routeOf('/team-7/list/8/y')).toBe('/list/:list/y');
    expect(await routeOf('/v7/secret/list/8/y')).toBe('/list/:list/y');
  });

  test('a regular expression may match what is not well encoded', async () => {
    app.use(tracingMiddleware(process));
    app.use(/^\/t[^/]*/, express.Router().get('/x', done));
    expect(await routeOf('/t%zz/x')).toBe('/x');
  });

  test('what is mounted in front of the middleware is left out', async () => {
    const router = express.Router();
    router.use(tracingMiddleware(process));
    router.use('/lists/:list', express.Router().get('/x', done));
    router.get('/boom', boom);
    app.use('/teams/:team', router);
    app.use(answer500);
    expect(await routeOf('/teams/7/lists/8/x')).toBe('/lists/:list/x');
    expect(await routeOf('/teams/7/boom')).toBe('/boom');
  });

  test('an application inside another', async () => {
    app.use(tracingMiddleware(process));
    const inner = express().set('env', 'test');
    inner.get('/x/:id', done);
    inner.get('/boom', boom);
    app.use('/teams/:team', inner);
    app.use(answer500);
    expect(await routeOf('/teams/7/x/8')).toBe('/teams/:team/x/:id');
    expect(await routeOf('/teams/7/boom')).toBe('/teams/:team/boom');
  });

  test('a router that is passed through names nothing', async () => {
    app.use(tracingMiddleware(process));
    app.use('/teams/:team', express.Router().get('/other', done));
    app.get('/teams/:id/x', done);
    app.use('/teams', express.Router().get('/:id/y', done));
    expect(await routeOf('/teams/7/x')).toBe('/teams/:id/x');
    expect(await routeOf('/teams/7/y')).toBe('/teams/:id/y');
  });

  test('an optional parameter, and one that is changed on the way', async () => {
    app.use(tracingMiddleware(process));
    const router = express.Router().get('/x', done);
    app.use(version === '4' ? '/optional/:team?' : '/optional{/:team}', router);
    app.param('changed', (request, _response, next) => {
      request.params.changed = Object.create(null);
      next();
    });
    app.use('/changed/:changed', router);
    expect(await routeOf('/optional/x/x')).toBe('/optional/:team/x');
    expect(await routeOf('/changed/7/x')).toBe('/x');
  });

  test.each([
    ['in front', true],
    ['behind', false],
  ])('the context of core %s', async (_, isInFront) => {
    let told: string | undefined;
    const middlewares = [contextMiddleware(), tracingMiddleware(process)];
    app.use(isInFront ? middlewares : middlewares.reverse());
    const { currentContext } = require('@unite/core/context') as typeof import('@unite/core/context');
    const router = express.Router().get('/x/:id', (_request, response) => {
      told = currentContext()?.route;
      response.send('done');
    });
    router.get('/boom', boom);
    app.use('/teams/:team', router);
    app.use(answer500);
    expect(await routeOf('/teams/7/x/8')).toBe('/teams/:team/x/:id');
    expect(told).toBe('GET /teams/:team/x/:id');
    expect(await routeOf('/teams/7/boom')).toBe('/teams/:team/boom');
  });

  test('an error that cannot be read reaches the error middleware as it is', async () => {
    const hostile = Object.defineProperty(new Error(), 'message', { get: boom });
    const seen: unknown[] = [];
    app.use(tracingMiddleware(process));
    app.get('/x', (_request, _response, next) => next(hostile));
    app.use(tracingErrorMiddleware());
    app.use(((error, _request, response, _next) => {
      seen.push(error);
      response.status(500).end();
    }) as ErrorRequestHandler);
    expect(await routeOf('/x')).toBe('/x');
    expect(seen[0]).toBe(hostile);
  });

  if (version === '5') {
    test('a wildcard is one name', async () => {
      app.use(tracingMiddleware(process));
      app.use('/files/*path/in', express.Router().get('/:id', done));
      expect(await routeOf('/files/a/b/in/c')).toBe('/files/*path/in/:id');
    });
  }
});
