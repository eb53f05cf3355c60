import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createCookieSessions } from '@unite/crypto/oauth';
import { checkProblemCoverage } from '@unite/problem/testing';
import { api, newContact, signIn } from './support/api';

const origin = process.env.TEST_ORIGIN ?? '';

test('every API route answers every failure with a problem document', async () => {
  const { id } = await newContact();
  const contact = { email: 'a@b.example' };
  const routes = [
    { method: 'GET', path: '/api/contacts' },
    { method: 'POST', path: '/api/contacts', body: contact },
    { method: 'GET', path: `/api/contacts/${id}` },
    { method: 'PATCH', path: `/api/contacts/${id}`, body: contact },
    { method: 'DELETE', path: `/api/contacts/${id}` },
    { method: 'POST', path: `/api/contacts/${id}/score` },
    { method: 'GET', path: '/api/hot-leads' },
    { method: 'GET', path: '/api/usage' },
    { method: 'GET', path: '/api/campaigns' },
    { method: 'POST', path: '/api/campaigns', body: {} },
    { method: 'GET', path: `/api/campaigns/${id}` },
    { method: 'POST', path: `/api/campaigns/${id}/send` },
    { method: 'POST', path: '/api/contacts/import', body: {} },
    { method: 'GET', path: '/api/custom-fields' },
    { method: 'POST', path: '/api/custom-fields', body: {} },
    { method: 'DELETE', path: `/api/custom-fields/${id}` },
    { method: 'POST', path: '/api/session', body: { userId: 'nobody' } },
    { method: 'DELETE', path: '/api/session' },
    { method: 'GET', path: '/api/session/begin' },
    { method: 'GET', path: '/api/session/callback' },
    { method: 'GET', path: '/api/ops/cluster' },
    { method: 'GET', path: '/api/ops/tls' },
    { method: 'GET', path: `/api/ops/traces/${id}` },
    { method: 'POST', path: '/api/ops/errors' },
    { method: 'GET', path: '/api/drills' },
    { method: 'POST', path: '/api/drills/[name]' },
    { method: 'POST', path: '/api/feedback', body: { message: 'x' } },
    { method: 'POST', path: '/api/browser-spans', body: { spans: [] } },
    { method: 'POST', path: '/api/browser-errors', body: { message: 'x' } },
    { method: 'POST', path: '/api/browser-vitals', body: { values: { LCP: 1 } } },
    { method: 'GET', path: '/api/registry' },
    { method: 'GET', path: '/api/try-this' },
  ];
  const walked = new Set(routes.map(({ path }) => path.replace(id, '[id]')));
  expect([...walked].sort()).toEqual(apiPaths());

  const failures = [
    'unknown-path',
    'wrong-method',
    'malformed-json',
    'wrong-content-type',
    'empty-body',
    'oversized-body',
  ] as const;
  const options = { request: (request: Request) => fetch(request), origin, oversizedBytes: 100_000 };
  const demo = routes.map((route) => ({ ...route, headers: { 'x-demo-workspace': 'harbour' } }));
  expect(await checkProblemCoverage({ ...options, routes: demo, failures })).toEqual([]);

  const nobody = routes.map((route) => ({ ...route, headers: { 'x-demo-workspace': 'nobody' } }));
  const asNobody = {
    name: 'nobody',
    request: ({ method, path, body, headers }: (typeof nobody)[number]) =>
      requestOf(method, path, body, headers),
  };
  expect(await checkProblemCoverage({ ...options, routes: nobody, failures: [asNobody as never] })).toEqual(
    [],
  );
});

test('each refusal has its own type, and the page behind it explains it', async () => {
  const viewer = await signIn('harbour-luis');
  const { id } = await newContact();
  const refusals = [
    await api('/api/contacts', { method: 'POST', json: {} }),
    await api('/api/contacts', { workspace: 'nobody' }),
    await api('/api/contacts', { method: 'POST', json: { email: 'a@b.example' }, cookie: viewer }),
    await api('/api/contacts/none'),
    await api(`/api/contacts/${id}`, { method: 'PATCH', json: {}, headers: { 'if-match': '"7"' } }),
    await api('/api/session', { method: 'POST', json: { userId: 'nobody' } }),
  ];
  expect(refusals.map(({ status }) => status)).toEqual([400, 401, 403, 404, 412, 404]);
  for (const { json } of refusals) {
    const html = await api(new URL(json.type).pathname, { headers: { accept: 'text/html' } });
    expect([html.status, html.text.includes(`<h1>${json.title}</h1>`)]).toEqual([200, true]);
    const entry = await api(new URL(json.type).pathname, { headers: { accept: 'application/json' } });
    expect(entry.json).toMatchObject({ uri: json.type, status: json.status, title: json.title });
  }
});

test('who may not write is told so before what is wrong with the body', async () => {
  const viewer = await signIn('harbour-luis');
  for (const path of ['/api/contacts', '/api/campaigns', '/api/custom-fields', '/api/contacts/import']) {
    expect((await api(path, { method: 'POST', json: {}, cookie: viewer })).status).toBe(403);
    expect((await api(path, { method: 'POST', json: {}, workspace: 'nobody' })).status).toBe(401);
  }
});

test('a session of another release, rightly sealed, is no session and no error', async () => {
  const sessions = createCookieSessions({
    secrets: [process.env.TEST_SESSION_SECRET ?? ''],
    secure: false,
    cookieName: 'crm_session',
    parse: (value) => value,
  });
  const [cookie] = sessions.start({ user: 'ada' }).split(';');
  const origin = process.env.TEST_CLOSED_ORIGIN;
  expect((await api('/api/contacts', { origin, cookie: cookie ?? '' })).status).toBe(401);
});

test('unsupported methods name the supported ones', async () => {
  const { status, headers } = await api('/api/contacts', { method: 'DELETE' });
  expect([status, headers.get('allow')]).toEqual([405, 'GET, POST, HEAD, OPTIONS']);
});

test('an invalid query string and every invalid field are named', async () => {
  const query = await api('/api/contacts?page=0&pageSize=101&stage=no');
  expect(query.json.errors.map(({ field }) => field).sort()).toEqual(['page', 'pageSize', 'stage']);
  const body = { email: 'no address', name: 'x'.repeat(121), stage: 'no', notes: 7 };
  const { json } = await api('/api/contacts', { method: 'POST', json: body });
  expect(json.errors.map(({ field }) => field).sort()).toEqual(['email', 'name', 'notes', 'stage']);
  expect(json.detail).toBe(
    'Email field is not valid: Must look like name@company.com, and 3 more need attention',
  );
});

test('health: live without conditions, ready with what it found', async () => {
  expect((await api('/health/live')).json).toEqual({ status: 'up' });
  expect((await api('/health/startup')).json).toEqual({ state: 'ready', status: 'up' });
  expect((await api('/health/ready')).json).toMatchObject({
    state: 'ready',
    groups: { ready: 'up', write: 'up' },
    checks: {
      postgres: { status: 'up', detail: 'primary up; 2 of 2 replicas up' },
      redis: { status: 'up' },
      loop: {},
    },
  });
  expect((await api('/health/ready/write')).status).toBe(200);
  expect((await api('/health/ready/other')).status).toBe(404);
});

/** The paths that files under app/api answer, so that a route nobody walks is noticed. */
function apiPaths(): string[] {
  const root = join(__dirname, '../app/api');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('route.ts'),
  );
  const paths = files.map(
    (file) => `/api/${file.replace(/\/?route\.ts$/, '').replace(/\/?\[\[\.\.\..*\]\]$/, '')}`,
  );
  return paths.filter((path) => !path.includes('[...')).sort();
}

function requestOf(method: string, path: string, body: unknown, headers: Record<string, string>): Request {
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  return new Request(origin + path, {
    method,
    headers: { ...headers, 'content-type': 'application/json' },
    ...content,
  });
}
