import { expect, test } from '@jest/globals';
import { checkProblemCoverage } from '@unite/problem/testing';
import { api, newContact } from '../../crm/test/support/api';
import { signedInAs } from './support/signed-in-as';

const list = '/api/v1/contacts';
const origin = process.env.TEST_ORIGIN ?? '';

test('contacts are listed, searched, made once for each key, and read', async () => {
  const email = `${crypto.randomUUID()}@made.example`;
  const headers = { 'idempotency-key': crypto.randomUUID() };
  const made = await api(list, { method: 'POST', json: { email, company: 'Quillon' }, headers });
  expect([made.status, made.headers.get('etag'), made.headers.get('location')]).toEqual([
    201,
    '"1"',
    `${list}/${made.json.id}`,
  ]);
  const again = await api(list, { method: 'POST', json: { email, company: 'Quillon' }, headers });
  expect(again.json.id).toBe(made.json.id);
  const reused = await api(list, { method: 'POST', json: { email: `x${email}` }, headers });
  expect(reused.status).toBe(422);

  const read = await api(`${list}/${made.json.id}`);
  expect([read.status, read.headers.get('etag'), read.json]).toEqual([200, '"1"', made.json]);
  const found = await api(`${list}?q=${encodeURIComponent(email)}`);
  expect(found.json.contacts.map(({ id }) => id)).toEqual([made.json.id]);
  const page = await api(`${list}?sort=name&page=2&pageSize=3`);
  expect(page.json).toMatchObject({ page: 2, pageSize: 3, contacts: { length: 3 } });
});

test('what is wrong with a query or a body is named as the CRM names it', async () => {
  const query = await api(`${list}?page=0&pageSize=101&stage=no`);
  expect(query.json.errors.map(({ field }) => field).sort()).toEqual(['page', 'pageSize', 'stage']);
  const body = await api(list, { method: 'POST', json: { email: 'no address' } });
  expect([body.status, body.json.type, body.json.detail]).toEqual([
    400,
    `${process.env.TEST_CRM_ORIGIN}/errors/validation`,
    'Email field is not valid: Must look like name@company.com',
  ]);
});

test('a viewer reads no address and no number, and writes nothing', async () => {
  const viewer = await signedInAs('harbour-luis');
  const { id } = await newContact({ phone: '+1 555 0100' }, 'harbour', process.env.TEST_CRM_ORIGIN);
  expect((await api(`${list}/${id}`)).json.phone).toBe('+1 555 0100');
  expect((await api(`${list}/${id}`, { cookie: viewer })).json).toMatchObject({ email: null, phone: null });
  const { contacts } = (await api(list, { cookie: viewer })).json;
  expect(contacts.length).toBeGreaterThan(0);
  expect(contacts.filter(({ email, phone }) => email !== null || phone !== null)).toEqual([]);
  // Told before what is wrong with the body.
  const refused = await api(list, { method: 'POST', json: {}, cookie: viewer });
  expect([refused.status, refused.json.type]).toEqual([
    403,
    `${process.env.TEST_CRM_ORIGIN}/errors/forbidden`,
  ]);
});

test('another workspace’s contact is not there, in its lists neither', async () => {
  const { id, email } = await newContact({}, 'harbour', process.env.TEST_CRM_ORIGIN);
  const elsewhere = { workspace: 'meridian' };
  expect((await api(`${list}/${id}`, elsewhere)).status).toBe(404);
  expect((await api(`${list}?q=${email}`, elsewhere)).json.total).toBe(0);
  expect((await api(`${list}/${id}`)).status).toBe(200);
});

test('every route answers every failure with a problem document', async () => {
  const { id } = await newContact({}, 'harbour', process.env.TEST_CRM_ORIGIN);
  const routes = [
    { method: 'GET', path: list },
    { method: 'POST', path: list, body: { email: 'a@b.example' } },
    { method: 'GET', path: `${list}/${id}` },
    { method: 'GET', path: '/api/v1/hot-leads' },
    { method: 'GET', path: '/api/v1/usage' },
  ].map((route) => ({ ...route, headers: { 'x-demo-workspace': 'harbour' } }));
  const failures = [
    'unknown-path',
    'wrong-method',
    'malformed-uri',
    'malformed-json',
    'wrong-content-type',
    'empty-body',
    'oversized-body',
  ] as const;
  const request = (each: Request) => fetch(each);
  expect(await checkProblemCoverage({ request, origin, oversizedBytes: 100_000, routes, failures })).toEqual(
    [],
  );
  for (const { method, path, body } of routes) {
    const nobody = await api(path, { method, workspace: 'nobody', ...(body && { json: body }) });
    expect([path, nobody.status, nobody.headers.get('content-type')]).toEqual([
      path,
      401,
      'application/problem+json',
    ]);
  }
  const { status, headers } = await api(list, { method: 'DELETE' });
  expect([status, headers.get('allow')]).toEqual([405, 'GET, POST, HEAD, OPTIONS']);
});

test('what another site makes a browser send is refused', async () => {
  const headers = { origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' };
  const cookie = await signedInAs('harbour-imani');
  const { status } = await api(list, { method: 'POST', json: { email: 'a@b.example' }, cookie, headers });
  expect(status).toBe(403);
});

test('what was served is measured, by route and with its name', async () => {
  await api(`${list}/00000000-0000-4000-8000-000000000000`);
  const { text } = await api('/metrics');
  const served = text
    .split('\n')
    .filter((line) => line.startsWith('http_server_request_duration_seconds_count{'));
  const found = served.find(
    (line) => line.includes('http_route="/api/v1/contacts/:id"') && line.includes('"404"'),
  );
  expect([found, served.length > 0]).toEqual([expect.stringContaining('service_name="crm-api"'), true]);
  const health = await api('/health/ready');
  expect(health.json).toMatchObject({ state: 'ready', groups: { ready: 'up', write: 'up' } });
});

test('the dashboard is for owners, and for who knows the key', async () => {
  const dashboard = '/ops/api/requests';
  expect((await api(dashboard)).status).toBe(403);
  expect((await api(dashboard, { cookie: await signedInAs('harbour-luis') })).status).toBe(403);
  await api(list);
  const { text } = await api(dashboard, { cookie: await signedInAs('harbour-imani') });
  expect(JSON.parse(text).header).toMatchObject({ service: 'crm-api', tenantId: 'harbour' });
  expect(text).toContain('/api/v1/contacts');
  const own = await api(dashboard, {
    headers: { 'x-internal-key': 'what our own programs know, and nobody else' },
  });
  expect(JSON.parse(own.text).header.tenantId).toBeUndefined();
});
