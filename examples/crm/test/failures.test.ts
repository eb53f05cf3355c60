import { describe, expect, test } from '@jest/globals';
import { api } from './support/api';

describe('one replica and Redis unreachable', () => {
  const origin = process.env.TEST_DEGRADED_ORIGIN;

  test('every read is answered by the other one, and says why', async () => {
    const nodes: (string | null)[] = [];
    for (let request = 0; request < 4; request++) {
      const { status, headers } = await api('/api/contacts?pageSize=1', { origin });
      expect(status).toBe(200);
      nodes.push(headers.get('x-database-node'));
    }
    expect(nodes.every((node) => node?.includes('role=replica'))).toBe(true);
    expect(nodes.some((node) => node?.includes('is down'))).toBe(true);
  });

  test('the application is degraded, and still ready', async () => {
    const { status, json } = await api('/health/ready', { origin });
    expect([status, json]).toEqual([
      200,
      { status: 'degraded', checks: { primary: 'ok', replicas: '1 of 2 up', redis: 'down' } },
    ]);
  });
});

describe('no database reachable', () => {
  const origin = process.env.TEST_DOWN_ORIGIN;

  test('reads and writes answer 503 with a problem and Retry-After, and tell nothing else', async () => {
    const answers = [
      await api('/api/contacts', { origin }),
      await api('/api/contacts', { origin, method: 'POST', json: { email: 'a@b.example' } }),
    ];
    for (const { status, headers, json, text } of answers) {
      expect([status, headers.get('retry-after')]).toEqual([503, '2']);
      expect(json.type).toMatch(/\/errors\/database-unavailable$/);
      expect(text).not.toMatch(/127\.0\.0\.1|ECONN|nobody/);
    }
  });

  test('alive, but not ready', async () => {
    expect((await api('/health/live', { origin })).status).toBe(200);
    expect((await api('/health/ready', { origin })).status).toBe(503);
  });

  test('a page says so', async () => {
    const { status, text } = await api('/', { origin });
    expect(status).toBe(500);
    expect(text).toContain('unite;database-unavailable;503');
  });
});

test('outside of demo mode an API request without a session is nobody’s', async () => {
  const { status, json } = await api('/api/contacts', { origin: process.env.TEST_CLOSED_ORIGIN });
  expect([status, json.type]).toEqual([401, expect.stringMatching(/\/errors\/sign-in-required$/)]);
});
