import { describe, expect, test } from '@jest/globals';
import type { Snapshot } from '@unite/ops/dashboard';
import type { DrillReport } from '../lib/drills/drill-types';
import type { ClusterReport } from '../lib/ops/cluster-report';
import { api, signIn } from './support/api';

const page = { accept: 'text/html,application/xhtml+xml' };

describe('who may see the servers', () => {
  test('owners may; others are refused by the API, told why by the page, and get no link', async () => {
    const { status, text } = await api('/api/ops/cluster');
    expect(status).toBe(200);
    const { cluster } = JSON.parse(text) as ClusterReport;
    expect(cluster.nodes.map(({ role }) => role)).toEqual(['primary', 'replica', 'replica']);
    expect(text).not.toMatch(/postgres:|password/);

    const viewer = await signIn('harbour-luis');
    expect((await api('/api/ops/cluster', { cookie: viewer })).status).toBe(403);
    for (const path of ['/ops', '/ops/database', '/ops/api/database', '/ops/stream', '/ops/drills']) {
      const refused = await api(path, { cookie: viewer, headers: page });
      expect([path, refused.status]).toEqual([path, 403]);
      expect(refused.text).toContain('Owners see the servers');
      expect(refused.text).not.toContain(new URL(process.env.TEST_DATABASE_URL ?? '').host);
    }
    expect((await api('/contacts', { cookie: viewer })).text).not.toContain('href="/ops"');
  });

  test('who is not signed in is sent to the start page, and from there back; a program is told', async () => {
    const person = await api('/ops/errors', { headers: page });
    expect([person.status, person.headers.get('location')]).toEqual([307, '/?returnTo=%2Fops%2Ferrors']);
    const program = await api('/ops/api/now');
    expect([program.status, program.json.type]).toEqual([401, expect.stringMatching(/sign-in-required$/)]);
  });
});

describe('the dashboard', () => {
  test('has a policy of its own in place of that of the pages, and its files are there', async () => {
    const cookie = await signIn('harbour-imani');
    const { status, headers, text } = await api('/ops', { cookie });
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self'; /);
    expect(headers.get('content-security-policy')).not.toMatch(/unsafe|,/);
    const files = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => path);
    expect(files).toHaveLength(2);
    for (const path of files) expect([path, (await api(path, { cookie })).status]).toEqual([path, 200]);
  });

  test('shows an owner the servers, and the requests of the own workspace alone', async () => {
    const cookie = await signIn('harbour-imani');
    const marked = `/api/contacts/${crypto.randomUUID()}`;
    await api(marked, { cookie: await signIn('meridian-mira') });
    await api(marked, { cookie });
    const { data: database } = await screen('database', cookie);
    expect(database.nodes.map(({ role }) => role)).toEqual(['primary', 'replica', 'replica']);
    const { data: requests, header } = await screen('requests', cookie);
    expect(header).toMatchObject({ service: 'crm', release: 'test-release', tenantId: 'harbour' });
    expect(requests.rows.map(({ route }) => route)).toContain('/api/contacts/[id]');
    expect(new Set(requests.rows.map(({ tenantId }) => tenantId))).toEqual(new Set(['harbour']));
  });
});

describe('drills', () => {
  test('are off where nobody could mend what they break, and say why', async () => {
    const { drills, refusal } = JSON.parse((await api('/api/drills')).text) as DrillReport;
    expect([drills, refusal]).toEqual([[], expect.stringContaining('`npm start`')]);
    const started = await api('/api/drills/kill-replica?action=start', { method: 'POST' });
    expect([started.status, started.json.type]).toEqual([403, expect.stringMatching(/drills-off$/)]);
    expect((await api('/contacts', { cookie: await signIn('harbour-imani') })).text).not.toContain(
      'Kill a replica',
    );
  });

  test('are for owners alone, whatever is asked of them', async () => {
    const viewer = await signIn('harbour-luis');
    for (const path of ['/api/drills/none', '/api/drills/kill-replica?action=start'])
      expect((await api(path, { method: 'POST', cookie: viewer })).status).toBe(403);
    const unclear = await api('/api/drills/kill-replica?action=drop', { method: 'POST' });
    expect(unclear.json.errors).toEqual([
      expect.objectContaining({ field: 'action', message: 'must be start or stop' }),
    ]);
  });
});

/** What a screen of the dashboard is made of. */
async function screen<Name extends 'database' | 'requests'>(
  name: Name,
  cookie: string,
): Promise<Snapshot<Name>> {
  const { status, text } = await api(`/ops/api/${name}`, { cookie });
  expect(status).toBe(200);
  return JSON.parse(text) as Snapshot<Name>;
}
