import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type NextProject, startNextProject } from './next-project';

interface Report {
  requestId: string;
  tenantId?: string;
  userId?: string;
  plan?: string;
  route?: string;
  hasDeadline: boolean;
  release?: string;
  processId: string;
}

/** A build of Next.js on a machine that is busy with other things. */
const buildTimeoutMs = 600_000;

describe.each(['15', '16'] as const)('Next.js %s', (major) => {
  let next: NextProject;
  const started = new AbortController();
  beforeAll(async () => {
    next = await startNextProject(major, started.signal);
  }, buildTimeoutMs);
  afterAll(async () => {
    await next?.stop();
    started.abort();
  });

  const fetchReport = async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${next.origin}/base${path}`, { headers });
    return { response, body: (await response.json()) as Report };
  };

  const fetchPage = async (path: string, headers: Record<string, string> = {}) => {
    const html = await (await fetch(`${next.origin}/base${path}`, { headers })).text();
    const reportIn = (id: string) => {
      const json = new RegExp(`<script id="${id}"[^>]*>(.*?)</script>`).exec(html)?.[1] ?? '{}';
      return JSON.parse(json.replaceAll('&quot;', '"')) as Report;
    };
    return { layout: reportIn('layout'), page: reportIn('page'), child: reportIn('child'), html };
  };

  test('once gives one value to instrumentation, proxy, routes and pages', async () => {
    const { response, body } = await fetchReport('/api/things/1');
    const { layout, page } = await fetchPage('/pages/one');
    const grouped = await fetchReport('/api/grouped/1');
    const instrumentation = /instrumentation (\S+)/.exec(next.output())?.[1];
    const seen = [
      response.headers.get('x-proxy-process-id'),
      layout.processId,
      page.processId,
      grouped.body.processId,
    ];
    expect(new Set([instrumentation, body.processId, ...seen])).toEqual(new Set([instrumentation]));
  });

  test.each([
    ['/api/things/42', 'GET /api/things/[id]'],
    ['/api/things/things', 'GET /api/things/[id]'],
    ['/api/grouped/7', 'GET /api/grouped/[id]'],
    ['/api/files/a/b/c', 'GET /api/files/[...path]'],
    ['/api/optional', 'GET /api/optional/[[...slug]]'],
    ['/api/optional/x/y', 'GET /api/optional/[[...slug]]'],
    ['/rewritten/9', 'GET /api/things/[id]'],
    ['/api/named/1', 'GET /named-by-the-route'],
  ])('the route template of %s is %s', async (path, template) => {
    expect((await fetchReport(path)).body.route).toBe(template);
  });

  test('params and the request keep their types and values', async () => {
    expect((await fetchReport('/api/things/42')).body).toMatchObject({
      id: '42',
      release: 'r1',
      hasDeadline: true,
    });
    expect((await fetchReport('/api/named/1?x=y')).body).toMatchObject({ search: '?x=y' });
  });

  test('layout, metadata, page and child component of one request share one context', async () => {
    const { layout, page, child, html } = await fetchPage('/pages/one', { 'x-request-id': 'req-1' });
    expect(page).toMatchObject({ requestId: 'req-1', route: 'GET /pages/[name]', release: 'r1' });
    expect(layout).toEqual(page);
    expect(child).toEqual(page);
    expect(html).toContain('<title>metadata req-1</title>');
    expect((await fetchPage('/pages/one')).page.requestId).not.toBe('req-1');
  });

  test('an identity sealed in the proxy reaches routes and pages', async () => {
    const identity = { tenantId: 'acme', userId: 'u1', plan: 'pro' };
    expect((await fetchReport('/api/things/1', { 'x-test-tenant': 'acme' })).body).toMatchObject(identity);
    expect((await fetchPage('/pages/one', { 'x-test-tenant': 'acme' })).child).toMatchObject(identity);
  });

  test('the request id is the same in proxy, route and response, and a malformed one is replaced', async () => {
    const { response, body } = await fetchReport('/api/things/1', { 'x-request-id': 'from-the-client' });
    expect(response.headers.get('x-request-id')).toBe('from-the-client');
    expect(body.requestId).toBe('from-the-client');
    const replaced = await fetchReport('/api/things/1', { 'x-request-id': 'a b<script>' });
    expect(replaced.body.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('a client cannot forge an identity, on paths with or without the proxy', async () => {
    const claims = { tenantId: 'victim', requestId: 'r', expiresAtMs: Date.now() + 60_000 };
    const forged = `${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${'A'.repeat(43)}`;
    const headers = { 'x-unite-identity': forged, 'x-request-id': 'r' };
    expect((await fetchReport('/api/things/1', headers)).body.tenantId).toBeUndefined();
    expect((await fetchReport('/api/grouped/1', headers)).body.tenantId).toBeUndefined();
  });

  test('a handler that never answers is answered for at its deadline', async () => {
    const { response, body } = await fetchReport('/api/slow');
    expect(response.status).toBe(504);
    expect(body).toEqual({ code: 'UNITE_CONTEXT_DEADLINE_EXCEEDED' });
    expect(response.headers.get('x-request-id')).not.toBeNull();
  });

  test('a failing identify reaches the wrappers and never the handler', async () => {
    const { response, body } = await fetchReport('/api/unidentified');
    expect(response.status).toBe(503);
    expect(body).toEqual({ message: 'the session store is down' });
  });

  test('concurrent requests never see each other', async () => {
    const ids = Array.from({ length: 200 }, (_, index) => `request-${index}`);
    const reports = await Promise.all(
      ids.map((id) => fetchReport(`/api/things/${id}`, { 'x-request-id': id })),
    );
    expect(reports.map(({ body }) => body.requestId)).toEqual(ids);
  });
});
