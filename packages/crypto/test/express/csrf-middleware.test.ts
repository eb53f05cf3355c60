import { type Server, request as send } from 'node:http';
import { connect, createServer as createHttp2Server } from 'node:http2';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { defineProblems } from '@unite/problem';
import { problemMiddleware } from '@unite/problem/express';
import { selfSigned } from '@unite/shared/testing';
import express5, { type Application, type NextFunction, type Request, type Response } from 'express';
import { createCsrf } from '../../src/csrf';
import { csrfMiddleware } from '../../src/express';

const express4 = require('express-4') as typeof express5;

/** With a list of headers, which `fetch` would join or refuse. */
function post(port: number, path: string, headers: string[]): Promise<{ status: number; vary: unknown }> {
  return new Promise((resolve, reject) => {
    const request = send({
      port,
      host: '127.0.0.1',
      path,
      method: 'POST',
      headers: ['Host', 'crm.example.com', ...headers],
    });
    request.once('response', (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, vary: response.headers.vary });
    });
    request.once('error', reject).end();
  });
}

describe.each([
  ['5', express5],
  ['4', express4],
])('Express %s', (_, express) => {
  let app: Application;
  let server: Server;
  let port: number;

  beforeEach(async () => {
    app = express();
    // Express writes errors to the console in other environments.
    app.set('env', 'test');
    server = app.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    ({ port } = server.address() as AddressInfo);
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const answer = (_request: Request, response: Response) => void response.send('done');

  test('refuses what another site sends, and Express answers it', async () => {
    app.use(csrfMiddleware()).post('/x', answer);
    expect(await post(port, '/x', ['Sec-Fetch-Site', 'cross-site'])).toEqual({
      status: 403,
      vary: 'Sec-Fetch-Site, Origin',
    });
    expect(await post(port, '/x', ['Sec-Fetch-Site', 'same-origin'])).toEqual({
      status: 200,
      vary: 'Sec-Fetch-Site, Origin',
    });
    expect((await fetch(`http://127.0.0.1:${port}/x`)).headers.has('vary')).toBe(false);
  });

  test('two origins, or two sites, are as good as none of them', async () => {
    app.use(csrfMiddleware({ trustedOrigins: ['https://admin.example.com'] })).post('/x', answer);
    const status = async (...headers: string[]) => (await post(port, '/x', headers)).status;
    expect(await status('Origin', 'https://admin.example.com')).toBe(200);
    expect(await status('Origin', 'https://admin.example.com', 'Origin', 'https://evil.example')).toBe(403);
    expect(await status('Origin', 'https://evil.example', 'Origin', 'https://crm.example.com')).toBe(403);
    expect(await status('Sec-Fetch-Site', 'cross-site', 'Sec-Fetch-Site', 'same-origin')).toBe(403);
    expect(await status('Sec-Fetch-Site', 'same-origin', 'Sec-Fetch-Site', 'cross-site')).toBe(403);
    expect(await status('X-Forwarded-Host', 'evil.example', 'Origin', 'https://evil.example')).toBe(403);
  });

  test('knows ignored paths inside of a mounted router', async () => {
    const router = express
      .Router()
      .use(csrfMiddleware({ ignorePaths: ['/api/webhooks/*'] }))
      .post('/webhooks/:id', answer);
    app.use('/api', router);
    app.use('/webhooks', csrfMiddleware({ ignorePaths: ['/api/webhooks/*'] }), answer);
    const foreign = ['Sec-Fetch-Site', 'cross-site'];
    expect(await post(port, '/api/webhooks/7?x=/y', foreign)).toEqual({ status: 200, vary: undefined });
    expect((await post(port, '/webhooks/7', foreign)).status).toBe(403);
    expect((await post(port, '/webhooks/7?/api/webhooks/7', foreign)).status).toBe(403);
  });

  test('problemMiddleware renders the refusal', async () => {
    app.use(csrfMiddleware(createCsrf())).post('/x', answer);
    app.use(problemMiddleware(defineProblems({ baseUrl: 'https://example.com/errors/', types: {} })));
    const response = await fetch(`http://127.0.0.1:${port}/x`, {
      method: 'POST',
      headers: { origin: 'https://evil.example' },
    });
    expect([response.status, response.headers.get('content-type')]).toEqual([
      403,
      'application/problem+json',
    ]);
    expect(await response.json()).toMatchObject({
      detail: 'The request was refused: its origin is not the host that it was sent to.',
    });
  });

  test('a session that cannot be read is an error of the request', async () => {
    const sessionId = async () => Promise.reject(new Error('no store'));
    app.use(csrfMiddleware({}, { sessionId })).post('/x', answer);
    app.use((error: Error, _request: Request, response: Response, _next: NextFunction) => {
      response.status(500).send(error.message);
    });
    expect((await post(port, '/x', [])).status).toBe(500);
  });

  test('what was answered meanwhile is left alone', async () => {
    app.use((_request, response, next) => {
      next();
      response.send('deadline');
    });
    let reached = false;
    app.use(csrfMiddleware()).post('/x', (_request, response) => {
      reached = true;
      answer(_request, response);
    });
    expect((await post(port, '/x', [])).status).toBe(200);
    expect(reached).toBe(false);
  });
});

test('secrets without a session would protect nothing', () => {
  const secrets = ['a-secret-of-at-least-32-characters'];
  expect(() => csrfMiddleware({ secrets })).toThrow(
    new TypeError(
      'csrfMiddleware: option "secrets" needs a "sessionId" that tokens are bound to; without one no token is asked for',
    ),
  );
  expect(() => csrfMiddleware({ secrets }, { sessionId: () => undefined })).not.toThrow();
});

test('on a socket with TLS the scheme is known', async () => {
  const middleware = csrfMiddleware();
  const server = createTlsServer(selfSigned, (request, response) => {
    middleware(request, response, (error) => response.writeHead(error ? 403 : 200).end());
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const { request: sendTls } = await import('node:https');
  const status = (origin: string) =>
    new Promise((resolve, reject) => {
      sendTls({
        port,
        host: '127.0.0.1',
        method: 'POST',
        ca: selfSigned.cert,
        headers: { host: 'localhost', origin },
      })
        .once('response', (response) => resolve(response.resume().statusCode))
        .once('error', reject)
        .end();
    });
  expect(await status('https://localhost')).toBe(200);
  expect(await status('http://localhost')).toBe(403);
  await new Promise((resolve) => server.close(resolve));
});

test('HTTP/2 names the host in another way', async () => {
  const middleware = csrfMiddleware();
  const server = createHttp2Server((request, response) => {
    middleware(request as never, response as never, (error) => response.writeHead(error ? 403 : 200).end());
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const status = (origin: string) =>
    new Promise((resolve) => {
      const stream = session.request({ ':method': 'POST', ':authority': 'crm.example.com', origin });
      stream.once('response', (headers) => resolve(headers[':status'])).resume();
    });
  expect(await status('https://crm.example.com')).toBe(200);
  expect(await status('https://evil.example')).toBe(403);
  session.close();
  await new Promise((resolve) => server.close(resolve));
});
