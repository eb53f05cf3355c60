import { afterEach, describe, expect, it } from '@jest/globals';
import { manualClock, settle } from '@unite/shared/testing';
import express from 'express';
import type { DashboardOptions, DrillControl } from '../../src/dashboard';
import { dashboardMiddleware } from '../../src/express';
import { listen } from '../support/local-server';
import { askDirectly, closeDashboards, dashboardOf } from './support/dashboards';

afterEach(closeDashboards);

const fromPage = {
  'x-unite-dashboard': '1',
  'content-type': 'application/json',
  'sec-fetch-site': 'same-origin',
};

function set(options: DashboardOptions = {}) {
  const done: string[] = [];
  const drills: DrillControl = {
    list: () => ({
      refusal: undefined,
      drills: [
        {
          name: 'kill-replica',
          title: 'Kill a replica',
          holds: 'Reads move.',
          startedAtMs: undefined,
          endsAtMs: undefined,
          requests: 0,
          failed: 0,
        },
      ],
    }),
    start: (name) => done.push(`start ${name}`),
    stop: async (name) => done.push(`stop ${name}`),
  };
  const cache: DashboardOptions['cache'] = {
    stats: () => ({ memory: { entries: 0, bytes: 0, maxBytes: 1, evictions: 0 } }),
    invalidateTags: async ([tag]) => done.push(`invalidate ${tag}`),
  };
  const dashboard = dashboardOf({ authorize: () => true, actions: true, drills, cache, ...options });
  const act = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    askDirectly(dashboard, `/actions/${path}`, {
      method: 'POST',
      headers: { ...fromPage, ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  return { done, dashboard, act };
}

it('invalidates a tag, and starts and stops a drill', async () => {
  const { act, done } = set();
  expect(await (await act('invalidate', { tag: 'contacts' })).json()).toEqual({ done: true });
  expect((await act('drill', { name: 'kill-replica', action: 'start' })).status).toBe(200);
  expect((await act('drill', { name: 'kill-replica', action: 'stop' })).status).toBe(200);
  expect(done).toEqual(['invalidate contacts', 'start kill-replica', 'stop kill-replica']);
});

describe('is refused', () => {
  it.each([
    ['without the header', { 'x-unite-dashboard': '' }, 403],
    ['from another site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['from another host of this site', { 'sec-fetch-site': 'same-site' }, 403],
    ['typed into the address line', { 'sec-fetch-site': 'none' }, 403],
    ['as a form', { 'content-type': 'text/plain' }, 415],
  ])('%s', async (_, headers, status) => {
    const { act, done } = set();
    expect((await act('invalidate', { tag: 'contacts' }, headers)).status).toBe(status);
    expect(done).toEqual([]);
  });

  it.each([
    ['invalidate', '[]', 400],
    ['invalidate', '{', 400],
    ['invalidate', {}, 422],
    ['invalidate', { tag: 7 }, 422],
    ['invalidate', { tag: 'x'.repeat(201) }, 422],
    ['invalidate', { tag: 'x'.repeat(4_096) }, 413],
    ['drill', { name: 'kill-replica', action: 'toString' }, 422],
    ['drill', { name: 'constructor', action: 'start' }, 422],
  ])('%s with %j', async (path, body, status) => {
    const { act, done } = set();
    const answer = await act(path, body);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(done).toEqual([]);
  });

  it.each<[string, DashboardOptions]>([
    ['outside of development', { actions: undefined }],
    ['where they are off', { actions: false, environment: 'development' }],
    ['to a viewer of one tenant', { authorize: () => ({ tenantId: 'acme' }) }],
  ])('%s', async (_, options) => {
    const { act, done, dashboard } = set(options);
    expect((await act('invalidate', { tag: 'contacts' })).status).toBe(403);
    expect(done).toEqual([]);
    expect(await (await askDirectly(dashboard, '/api/cache')).json()).toMatchObject({
      header: { mayAct: false },
      data: { mayInvalidate: false },
    });
  });

  it('what is not connected, and a drill that the target forbids', async () => {
    const nothing = set({ cache: undefined, drills: undefined });
    expect((await nothing.act('invalidate', { tag: 'a' })).status).toBe(422);
    expect((await nothing.act('drill', { name: 'a', action: 'start' })).status).toBe(422);
    const refusing = {
      list: () => ({ refusal: 'The target is not local.', drills: [] }),
      start() {},
      stop() {},
    };
    const { act } = set({ drills: refusing });
    const answer = await act('drill', { name: 'kill-replica', action: 'start' });
    expect(await answer.json()).toMatchObject({ status: 422, detail: 'The target is not local.' });
  });
});

it('a tenant whose viewer may act, acts', async () => {
  const { act, done } = set({ authorize: () => ({ tenantId: 'acme', mayAct: true }) });
  expect((await act('invalidate', { tag: 'contacts' })).status).toBe(200);
  expect(done).toEqual(['invalidate contacts']);
});

it('what fails or hangs says so, without its reason', async () => {
  const clock = manualClock();
  const stats = () => ({ memory: { entries: 0, bytes: 0, maxBytes: 1, evictions: 0 } });
  const failing = set({ cache: { stats, invalidateTags: () => Promise.reject(new Error('secret')) } });
  const failed = await failing.act('invalidate', { tag: 'a' });
  expect(failed.status).toBe(503);
  expect(await failed.text()).not.toContain('secret');
  const hanging = set({ clock, cache: { stats, invalidateTags: () => new Promise(() => undefined) } });
  const asked = hanging.act('invalidate', { tag: 'a' });
  await settle();
  await clock.advance(10_000);
  expect((await asked).status).toBe(503);
});

it('is taken over HTTP, also behind a parser, and a large body leaves the connection in order', async () => {
  const { dashboard, done } = set();
  const app = express();
  app.use('/parsed', express.json(), dashboardMiddleware(dashboard));
  app.use('/ops', dashboardMiddleware(dashboard));
  const { port } = await listen(app);
  const post = (path: string, body: string) =>
    fetch(`http://127.0.0.1:${port}${path}/actions/invalidate`, {
      method: 'POST',
      headers: { 'x-unite-dashboard': '1', 'content-type': 'application/json' },
      body,
    });
  expect((await post('/ops', '{"tag":"a"}')).status).toBe(200);
  expect((await post('/parsed', '{"tag":"b"}')).status).toBe(200);
  expect(await post('/ops', JSON.stringify({ tag: 'x'.repeat(20_000) }))).toMatchObject({ status: 413 });
  expect((await post('/ops', '{"tag":"c"}')).status).toBe(200);
  expect(done).toEqual(['invalidate a', 'invalidate b', 'invalidate c']);
});
