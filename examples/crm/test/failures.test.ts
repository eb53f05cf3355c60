import { describe, expect, test } from '@jest/globals';
import { api } from './support/api';

describe('one replica and Redis unreachable', () => {
  const origin = process.env.TEST_DEGRADED_ORIGIN;

  test('every read is answered by the other one, and says why', async () => {
    for (let request = 1; request <= 4; request++) {
      // Another list each time: one that was read before comes from memory.
      const { status, headers } = await api(`/api/contacts?pageSize=${request}`, { origin });
      expect(status).toBe(200);
      expect(headers.get('x-database-node')).toMatch(/role=replica; .*detour="\S+ is down"/);
      expect(headers.get('cache-status')).toMatch(/^crm-redis; fwd=(miss|bypass)/);
    }
  });

  test('the application is degraded, and still ready', async () => {
    const { status, json } = await api('/health/ready', { origin });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      state: 'ready',
      status: 'degraded',
      groups: { ready: 'up', write: 'up', degraded: 'down' },
      checks: {
        postgres: { status: 'degraded', detail: 'primary up; 1 of 2 replicas up' },
        redis: { status: 'down', detail: 'the client is not connected' },
      },
    });
  });
});

describe('no database reachable', () => {
  const origin = process.env.TEST_DOWN_ORIGIN;

  test('reads, writes and pages answer 503 after a while, with Retry-After, and tell nothing else', async () => {
    const [page, ...answers] = await Promise.all([
      api('/', { origin }),
      // One that nobody has asked for before: Redis is there, and has what others did.
      api(`/api/contacts?q=${crypto.randomUUID()}`, { origin }),
      api('/api/contacts', { origin, method: 'POST', json: { email: 'a@b.example' } }),
    ]);
    for (const { status, headers, json, text } of answers) {
      expect([status, headers.get('retry-after')]).toEqual([503, expect.stringMatching(/^[12]$/)]);
      expect(json).toMatchObject({ status: 503, title: 'Service Unavailable' });
      // What is missed first may be the keys, which are in the database too.
      expect([undefined, 'The database cannot be reached right now. Try again in a moment.']).toContain(
        json.detail,
      );
      expect(text).not.toMatch(/127\.0\.0\.1|ECONN|nobody/);
    }
    expect(page.status).toBe(500);
    expect(page.text).toMatch(/unite;UNITE_DB_NO_READER;503/);
  });

  test('alive, but not ready', async () => {
    expect((await api('/health/live', { origin })).status).toBe(200);
    expect((await api('/health/startup', { origin })).status).toBe(200);
    expect((await api('/health/ready', { origin })).status).toBe(503);
    expect((await api('/health/ready/write', { origin })).status).toBe(503);
  });
});

test('outside of demo mode an API request without a session is nobody’s', async () => {
  const { status, json } = await api('/api/contacts', { origin: process.env.TEST_CLOSED_ORIGIN });
  expect([status, json.type]).toEqual([401, expect.stringMatching(/\/errors\/sign-in-required$/)]);
});
