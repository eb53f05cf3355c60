import { Agent, get } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { manualClock } from '@unite/shared/testing';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import type { UniteContext } from '../../src';
import { currentContext } from '../../src/context';
import { ContextError, contextMiddleware } from '../../src/express';

type Server = ReturnType<Express['listen']>;
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function listen(app: Express): Promise<string> {
  const server = app.listen(0, '127.0.0.1');
  servers.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Over one connection, which `fetch` does not promise. */
function getText(url: string, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      resolve(text);
    }).on('error', reject);
  });
}

function fail(thrown: unknown): never {
  throw thrown;
}

/** An error middleware that says what it saw. */
function renderError(error: Error, _request: Request, response: Response, _next: NextFunction): void {
  response.status(ContextError.isInstance(error) ? 504 : 500);
  response.json({
    message: error.message,
    route: currentContext()?.route,
    requestId: currentContext()?.requestId,
  });
}

describe('contextMiddleware', () => {
  test('gives every later middleware the context and the response the request id', async () => {
    const clock = manualClock();
    const app = express();
    app.use(
      contextMiddleware({
        identify: async (request: Request) => ({ tenantId: request.get('x-tenant') }),
        timeoutMs: 100,
        release: 'r1',
        clock,
      }),
    );
    let seen: UniteContext | undefined;
    app.get('/contacts/:id', (_request, response) => {
      seen = currentContext();
      response.json({ route: currentContext()?.route });
    });
    const origin = await listen(app);
    const response = await fetch(`${origin}/contacts/42`, {
      headers: { 'x-request-id': 'req-1', 'x-tenant': 'acme' },
    });
    expect(await response.json()).toEqual({ route: 'GET /contacts/:id' });
    expect(response.headers.get('x-request-id')).toBe('req-1');
    expect(seen).toMatchObject({ requestId: 'req-1', tenantId: 'acme', release: 'r1' });
    expect(seen?.deadlineAtMs).toBe(clock.wallMs() + 100);
    expect(seen?.signal?.aborted).toBe(false);
    expect(clock.sleepers()).toBe(0);
  });

  test('keeps concurrent requests apart, with and without a body parser', async () => {
    const app = express();
    app.use(contextMiddleware(), express.json());
    app.post('/echo', async (request, response) => {
      await new Promise(setImmediate);
      response.json({ id: currentContext()?.requestId, body: request.body.id });
    });
    const origin = await listen(app);
    const ids = Array.from({ length: 100 }, (_, index) => `request-${index}`);
    const answers = await Promise.all(
      ids.map(async (id) => {
        const headers = { 'x-request-id': id, 'content-type': 'application/json' };
        return (
          await fetch(`${origin}/echo`, { method: 'POST', headers, body: JSON.stringify({ id }) })
        ).json();
      }),
    );
    expect(answers).toEqual(ids.map((id) => ({ id, body: id })));
  });

  test('goes on at once where identify gives no promise', async () => {
    const middleware = contextMiddleware({ identify: () => ({ tenantId: 'acme' }) });
    const app = express();
    app.get('/', (request, response) => {
      let tenantId: string | undefined;
      middleware(request, response, () => {
        tenantId = currentContext()?.tenantId;
      });
      response.json({ tenantId });
    });
    expect(await (await fetch(await listen(app))).json()).toEqual({ tenantId: 'acme' });
  });

  const failure = new Error('session store is down');
  const malformed = { tenantId: '' };
  const refusal = new TypeError(
    'contextMiddleware: identify must return "tenantId" as a non-empty string, got ""',
  );
  test.each<[string, () => never | object, Error | undefined]>([
    ['rejects', () => Promise.reject(failure), failure],
    ['rejects with nothing', () => Promise.reject(undefined), undefined],
    ['throws', () => fail(failure), failure],
    ['throws nothing', () => fail(undefined), undefined],
    ['gives what is no identity', () => malformed, refusal],
    ['gives what is no identity, later', () => Promise.resolve(malformed), refusal],
  ])(
    'an identify that %s goes to the error middleware, in a context, and never to the handler',
    async (_, identify, thrown) => {
      const app = express();
      app.use(contextMiddleware({ identify }));
      app.get('/', (_request, response) => {
        response.send('the handler ran');
      });
      app.use(renderError);
      const response = await fetch(await listen(app));
      expect(response.status).toBe(500);
      const message = thrown?.message ?? 'contextMiddleware: identify threw nothing';
      expect(await response.json()).toEqual({ message, requestId: response.headers.get('x-request-id') });
    },
  );

  test('joins repeated id headers into what is no id', async () => {
    const app = express();
    app.use((request, _response, next) => {
      request.headers['x-request-id'] = ['a', 'b'] as never;
      next();
    }, contextMiddleware());
    app.get('/', (_request, response) => {
      response.send(currentContext()?.requestId);
    });
    expect(await (await fetch(await listen(app))).text()).toMatch(/^[0-9a-f-]{36}$/);
  });

  test.each([
    [{ timeoutMs: Number.NaN }, 'contextMiddleware: option "timeoutMs" must be'],
    [
      { acceptRequestId: 'yes' },
      'contextMiddleware: option "acceptRequestId" must be true or false, got "yes"',
    ],
  ])('refuses %p', (options, message) => {
    expect(() => contextMiddleware(options as never)).toThrow(message);
  });
});

describe('the deadline', () => {
  test('is answered with 504 by Express itself', async () => {
    const app = express().set('env', 'test');
    app.use(contextMiddleware({ timeoutMs: 1 }), () => {});
    expect((await fetch(await listen(app))).status).toBe(504);
  });

  test('is answered by the error middleware, with the route, and the late handler talks to nobody', async () => {
    const clock = manualClock();
    const app = express();
    let answerLate: () => void = () => undefined;
    const started = new Promise<void>((resolve) => {
      app.use(contextMiddleware({ timeoutMs: 50, clock }));
      app.get('/slow/:id', (_request, response) => {
        answerLate = () => {
          response.setHeader('x-late', '1').status(200).json({ late: true });
          response.appendHeader('x-late', '2').removeHeader('x-late');
          response.write('late');
          response.flushHeaders();
          response.end();
        };
        resolve();
      });
      app.use(renderError);
    });
    const answer = fetch(`${await listen(app)}/slow/7`);
    await started;
    await clock.advance(50);
    const response = await answer;
    expect(response.status).toBe(504);
    expect(await response.json()).toMatchObject({
      message: 'The request took longer than 50 ms',
      route: 'GET /slow/:id',
    });
    expect(() => answerLate()).not.toThrow();
  });

  test('is answered whole, on a connection that lives on, when the handler fails at that moment', async () => {
    for (const withErrorMiddleware of [true, false]) {
      const clock = manualClock();
      const app = express();
      const ports: (number | undefined)[] = [];
      let start: () => void = () => undefined;
      const started = new Promise<void>((resolve) => {
        start = resolve;
      });
      app.set('env', 'test');
      app.use(contextMiddleware({ timeoutMs: 50, clock }));
      app.get('/heeds', (request) => {
        ports.push(request.socket.remotePort);
        start();
        const signal = currentContext()?.signal;
        return new Promise((_resolve, reject) =>
          signal?.addEventListener('abort', () => reject(signal.reason)),
        );
      });
      app.get('/next', (request, response) => {
        ports.push(request.socket.remotePort);
        response.send('next');
      });
      if (withErrorMiddleware) app.use(renderError);
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const origin = await listen(app);
      const answer = getText(`${origin}/heeds`, agent);
      await started;
      await clock.advance(50);
      expect(await answer).toContain('The request took longer than 50 ms');
      expect(await getText(`${origin}/next`, agent)).toBe('next');
      expect(ports[1]).toBe(ports[0]);
      agent.destroy();
    }
  });

  test('waits for an error middleware that answers later', async () => {
    const clock = manualClock();
    const app = express();
    let handlerResponse: Response | undefined;
    const started = new Promise<void>((resolve) => {
      app.use(contextMiddleware({ timeoutMs: 50, clock }));
      app.get('/slow', (_request, response) => {
        handlerResponse = response;
        resolve();
      });
      app.use((error: Error, _request: Request, response: Response, _next: NextFunction) => {
        setImmediate(() => response.status(504).json({ message: error.message }));
      });
    });
    const answer = fetch(`${await listen(app)}/slow`);
    await started;
    await clock.advance(50);
    expect((await answer).status).toBe(504);
    expect(() => handlerResponse?.json({ late: true })).not.toThrow();
  });

  test('leaves a response alone that has begun', async () => {
    const clock = manualClock();
    const app = express();
    const began = new Promise<Response>((resolve) => {
      app.use(contextMiddleware({ timeoutMs: 50, clock }));
      app.get('/stream', (_request, response) => {
        response.write('one ');
        resolve(response);
      });
      app.use(renderError);
    });
    const answer = fetch(`${await listen(app)}/stream`);
    const response = await began;
    await clock.advance(50);
    response.end('two');
    expect(await (await answer).text()).toBe('one two');
  });
});

test('a client that goes away aborts the signal', async () => {
  const app = express();
  app.use(contextMiddleware());
  const signal = new Promise<AbortSignal | undefined>((resolve) => {
    app.get('/', () => resolve(currentContext()?.signal));
  });
  const { port } = new URL(await listen(app));
  const client = connect(Number(port), '127.0.0.1', () =>
    client.write('GET / HTTP/1.1\r\nHost: crm.example\r\n\r\n'),
  );
  const seen = (await signal) as AbortSignal;
  const aborted = new Promise((resolve) => seen.addEventListener('abort', resolve));
  client.destroy();
  await aborted;
  expect(seen.reason).toMatchObject({ name: 'AbortError', message: 'The client went away' });
});
