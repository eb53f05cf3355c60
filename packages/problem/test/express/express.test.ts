import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Agent, request as rawRequest, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import express from 'express';
import { methodNotAllowedMiddleware, notFoundMiddleware, problemMiddleware } from '../../src/express';
import { checkProblemCoverage } from '../../src/testing';
import { exampleProblems } from '../examples';

const problems = exampleProblems();
/** More than a socket takes at once, so that a connection that is broken off is seen. */
const answeredBytes = 5_000_000;
let server: Server;
let origin: string;

beforeAll(async () => {
  const app = express();
  app.set('etag', 'strong');
  app.use((_request, response, next) => {
    response.vary('Origin');
    response.setHeader('access-control-allow-origin', '*');
    next();
  });
  app.use(express.json({ limit: '10kb' }));
  const contacts = express.Router();
  contacts.get('/:id', (request, response) => {
    response.setHeader('content-length', '5').setHeader('etag', '"x"');
    if (request.params.id === '0')
      throw problems.error('contact-not-found', { detail: 'No contact has the id 0.' });
    if (request.params.id === 'late') {
      response.removeHeader('content-length');
      response.write('begun');
      throw new Error('too late');
    }
    response.json({});
  });
  contacts.all('/:id', methodNotAllowedMiddleware(problems, ['GET']));
  app.use('/contacts', contacts);
  app.post('/contacts', (request, response) => {
    if (typeof request.body !== 'object') throw problems.error(415);
    response.status(201).json({});
  });
  app.get('/broken', async () => {
    throw new Error('password=hunter2');
  });
  app.get('/answered', async (_request, response) => {
    response.status(504).end('x'.repeat(answeredBytes));
    throw new DOMException('The deadline passed.', 'TimeoutError');
  });
  app.use(notFoundMiddleware(problems));
  app.use(problemMiddleware(problems));
  await new Promise<void>((resolve) => {
    server = app.listen(0, () => resolve());
  });
  origin = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

describe('Express 5', () => {
  test('answers a thrown problem, without what described another body', async () => {
    const response = await fetch(`${origin}/contacts/0?token=secret`);
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({
      type: 'https://api.example.com/errors/contact-not-found',
      title: 'Contact not found',
      status: 404,
      detail: 'No contact has the id 0.',
      instance: '/contacts/0',
    });
    expect(response.headers.get('etag')).toBeNull();
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('vary')).toBe('Origin, Accept, Accept-Language');
    expect(response.headers.get('content-type')).toBe('application/problem+json');
  });

  test('shows a page to a browser', async () => {
    const response = await fetch(`${origin}/broken`, { headers: { accept: 'text/html,*/*;q=0.8' } });
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const page = await response.text();
    expect(page).toContain('Internal Server Error');
    expect(page).not.toContain('hunter2');
  });

  test.each([
    ['GET', '/nowhere', undefined, 404],
    ['GET', '/contacts/%E0%A4%A', undefined, 400],
    ['DELETE', '/contacts/1', undefined, 405],
    ['POST', '/contacts', '{"a":', 400],
    ['POST', '/contacts', JSON.stringify('x'.repeat(20_000)), 413],
  ])('%s %s is a problem', async (method, path, body, status) => {
    const response = await fetch(origin + path, {
      method,
      ...(body && { body, headers: { 'content-type': 'application/json' } }),
    });
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ status });
    if (status === 405) expect(response.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
  });

  test('answers HEAD without a body', async () => {
    const response = await fetch(`${origin}/nowhere`, { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([404, '']);
  });

  test('breaks the connection off once the answer has begun', async () => {
    const outcome = await new Promise((resolve) => {
      rawRequest(`${origin}/contacts/late`, (response) => {
        response.on('data', () => undefined);
        response.on('end', () => resolve('complete'));
        response.on('error', () => resolve('incomplete'));
      }).end();
    });
    expect(outcome).toBe('incomplete');
  });

  test('leaves a complete answer and its connection alone when the handler fails after it', async () => {
    const published: unknown[] = [];
    const listen = (message: unknown): void => void published.push(message);
    subscribe('unite:problem:respond', listen);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    expect(await received('/answered', agent)).toEqual({
      status: 504,
      bytes: answeredBytes,
      isReused: false,
    });
    expect(await received('/answered', agent)).toEqual({ status: 504, bytes: answeredBytes, isReused: true });
    agent.destroy();
    unsubscribe('unite:problem:respond', listen);
    expect(published).toEqual([]);
  });

  test('keeps the connection, whatever the route had prepared', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const answers = [];
    for (const path of ['/broken', '/contacts/0', '/nowhere', '/broken'])
      answers.push(await received(path, agent));
    agent.destroy();
    expect(answers.map((answer) => Object(answer).isReused)).toEqual([false, true, true, true]);
  });

  test('is covered: every failure is a problem', async () => {
    const findings = await checkProblemCoverage({
      request: fetch,
      origin,
      routes: [
        { method: 'GET', path: '/contacts/1' },
        { method: 'POST', path: '/contacts', body: {} },
        { method: 'GET', path: '/broken' },
      ],
      oversizedBytes: 200_000,
    });
    expect(findings).toEqual([]);
  });
});

/** What arrives of an answer, and whether its connection had served another one before. */
function received(path: string, agent: Agent): Promise<object> {
  return new Promise((resolve, reject) => {
    const outgoing = rawRequest(origin + path, { agent }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.byteLength;
      });
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode, bytes, isReused: outgoing.reusedSocket }),
      );
    });
    outgoing.on('error', reject).end();
  });
}
