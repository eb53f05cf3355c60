import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import {
  type CheckReport,
  createLifecycle,
  type HealthReport,
  type HealthStatus,
  type LifecycleOptions,
} from '../../../src';
import { type GateOptions, lifecycleListener } from '../../../src/http';
import { verifyHealth } from '../../../src/verify';
import { findingsAbout, findingsOf, statuses } from '../support/findings-of';

type Answer = { status?: number; headers?: Record<string, string>; body?: unknown };
type Pages = (request: IncomingMessage, response: ServerResponse) => Answer | undefined;

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A server whose pages are sound but for what `broken` answers. */
async function serve(broken: Pages = () => undefined): Promise<string> {
  const server = createServer((request, response) => {
    const answer = broken(request, response);
    if (response.destroyed || response.writableEnded || (answer as unknown) === waits) return;
    const { status = 200, headers = {}, body = bodyOf(request.url ?? '') } = answer ?? {};
    response.writeHead(status, {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-health-nonce': String(request.headers['x-health-nonce']),
      ...headers,
    });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The page answers by itself, or not at all. */
const waits = {} as Answer;

function bodyOf(path: string): unknown {
  return path === '/health/live' ? { status: 'up' } : report();
}

function check(status: HealthStatus, more: Partial<CheckReport> = {}): CheckReport {
  return { status, groups: { ready: status }, ageMs: 10, ...more };
}

function report(changes: Partial<HealthReport> = {}): HealthReport {
  return {
    state: 'ready',
    status: 'up',
    groups: { ready: 'up', write: 'up' },
    checks: { postgres: check('up') },
    ...changes,
  };
}

const down: HealthReport = report({
  status: 'down',
  groups: { ready: 'down' },
  checks: {
    postgres: check('down', { detail: 'no primary' }),
    redis: check('down', { groups: { degraded: 'down' } }),
    loop: check('up'),
  },
});

/** Changes the pages of one path. */
function at(path: string, answer: Answer): Pages {
  return (request) => (request.url === path ? answer : undefined);
}

test('sound pages come with the nonce', async () => {
  const url = await serve();
  const measured = { answeredAfterMs: expect.any(Number) };
  expect(await findingsOf(verifyHealth({ url, groups: ['write'], slowMs: 5_000 }))).toEqual([
    { subject: 'liveness', status: 'passed', detail: 'answers 200 with the nonce', measured },
    { subject: 'readiness', status: 'passed', detail: 'answers 200 with the nonce, 1 check', measured },
    { subject: 'startup', status: 'passed', detail: 'answers 200 with the nonce, 1 check', measured },
    { subject: 'group write', status: 'passed', detail: 'answers 200 with the nonce, 1 check', measured },
  ]);
});

test('paths, headers and a base path are used as they are given', async () => {
  const asked = new Set<string>();
  const url = await serve((request) => {
    asked.add(`${request.url} ${request.headers.authorization}`);
    return { body: request.url?.endsWith('/l') ? { status: 'up' } : report() };
  });
  const paths = { live: '/l', ready: '/r', startup: '/s' };
  const headers = { authorization: 'Bearer t' };
  const findings = await findingsOf(
    verifyHealth({ url: `${url}/app/`, paths, headers, groups: ['write'], slowMs: 5_000 }),
  );
  expect(findings.every(({ status }) => status === 'passed')).toBe(true);
  expect([...asked].sort()).toEqual(
    ['/app/l', '/app/r', '/app/r/write', '/app/s'].map((path) => `${path} Bearer t`),
  );
});

describe('what is not the application', () => {
  test('nobody listens', async () => {
    const url = await serve();
    await new Promise((resolve) => servers.pop()?.close(resolve));
    expect(await findingsAbout('readiness', verifyHealth({ url }))).toEqual([
      {
        subject: 'readiness',
        status: 'failed',
        detail: 'refuses connections (ECONNREFUSED)',
        remedy: 'Start it, or correct host and port.',
      },
    ]);
  });

  test('it hangs, before the head and within the body', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/health/startup') response.writeHead(200).write('{');
      return waits;
    });
    const findings = await findingsOf(verifyHealth({ url, timeoutMs: 200 }));
    const remedy = 'Look whether it is frozen or overloaded, and whether a firewall drops the packets.';
    expect(findings).toEqual(
      ['liveness', 'readiness', 'startup'].map((subject) => ({
        subject,
        status: 'failed',
        detail: 'does not answer within 200 ms',
        remedy,
      })),
    );
    const stop = new AbortController();
    const run = findingsOf(verifyHealth({ url }), stop.signal);
    setTimeout(() => stop.abort(new Error('enough')), 50);
    expect((await run)[1]).toEqual({
      subject: 'readiness',
      status: 'skipped',
      detail: 'had not answered when the run ended',
    });
  });

  test('it ends the connection', async () => {
    const url = await serve((request) => {
      request.socket.destroy();
      return waits;
    });
    expect(await findingsAbout('liveness', verifyHealth({ url }))).toEqual([
      {
        subject: 'liveness',
        status: 'failed',
        detail: 'cannot be asked: socket hang up',
        remedy: 'Look at the scheme, the certificate and the proxy.',
      },
    ]);
  });

  test('it ends the connection within the body', async () => {
    const url = await serve((request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{', () => request.socket.destroy());
      return waits;
    });
    const [finding] = await findingsAbout('liveness', verifyHealth({ url }));
    expect(finding?.detail).toBe('cannot be asked: aborted');
  });

  test('plain text where TLS is expected', async () => {
    const url = (await serve()).replace('http:', 'https:');
    const [finding] = await findingsAbout('liveness', verifyHealth({ url }));
    expect(finding).toMatchObject({ status: 'failed', detail: expect.stringMatching(/^cannot be asked: /) });
  });

  test('a redirect to a sign-in, whose query is not shown', async () => {
    const location = 'https://login.test/authorize?state=secret';
    const url = await serve(() => ({ status: 302, headers: { location } }));
    expect(await findingsAbout('readiness', verifyHealth({ url }))).toEqual([
      {
        subject: 'readiness',
        status: 'failed',
        detail: 'is redirected to https://login.test/authorize (302)',
        remedy: 'Leave the health pages out of sign-in, and of redirects to another host, scheme or path.',
      },
    ]);
    const nowhere = await serve(() => ({ status: 304 }));
    expect((await findingsAbout('readiness', verifyHealth({ url: nowhere })))[0]?.detail).toBe(
      'is redirected to nowhere (304)',
    );
  });

  test.each([401, 403])('credentials are asked for: %d', async (status) => {
    const url = await serve(() => ({ status, body: { status: 'up' } }));
    expect(await findingsAbout('liveness', verifyHealth({ url }))).toEqual([
      {
        subject: 'liveness',
        status: 'failed',
        detail: `asks who is asking (${status})`,
        remedy: 'Let probes in without credentials, or give those that they have as `headers`.',
      },
    ]);
  });

  test('nothing is there', async () => {
    const url = await serve(() => ({ status: 404, body: 'Not Found' }));
    expect(await findingsAbout('liveness', verifyHealth({ url }))).toEqual([
      {
        subject: 'liveness',
        status: 'failed',
        detail: 'is not there (404)',
        remedy: 'Mount the health pages, or correct `url`, `paths` and `groups`.',
      },
    ]);
  });

  test.each<[string, Answer, string]>([
    [
      'a page of a framework',
      { headers: { 'content-type': 'text/html; charset=utf-8' }, body: '<p>' },
      'text/html',
    ],
    ['JSON of something else', { body: [1] }, 'application/json'],
    ['a number', { body: '7' }, 'application/json'],
  ])('%s', async (_, answer, type) => {
    const url = await serve(() => answer);
    expect(await findingsAbout('readiness', verifyHealth({ url }))).toEqual([
      {
        subject: 'readiness',
        status: 'failed',
        detail: `answers ${type} and not a health report (200)`,
        remedy: 'Mount the health pages before the application’s own routes, or correct `url` and `paths`.',
      },
    ]);
  });

  test('an answer without end is not read to its end', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200);
      const more = (): void => {
        // Not at once: Node 26 calls back for a connection that is gone before it has told that it is.
        if (!response.destroyed) response.write('x'.repeat(65_536), () => setImmediate(more));
      };
      more();
      return waits;
    });
    const [finding] = await findingsAbout('liveness', verifyHealth({ url }));
    expect(finding?.detail).toBe('answers nothing that has a type and not a health report (200)');
  });
});

describe('caches', () => {
  const remedy =
    'Keep caches and static files away from the health pages, and let the headers x-health-nonce and cache-control through.';

  test('a static file does not send the nonce back', async () => {
    const url = await serve((request, response) => {
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify(bodyOf(request.url ?? '')));
      return undefined;
    });
    expect(await findingsAbout('liveness', verifyHealth({ url }))).toEqual([
      {
        subject: 'liveness',
        status: 'failed',
        detail: 'does not send the nonce back: a cache, a file or something else answers in its place',
        remedy,
      },
    ]);
  });

  test('a cache that the first question filled', async () => {
    const kept = new Map<string, string>();
    const url = await serve((request) => {
      const path = request.url ?? '';
      if (!kept.has(path)) kept.set(path, String(request.headers['x-health-nonce']));
      return { headers: { 'x-health-nonce': kept.get(path) ?? '' } };
    });
    expect(await findingsAbout('readiness', verifyHealth({ url }))).toEqual([
      {
        subject: 'readiness',
        status: 'failed',
        detail: 'sends an earlier nonce back: a cache answers in its place',
        remedy,
      },
    ]);
  });

  test('a cache that let the question pass is warned of', async () => {
    const headers = { 'x-cache': 'MISS', age: '0', 'cache-control': 'max-age=60' };
    const url = await serve(() => ({ headers }));
    expect(await findingsAbout('startup', verifyHealth({ url, slowMs: 5_000 }))).toEqual([
      {
        subject: 'startup',
        status: 'warned',
        detail: 'comes through a cache, which says age: 0, x-cache: MISS',
        remedy: 'Send probes to the application itself, or make the cache pass the health pages by.',
      },
      {
        subject: 'startup',
        status: 'warned',
        detail: 'may be cached: it has no cache-control: no-store',
        remedy: 'Send cache-control: no-store, and let no proxy remove it.',
      },
    ]);
  });
});

test('slow answers are warned of', async () => {
  const url = await serve((request, response) => {
    if (request.url !== '/health/ready') return undefined;
    setTimeout(() => {
      const nonce = String(request.headers['x-health-nonce']);
      response.writeHead(200, { 'x-health-nonce': nonce, 'cache-control': 'no-store' });
      response.end(JSON.stringify(report()));
    }, 120);
    return waits;
  });
  expect(await findingsAbout('readiness', verifyHealth({ url, slowMs: 100 }))).toEqual([
    {
      subject: 'readiness',
      status: 'warned',
      detail: expect.stringMatching(/^takes \d+ ms, and probes give up after 1000 ms$/),
      remedy: 'Give the checks a shorter time, and look what keeps the event loop.',
      measured: { answeredAfterMs: expect.any(Number) },
    },
  ]);
});

describe('liveness', () => {
  const about = async (answer: Answer, ready: Answer = {}) => {
    const url = await serve((request) => (request.url === '/health/live' ? answer : ready));
    return await findingsAbout('liveness', verifyHealth({ url, slowMs: 5_000 }));
  };
  const remedy = 'Let liveness answer 200 while the event loop runs, and leave the rest to readiness.';

  test('fails although it is ready', async () => {
    expect(await about({ status: 503, body: { status: 'down' } })).toEqual([
      {
        subject: 'liveness',
        status: 'failed',
        detail: 'answers 503 although it is ready: the process is restarted for that',
        remedy,
      },
    ]);
  });

  test('fails with readiness', async () => {
    const answer = { status: 503, body: down };
    expect(await about(answer, answer)).toEqual([
      {
        subject: 'liveness',
        status: 'failed',
        detail: 'answers 503: the process is restarted for that',
        remedy,
      },
    ]);
  });

  test('depends on other servers', async () => {
    expect(await about({ body: report() })).toEqual([
      {
        subject: 'liveness',
        status: 'warned',
        detail: 'depends on postgres: an outage there restarts every process',
        remedy: 'Leave checks to readiness.',
      },
    ]);
  });

  test('lies', async () => {
    expect(await about({ body: { status: 'down' } })).toEqual([
      {
        subject: 'liveness',
        status: 'failed',
        detail: 'answers 200 and says down',
        remedy: 'Let status and body come from one report: probes read the status, people the body.',
      },
    ]);
  });
});

describe('readiness', () => {
  const of = async (answer: Answer, subject = 'readiness', groups: string[] = []) => {
    const url = await serve((request) => (request.url?.startsWith('/health/ready') ? answer : undefined));
    return await findingsAbout(subject, verifyHealth({ url, groups, slowMs: 5_000 }));
  };
  const lie = 'Let status and body come from one report: probes read the status, people the body.';

  test('is down, and so are its checks, each by name', async () => {
    expect(await of({ status: 503, body: down })).toEqual([
      {
        subject: 'readiness',
        status: 'failed',
        detail: 'is down (503) because of postgres',
        remedy: 'Mend what the failed checks name.',
      },
    ]);
    const remedy = 'Look at what it checks, and at the log of the application.';
    expect(await of({ status: 503, body: down }, 'check postgres')).toEqual([
      { subject: 'check postgres', status: 'failed', detail: 'is down: no primary', remedy },
    ]);
    expect(await of({ status: 503, body: down }, 'check redis')).toEqual([
      { subject: 'check redis', status: 'warned', detail: 'is down', remedy },
    ]);
  });

  test('is down while it drains, by 404 too', async () => {
    const body = report({ state: 'draining', status: 'down', groups: { ready: 'down' } });
    expect(await of({ status: 404, body })).toEqual([
      {
        subject: 'readiness',
        status: 'failed',
        detail: 'is down (404) while draining',
        remedy: 'Wait until it has started, or send requests elsewhere.',
      },
    ]);
  });

  test.each<[string, Answer, string]>([
    ['200 for down', { body: down }, 'answers 200 and says down'],
    ['503 for up', { status: 503, body: report() }, 'answers 503 and says up'],
  ])('lies: %s', async (_, answer, detail) => {
    expect(await of(answer)).toEqual([{ subject: 'readiness', status: 'failed', detail, remedy: lie }]);
  });

  test('a group that nobody knows', async () => {
    expect(await of({}, 'group pay', ['pay'])).toEqual([
      {
        subject: 'group pay',
        status: 'failed',
        detail: 'says nothing of the group "pay"',
        remedy: 'Give a check this group, or take "pay" out of `groups`.',
      },
    ]);
  });

  test('an answer of a check that is old', async () => {
    const checks = { postgres: check('up', { ageMs: 3_600_000 }) };
    expect(await of({ body: report({ checks }) }, 'check postgres')).toEqual([
      {
        subject: 'check postgres',
        status: 'warned',
        detail: 'its answer is 3600 s old',
        remedy: 'Look whether the check hangs, and lower its maxAgeMs.',
        measured: { ageMs: 3_600_000 },
      },
    ]);
  });
});

describe('startup', () => {
  test('has not come to its end', async () => {
    const url = await serve(at('/health/startup', { status: 503, body: report({ state: 'starting' }) }));
    expect(await findingsAbout('startup', verifyHealth({ url, slowMs: 5_000 }))).toEqual([
      {
        subject: 'startup',
        status: 'failed',
        detail: 'answers 503, its state is starting',
        remedy: 'Look what `onStart` waits for, and into the log.',
      },
    ]);
    const silent = await serve(at('/health/startup', { status: 500, body: { status: 'down' } }));
    const findings = await findingsOf(verifyHealth({ url: silent, slowMs: 5_000 }));
    expect(statuses(findings)).toEqual({ liveness: 'passed', readiness: 'passed', startup: 'failed' });
    expect(findings[2]?.detail).toBe('answers 500, its state is unknown');
  });

  test('lies', async () => {
    const url = await serve(at('/health/startup', { body: report({ state: 'starting' }) }));
    const [finding] = await findingsAbout('startup', verifyHealth({ url, slowMs: 5_000 }));
    expect(finding?.detail).toBe('answers 200 and says starting');
  });
});

test('a sound application that has no checks, and one without them in its report', async () => {
  const empty = await serve((request) =>
    request.url === '/health/startup' ? { body: { status: 'up' } } : undefined,
  );
  const [, , startup] = await findingsOf(verifyHealth({ url: empty, slowMs: 5_000 }));
  expect(startup?.detail).toBe('answers 200 with the nonce');
  const url = await serve((request) =>
    request.url === '/health/ready' ? { body: { status: 'up', groups: { ready: 'up' } } } : undefined,
  );
  const findings = await findingsOf(verifyHealth({ url, slowMs: 5_000 }));
  expect(findings.every(({ status }) => status === 'passed')).toBe(true);
});

describe('an application of this package', () => {
  const checks = {
    postgres: () => undefined,
    redis: { group: 'degraded', run: () => Promise.reject(new Error('no redis')) },
    primary: { group: 'write', run: () => ({ detail: 'in three servers' }) },
  };

  async function application(options: GateOptions = {}, onShutdown: LifecycleOptions['onShutdown'] = []) {
    const lifecycle = createLifecycle({ checks, onShutdown });
    const server = createServer(lifecycleListener(lifecycle, (_, response) => response.end(), options));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return { lifecycle, url };
  }

  test.each([true, false])('is proven, with details: %s', async (details) => {
    const { lifecycle, url } = await application({ details });
    await lifecycle.start();
    const findings = await findingsOf(verifyHealth({ url, groups: ['write'], slowMs: 5_000 }));
    expect(statuses(findings)).toEqual({
      liveness: 'passed',
      readiness: 'passed',
      startup: 'passed',
      'group write': 'passed',
      ...(details && { 'check redis': 'warned' }),
    });
    expect(await findingsAbout('group pay', verifyHealth({ url, groups: ['pay'] }))).toEqual([
      expect.objectContaining({ status: 'failed', detail: 'is not there (404)' }),
    ]);
    await lifecycle.close();
  });

  test.each([true, false])('that has not started is named, with details: %s', async (details) => {
    const { url } = await application({ details });
    const findings = await findingsOf(verifyHealth({ url, slowMs: 5_000 }));
    expect(statuses(findings)).toMatchObject({ liveness: 'passed', readiness: 'failed', startup: 'failed' });
    expect(findings.find(({ subject }) => subject === 'readiness')?.detail).toBe(
      'is down (503) while starting',
    );
  });

  test('that drains is named, by the status for HAProxy too', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { lifecycle, url } = await application({ drainingStatus: 404 }, [{ close: () => held }]);
    await lifecycle.start();
    const closing = lifecycle.close();
    const findings = await findingsOf(verifyHealth({ url, slowMs: 5_000 }));
    expect(statuses(findings)).toMatchObject({ liveness: 'passed', readiness: 'failed' });
    expect(findings.find(({ subject }) => subject === 'readiness')?.detail).toBe(
      'is down (404) while draining',
    );
    release();
    await closing;
  });
});

test('a port that is no HTTP', async () => {
  const server = createTcpServer(
    (socket) =>
      void socket
        .on('error', () => undefined)
        .resume()
        .end('220 hello\r\n'),
  );
  servers.push(Object.assign(server, { closeAllConnections: () => undefined }) as unknown as Server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const [finding] = await findingsAbout('liveness', verifyHealth({ url: `http://127.0.0.1:${port}` }));
  expect(finding).toMatchObject({ status: 'failed', detail: expect.stringMatching(/^cannot be asked: /) });
});

test.each<[string, object, string]>([
  ['no URL', {}, 'option "url" must be a non-empty string'],
  ['a path without its slash', { url: 'http://a', paths: { live: 'live' } }, 'option "live" must be a path'],
  ['a path that nobody has', { url: 'http://a', paths: { alive: '/' } }, 'unknown option "alive"'],
  ['groups that are none', { url: 'http://a', groups: [''] }, 'option "groups" must be a list of names'],
  ['a time that is none', { url: 'http://a', slowMs: 0 }, 'option "slowMs" must be a positive number'],
])('what is no option is refused: %s', (_, options, message) => {
  expect(() => verifyHealth(options as never)).toThrow(message);
});

test('a URL that is none is not shown', () => {
  const make = () => verifyHealth({ url: 'ftp://app:hunter2@host' });
  expect(make).toThrow('option "url" must be http:// or https:// with a host');
  expect(make).not.toThrow('hunter2');
});

test('name and time', () => {
  expect(verifyHealth({ url: 'http://a', name: 'web', timeoutMs: 100 })).toMatchObject({
    name: 'web',
    timeoutMs: 1_200,
  });
  expect(verifyHealth({ url: 'http://a' })).toMatchObject({ name: 'health', timeoutMs: 7_000 });
});
