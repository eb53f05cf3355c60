import { describe, expect, test } from '@jest/globals';
import type { ErrorsScreen, Snapshot } from '@unite/ops/dashboard';
import { api, signIn } from './support/api';
import { traceIdOf } from './support/traces';

interface ErrorDocument {
  readonly status: number;
  readonly eventId?: string;
  readonly traceId?: string;
}

describe('an error', () => {
  test('is named in the answer, and shown with its release, route, trace and the line that threw it', async () => {
    const answer = await api('/api/ops/errors', { method: 'POST' });
    const document = answer.json as ErrorDocument;
    expect(document).toMatchObject({ status: 500, eventId: expect.stringMatching(/^[0-9a-f]{32}$/) });
    expect(document.traceId).toBe(traceIdOf(answer));

    const shown = await errorsFor('harbour-imani');
    const row = shown.rows.find(({ traceId }) => traceId === document.traceId);
    expect(row).toMatchObject({
      id: document.eventId,
      message: 'This error was asked for, to see what becomes of it',
      route: 'POST /api/ops/errors',
      release: 'test-release',
    });
    expect(row?.stack.find(({ isOwn }) => isOwn)?.text).toContain('app/api/ops/errors/route.ts');
  });

  test('is for owners of its workspace alone', async () => {
    await api('/api/ops/errors', { method: 'POST', workspace: 'lantern' });
    expect(JSON.stringify(await errorsFor('lantern-ada'))).toContain('This error was asked for');
    expect(JSON.stringify(await errorsFor('meridian-mira'))).not.toContain('This error was asked for');
    const viewer = await api('/ops/api/errors', { cookie: await signIn('harbour-luis') });
    expect(viewer.status).toBe(403);
  });

  test('is none where the application meant it', async () => {
    const answer = await api('/api/contacts', { method: 'POST', json: {} });
    expect(answer.status).toBe(400);
    expect((answer.json as ErrorDocument).eventId).toBeUndefined();
  });

  test('takes what a person says about it', async () => {
    const sent = await api('/api/feedback', { method: 'POST', json: { message: 'I pressed the button' } });
    expect([sent.status, sent.json]).toEqual([202, { isSent: false }]);
    const empty = await api('/api/feedback', { method: 'POST', json: { message: ' ' } });
    expect(empty.status).toBe(400);
  });
});

describe('/metrics', () => {
  test('has requests by route, business, cost, objectives and the account of sinks', async () => {
    await api('/api/contacts');
    await api('/api/contacts', {
      method: 'POST',
      json: { name: 'Ada Metric', email: `ada-${Date.now()}@example.com` },
    });
    await api('/api/nowhere/secret-7');
    const { status, text } = await api('/metrics');
    expect(status).toBe(200);
    expect(text).toMatch(/http_server_request_duration_seconds_bucket\{[^}]*http_route="\/api\/contacts"/);
    expect(text).toMatch(/^contacts_created_total\{[^}]*plan="\w+"[^}]*\} \d+$/m);
    expect(text).toMatch(/^cost_usd_total\{/m);
    expect(text).toMatch(/^db_query_duration_seconds_bucket\{/m);
    expect(text).not.toContain('secret-7');
  });
});

test('what a page says of its errors is taken, and nothing else', async () => {
  const report = {
    name: 'TypeError',
    message: 'x is undefined',
    stack: 'at f (https://crm.example/_next/static/a.js:1:2)',
  };
  expect((await api('/api/browser-errors', { method: 'POST', json: report })).status).toBe(204);
  expect((await api('/api/browser-errors', { method: 'POST', json: { nothing: 1 } })).status).toBe(400);
  const vitals = { values: { LCP: 812 }, route: '/contacts' };
  expect((await api('/api/browser-vitals', { method: 'POST', json: vitals })).status).toBe(204);
});

/** The errors that the dashboard shows this person, the newest first. */
async function errorsFor(person: string): Promise<ErrorsScreen> {
  const { text } = await api('/ops/api/errors', { cookie: await signIn(person) });
  return (JSON.parse(text) as Snapshot<'errors'>).data;
}
