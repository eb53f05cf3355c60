import { once } from 'node:events';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { currentContext } from '@unite/core/context';
import { contextMiddleware } from '@unite/core/express';
import express, { type Application, type ErrorRequestHandler } from 'express';
import { apmErrorMiddleware, apmMiddleware } from '../../src/express';
import { observing } from '../support/observing';

let apm: ReturnType<typeof observing>;
let app: Application;
let server: Server;
beforeEach(async () => {
  apm = observing();
  app = express().set('env', 'test');
  server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  const closed = once(server.close(), 'close');
  server.closeAllConnections();
  await closed;
});

const answer500: ErrorRequestHandler = (_error, _request, response, _next) => void response.status(500).end();
const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
/** A request is finished when its connection knows, which may be after the answer was read. */
async function ask(path: string): Promise<Response> {
  const before = apm.finished.length;
  const response = await fetch(origin() + path);
  await response.arrayBuffer();
  while (apm.finished.length === before) await new Promise(setImmediate);
  return response;
}

describe.each([[true], [false]])('with core’s context: %s', (hasContext) => {
  beforeEach(() => {
    if (hasContext) app.use(contextMiddleware());
    app.use(apmMiddleware(apm));
    app.use(
      '/teams/:team',
      express.Router().get('/x', (_request, response) => void response.send('done')),
    );
    app.get('/boom', () => {
      throw new TypeError('boom');
    });
    app.get('/context', (incoming, response) => {
      incoming.resume().once('end', () => response.json({ requestId: currentContext()?.requestId }));
    });
    app.get('/own/:id', (_request, response) => void response.send(currentContext()?.route));
    app.use(apmErrorMiddleware(), answer500);
  });

  test('names a request by its route, and times it', async () => {
    const { headers } = await ask('/teams/7/x');
    expect(apm.finished).toMatchObject([{ route: 'GET /teams/:team/x', status: 200, isAborted: false }]);
    expect(headers.get('server-timing')).toBe('app;dur=0.0');
  });

  test('one without a route is unmatched', async () => {
    await ask('/nothing/secret');
    expect(apm.finished).toMatchObject([{ route: 'GET unmatched', status: 404 }]);
  });

  test('captures what handlers throw', async () => {
    await ask('/boom');
    expect(apm.captured).toMatchObject([{ message: 'boom' }]);
    expect(apm.routes).toEqual(['GET /boom']);
    expect(apm.finished).toMatchObject([{ route: 'GET /boom', status: 500, isError: true }]);
  });

  test('a handler’s context has the route', async () => {
    const before = apm.finished.length;
    expect(await (await fetch(`${origin()}/own/7`)).text()).toBe('GET /own/:id');
    while (apm.finished.length === before) await new Promise(setImmediate);
  });

  test('has a context in the listeners of a request', async () => {
    const before = apm.finished.length;
    const response = await fetch(`${origin()}/context`);
    expect(await response.json()).toEqual({ requestId: expect.any(String) });
    while (apm.finished.length === before) await new Promise(setImmediate);
  });
});

test('a client that goes is noted', async () => {
  app.use(apmMiddleware(apm));
  app.get('/slow', (_request, response) => void response.write('…'));
  const client = httpRequest(`${origin()}/slow`).on('error', () => {});
  client.once('response', () => client.destroy());
  client.end();
  while (apm.finished.length === 0) await new Promise(setImmediate);
  expect(apm.finished).toMatchObject([{ route: 'GET /slow', isAborted: true }]);
});

test('what fails in the middle of its answer is the server’s failure', async () => {
  app.use(apmMiddleware(apm));
  app.get('/half', async (_request, response) => {
    response.write('half');
    await Promise.resolve();
    throw new Error('half way');
  });
  app.use(apmErrorMiddleware());
  await fetch(`${origin()}/half`)
    .then((response) => response.text())
    .catch(() => {});
  while (apm.finished.length === 0) await new Promise(setImmediate);
  expect(apm.captured).toMatchObject([{ message: 'half way' }]);
  expect(apm.finished).toMatchObject([{ route: 'GET /half', status: 500, isError: true, isAborted: false }]);
});

test('observes once behind itself, and not what is skipped', async () => {
  app.use(apmMiddleware({ apm, skip: ({ url }) => url === '/health' }), apmMiddleware(apm));
  app.get('/x', (_request, response) => void response.send('done'));
  await ask('/x');
  expect(apm.finished).toHaveLength(1);
});

test('the error middleware alone passes on', async () => {
  app.get('/boom', () => {
    throw new Error('boom');
  });
  app.use(apmErrorMiddleware(), answer500);
  expect((await fetch(`${origin()}/boom`)).status).toBe(500);
});

test('names an option that is unknown', () => {
  expect(() => apmMiddleware({ apm, ignore: true } as never)).toThrow(
    'apmMiddleware: unknown option "ignore"; known are apm, skip',
  );
});
