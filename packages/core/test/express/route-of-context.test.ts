import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import express, { type NextFunction, type Request, type Response, Router } from 'express';
import { currentContext } from '../../src/context';
import { contextMiddleware } from '../../src/express';

const servers: { close(): unknown; closeAllConnections(): void }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function start(): Promise<string> {
  const answer = (_request: Request, response: Response) => {
    response.json(currentContext()?.route ?? null);
  };
  const members = Router();
  members.get('/', answer);
  members.get('/:member', answer);
  members.get('/:member/fails', () => {
    throw new Error('down');
  });
  const teams = Router();
  teams.use('/nowhere', Router());
  teams.use('/:team/members', members);
  teams.use('/:team', Router().get('/profile', answer));
  const admin = express();
  admin.get('/users/:id', answer);

  const app = express();
  app.use(contextMiddleware());
  app.get('/early', (_request, response, next) =>
    currentContext()?.route ? next() : response.json('unknown'),
  );
  app.use('/teams', teams);
  app.use('/admin', admin);
  app.get('/', answer);
  app.get('/files/*path', answer);
  app.get(/^\/pattern\/(\d+)$/, answer);
  app.get(['/one', '/two'], answer);
  app.post('/contacts/:id', answer);
  app.use((error: Error, _request: Request, response: Response, _next: NextFunction) => {
    response.json({ error: error.message, route: currentContext()?.route });
  });
  app.use(answer);
  const server = app.listen(0, '127.0.0.1');
  servers.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test.each<[string, unknown, string?]>([
  ['/', 'GET /'],
  ['/teams/7/members', 'GET /teams/:team/members'],
  ['/teams/7/members/7', 'GET /teams/:team/members/:member'],
  ['/teams/teams/members/x', 'GET /teams/:team/members/:member'],
  ['/teams/7/profile', 'GET /teams/:team/profile'],
  ['/teams/caf%C3%A9/profile', 'GET /teams/:team/profile'],
  ['/admin/users/3', 'GET /admin/users/:id'],
  ['/files/a/b/c', 'GET /files/*path'],
  ['/pattern/12', 'GET /^\\/pattern\\/(\\d+)$/'],
  ['/two', 'GET /one,/two'],
  ['/contacts/9', 'POST /contacts/:id', 'POST'],
  ['/teams/7/members/9/fails', { error: 'down', route: 'GET /teams/:team/members/:member/fails' }],
  ['/nothing/here', null],
])('%s has the route %j', async (path, route, method = 'GET') => {
  const response = await fetch((await start()) + path, { method });
  expect(await response.json()).toEqual(route);
});
