import { once } from 'node:events';
import {
  createServer,
  request as httpRequest,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createContext, runWithContext } from '@unite/core/context';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { type Consistency, createConsistency, openToken } from '../../src/consistency';
import { consistencyMiddleware } from '../../src/express';
import { type FakeCluster, fakeCluster, systemId } from '../consistency/session-cluster';

const secrets = ['correct horse battery staple, long'];
const servers: Server[] = [];
let cluster: FakeCluster;
let consistency: Consistency;

beforeEach(() => {
  cluster = fakeCluster();
  consistency = createConsistency({ cluster, secrets });
});

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function listen(handler: RequestListener): Promise<string> {
  const server = createServer(handler).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** Express, with a context for each request. */
function application(): Express {
  const app = express();
  app.use((_request, _response, next) => runWithContext(createContext(), next));
  app.use(consistencyMiddleware(consistency));
  return app;
}

/** The same without Express. */
const plain =
  (handler: (response: ServerResponse) => unknown): RequestListener =>
  (request, response) =>
    runWithContext(createContext(), () =>
      consistencyMiddleware(consistency)(request, response, () => handler(response)),
    );

const position = (response: { headers: Headers }) =>
  openToken(response.headers.get('x-consistency-token'), { secrets });
const cookies = (response: { headers: Headers }) => response.headers.getSetCookie();
const openPosition = { systemId, timeline: 1, lsn: undefined };

/** As they came over the wire, names in their case. */
async function rawHeaders(url: string, method = 'GET'): Promise<[name: string, value: string][]> {
  const request = httpRequest(url, { method, agent: false }).end();
  const [response] = await once(request, 'response');
  response.resume();
  const raw: string[] = response.rawHeaders;
  return raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] as string]] : []));
}

describe('consistencyMiddleware in Express', () => {
  test('the next request sees what this one wrote', async () => {
    const app = application();
    app.post('/', (_request, response) => {
      cluster.commit();
      response.status(201).json({});
    });
    app.get('/', (_request, response) => {
      response.json(cluster.sessionTokenNow()?.lsn?.toString(16) ?? null);
    });
    const url = await listen(app);
    const written = await fetch(url, { method: 'POST' });
    expect(written.status).toBe(201);
    expect(position(written)?.lsn).toBe(cluster.lsn);
    const [cookie] = cookies(written)[0]?.split(';') ?? [];

    const fresh = await fetch(url);
    expect(await fresh.json()).toBeNull();
    for (const headers of [
      { cookie: cookie as string },
      { 'x-consistency-token': written.headers.get('x-consistency-token') as string },
    ]) {
      const seen = await fetch(url, { headers });
      expect(await seen.json()).toBe(cluster.lsn.toString(16));
      expect(cookies(seen)).toEqual([]);
      expect(position(seen)).toBeUndefined();
    }
  });

  test.each<[string, (response: Response) => unknown]>([
    ['json', (response) => response.json({ ok: true })],
    ['send', (response) => response.send('text')],
    ['redirect', (response) => response.redirect(303, '/elsewhere')],
    ['sendStatus', (response) => response.sendStatus(204)],
    ['end', (response) => response.end()],
    ['a stream', (response) => response.write('a', () => response.end('b'))],
    [
      'flushHeaders',
      (response) => {
        response.flushHeaders();
        response.end('late');
      },
    ],
    [
      'an interim response',
      (response) => {
        response.writeProcessing();
        response.end('late');
      },
    ],
    ['its own cookie', (response) => response.cookie('theme', 'dark').end()],
  ])('tells of the write with %s', async (_name, answer) => {
    const app = application();
    app.get('/', (_request, response) => {
      cluster.write();
      answer(response);
    });
    const url = await listen(app);
    for (const method of ['GET', 'HEAD']) {
      const response = await fetch(url, { method, redirect: 'manual' });
      expect(position(response)).toEqual(openPosition);
      expect(cookies(response).filter((cookie) => cookie.startsWith('unite_consistency=1.'))).toHaveLength(1);
    }
  });

  test('tells of writes before a failure too', async () => {
    const app = application();
    app.get('/', () => {
      cluster.commit();
      throw new Error('after the write');
    });
    app.use((_error: Error, _request: Request, response: Response, _next: NextFunction) => {
      response.status(500).send('failed');
    });
    const response = await fetch(await listen(app));
    expect(response.status).toBe(500);
    expect(position(response)?.lsn).toBe(cluster.lsn);
  });

  test('leaves writes alone that come after the headers', async () => {
    const app = application();
    app.get('/', (_request, response) => {
      response.write('a');
      cluster.commit();
      response.end('b');
    });
    const response = await fetch(await listen(app));
    expect(await response.text()).toBe('ab');
    expect(position(response)).toBeUndefined();
  });

  test('knows the session where headers are sent from outside of the context', async () => {
    const app = application();
    const waiting: Response[] = [];
    app.get('/', (_request, response) => {
      cluster.commit();
      waiting.push(response);
      // As from a queue: the context here is the second request's, for both.
      if (waiting.length === 2) for (const each of waiting) each.end();
    });
    const url = await listen(app);
    const [first, second] = await Promise.all([fetch(url), fetch(url)]);
    const positions = [position(first)?.lsn, position(second)?.lsn].sort();
    expect(positions).toEqual([cluster.lsn - 8n, cluster.lsn]);
  });

  test('keeps other middleware that waits for the headers, before and behind', async () => {
    const app = express();
    const mark = (name: string) => (_request: Request, response: Response, next: NextFunction) => {
      const writeHead = response.writeHead;
      response.writeHead = function marked(this: Response, ...args: unknown[]) {
        this.appendHeader('x-order', name);
        return Reflect.apply(writeHead, this, args);
      } as typeof response.writeHead;
      next();
    };
    app.use(mark('outer'));
    app.use((_request, _response, next) => runWithContext(createContext(), next));
    app.use(consistencyMiddleware(consistency));
    app.use(mark('inner'));
    app.get('/', (_request, response) => {
      cluster.commit();
      response.writeHead(200, { 'x-own': '1' }).end();
    });
    const response = await fetch(await listen(app));
    expect(response.headers.get('x-order')).toBe('inner, outer');
    expect(response.headers.get('x-own')).toBe('1');
    expect(position(response)?.lsn).toBe(cluster.lsn);
  });
});

describe('consistencyMiddleware on node:http', () => {
  const flat = ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'X-Own', 'yes'];
  const pairs = [
    ['Set-Cookie', 'a=1'],
    ['Set-Cookie', 'b=2'],
    ['X-Own', 'yes'],
  ];
  const byName = { 'Set-Cookie': ['a=1', 'b=2'], 'X-Own': 'yes' };

  test.each<[string, unknown[]]>([
    ['names', [byName]],
    ['names and values in turn', [flat]],
    ['pairs', [pairs]],
    ['a message and names', ['Fine', byName]],
    ['a message and names and values in turn', ['Fine', flat]],
    ['no message, and names', [undefined, byName]],
  ])('writeHead with %s sends its headers as without it, and the token', async (_name, rest) => {
    const answer = (response: ServerResponse) => {
      Reflect.apply(response.writeHead, response, [201, ...rest]);
      response.end('x');
    };
    const without = await listen((_request, response) => answer(response));
    const url = await listen(
      plain((response) => {
        cluster.commit();
        answer(response);
      }),
    );
    const isOwn = ([name]: [string, string]) => ['Set-Cookie', 'X-Own'].includes(name);
    const expected = (await rawHeaders(without)).filter(isOwn);
    expect(expected).toHaveLength(3);
    expect(
      (await rawHeaders(url))
        .filter(([name, value]) => isOwn([name, value]) && !value.startsWith('unite'))
        .sort(),
    ).toEqual(expected.sort());

    const response = await fetch(url);
    expect(response.status).toBe(201);
    expect(response.statusText).toBe(rest[0] === 'Fine' ? 'Fine' : 'Created');
    expect(position(response)?.lsn).toBe(cluster.lsn);
    expect(cookies(response)).toEqual(['a=1', 'b=2', expect.stringMatching(/^unite_consistency=1\./)]);
  });

  test('headers of writeHead replace those that were set, and a token of the application’s own', async () => {
    const url = await listen(
      plain((response) => {
        cluster.commit();
        response.setHeader('x-own', 'earlier');
        response.setHeader('x-consistency-token', 'stale');
        response.writeHead(200, ['x-own', 'later', 'x-consistency-token', 'staler']);
        response.end();
      }),
    );
    const response = await fetch(url);
    expect(response.headers.get('x-own')).toBe('later');
    expect(position(response)?.lsn).toBe(cluster.lsn);
  });

  test.each<[string, (response: ServerResponse) => unknown, string?]>([
    ['no headers', (response) => response.writeHead(202).end(), 'Accepted'],
    ['a message', (response) => response.writeHead(202, 'Fine').end(), 'Fine'],
    [
      'a message set before',
      (response) => {
        response.statusMessage = 'Set';
        response.end();
      },
      'Set',
    ],
    ['nothing but end', (response) => response.end(), 'OK'],
  ])('%s', async (_name, answer, message) => {
    const url = await listen(
      plain((response) => {
        cluster.commit();
        answer(response);
      }),
    );
    const response = await fetch(url);
    expect(response.statusText).toBe(message);
    expect(position(response)?.lsn).toBe(cluster.lsn);
  });

  test('a request that wrote nothing is answered as ever', async () => {
    const url = await listen(plain((response) => response.writeHead(200, pairs as never).end()));
    expect((await rawHeaders(url)).filter(([name]) => name === 'Set-Cookie')).toHaveLength(2);
    expect(cookies(await fetch(url))).toEqual(['a=1', 'b=2']);
  });

  test('a list of cookies that the application keeps stays as it is', async () => {
    const kept = ['a=1'];
    const answers: ((response: ServerResponse) => unknown)[] = [
      (response) => response.writeHead(200, { 'set-cookie': kept }),
      (response) => response.writeHead(200, ['set-cookie', kept, 'set-cookie', 'b=2']),
      (response) => response.setHeader('set-cookie', kept),
    ];
    for (const answer of answers) {
      const url = await listen(
        plain((response) => {
          cluster.commit();
          answer(response);
          response.end();
        }),
      );
      expect(cookies(await fetch(url)).length).toBeGreaterThan(1);
      expect(kept).toEqual(['a=1']);
    }
  });

  test('writeHead gives back the response, and a second one is still a mistake', async () => {
    let returned: unknown;
    let thrown: unknown;
    const url = await listen(
      plain((response) => {
        cluster.commit();
        returned = response.writeHead(200) === response;
        try {
          response.writeHead(200);
        } catch (error) {
          thrown = error;
        }
        response.end();
      }),
    );
    expect(cookies(await fetch(url))).toHaveLength(1);
    expect(returned).toBe(true);
    expect(thrown).toMatchObject({ code: 'ERR_HTTP_HEADERS_SENT' });
  });

  test('after a head that Node refused, the next one carries the token once', async () => {
    const url = await listen(
      plain((response) => {
        cluster.commit();
        expect(() => response.writeHead(99)).toThrow('Invalid status code');
        response.writeHead(500).end();
      }),
    );
    const response = await fetch(url);
    expect(response.status).toBe(500);
    expect(cookies(response)).toHaveLength(1);
  });

  test('sends the cookie alone, or the header alone', async () => {
    consistency = createConsistency({ cluster, secrets, header: false });
    const url = await listen(
      plain((response) => {
        cluster.commit();
        response.end();
      }),
    );
    const byCookie = await fetch(url);
    expect(cookies(byCookie)).toHaveLength(1);
    expect(position(byCookie)).toBeUndefined();
    consistency = createConsistency({ cluster, secrets, cookie: false });
    const byHeader = await fetch(url);
    expect(cookies(byHeader)).toEqual([]);
    expect(position(byHeader)?.lsn).toBe(cluster.lsn);
  });
});
