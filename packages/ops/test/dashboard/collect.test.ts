import { channel } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { manualClock, settle } from '@unite/shared/testing';
import type { Dashboard } from '../../src/dashboard';
import { Collectors } from '../../src/dashboard/collect/collectors';
import { maskPath } from '../../src/dashboard/collect/mask-path';
import { ask, listen } from '../support/local-server';
import { closeDashboards, dashboardOf, dataOf } from './support/dashboards';
import { publishRequest } from './support/publish-request';

afterEach(closeDashboards);

const endOf = (name: string) => channel(`tracing:${name}:asyncEnd`);

function shown(): Dashboard {
  return dashboardOf({ authorize: () => true });
}

describe('a request', () => {
  it.each([
    ['before it has ended, as in Next.js', true],
    ['after it has ended, as in Express', false],
  ])('is one row with what @unite/apm tells of it %s', async (_, isBefore) => {
    const dashboard = shown();
    const facts = {
      requestId: 'r-1',
      route: 'GET /contacts/[id]',
      tenantId: 'acme',
      traceId: 'a'.repeat(32),
      eventId: 'e'.repeat(32),
    };
    const tell = () => channel('unite:apm:request').publish(facts);
    if (isBefore) tell();
    publishRequest({ requestId: 'r-1', url: '/contacts/ada' });
    if (!isBefore) tell();
    const { rows, total } = await dataOf(dashboard, 'requests');
    const { requestId: _id, ...rest } = facts;
    expect(rows).toMatchObject([{ ...rest, route: '/contacts/[id]', method: 'GET' }]);
    expect(total).toBe(1);
  });

  it('whose id comes twice is nobody’s: a client may have chosen it', async () => {
    const dashboard = shown();
    const tell = (tenantId: string) =>
      channel('unite:apm:request').publish({ requestId: 'same', route: 'GET /', tenantId });
    tell('acme');
    tell('globex');
    publishRequest({ requestId: 'same' });
    publishRequest({ requestId: 'same' });
    tell('globex');
    publishRequest({ requestId: 'other', method: 'POST' });
    channel('unite:apm:request').publish({ requestId: 'other', route: 'GET /', tenantId: 'acme' });
    const { rows } = await dataOf(dashboard, 'requests');
    expect(rows.map(({ tenantId }) => tenantId)).toEqual([undefined, undefined, undefined]);
  });

  it('that the client leaves is aborted; a stream that it leaves is not, and says nothing of speed', async () => {
    const dashboard = shown();
    const { port } = await listen((request, response) => {
      if (request.url === '/events') response.setHeader('content-type', 'text/event-stream');
      response.write('.');
    });
    for (const path of ['/slow', '/events']) {
      const socket = connect(port, '127.0.0.1');
      socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`);
      await once(socket, 'data');
      socket.destroy();
    }
    let { rows } = await dataOf(dashboard, 'requests');
    while (rows.length < 2) {
      await settle();
      ({ rows } = await dataOf(dashboard, 'requests'));
    }
    const byRoute = Object.fromEntries(rows.map((row) => [row.route, row]));
    expect(byRoute['/slow']).toMatchObject({ isAborted: true, status: 499 });
    expect(byRoute['/events']).toMatchObject({ isAborted: false, status: 200 });
  });

  it('of a probe is a row, and not in the pulse', async () => {
    const clock = manualClock();
    const dashboard = dashboardOf({ authorize: () => true, clock });
    for (const url of ['/health/live', '/health', '/metrics', '/contacts']) publishRequest({ url });
    await clock.advance(1_000);
    expect((await dataOf(dashboard, 'requests')).total).toBe(4);
    expect((await dataOf(dashboard, 'now')).pulse.at(-1)).toMatchObject({ requests: 1 });
  });

  it('is traced without @unite/apm, where the answer says so', async () => {
    const dashboard = shown();
    const { port } = await listen((_request, response) => {
      response.setHeader('traceresponse', `00-${'b'.repeat(32)}-${'c'.repeat(16)}-01`).end();
    });
    await ask(port, '/');
    expect((await dataOf(dashboard, 'requests')).rows[0]?.traceId).toBe('b'.repeat(32));
  });
});

it.each([
  ['/contacts/17?q=Ada', '/contacts/*'],
  ['/f/6f1c1f0e-7d9b-4d4c-9a55-4b8d0a7ac0de/edit', '/f/*/edit'],
  ['/commit/deadbeefdeadbeef', '/commit/*'],
  ['/a%40b/ada@example.com', '/*/*'],
  [`/${'x'.repeat(33)}`, '/*'],
  ['/invite/aGVsbG8gd29ybGQ1', '/invite/*'],
  ['/api/v1/contacts', '/api/v1/contacts'],
  ['/<script>/ü', '/*/*'],
  ['/1/2/3/4/5/6/7/8/9/10', '/*/*/*/*/*/*/*/*'],
  ['', '/'],
])('of the path %s is shown %s', (url, masked) => {
  expect(maskPath(url)).toBe(masked);
});

it('what the other packages tell is counted by the second and since the start', async () => {
  const clock = manualClock();
  const dashboard = dashboardOf({ authorize: () => true, clock });
  channel('unite:cache:hit').publish({ cache: 'crm', definition: 'contacts' });
  endOf('unite:cache:get').publish({ definition: 'contacts', layer: 'remote' });
  endOf('unite:cache:get').publish({ definition: 'contacts', layer: 'load' });
  endOf('unite:cache:load').publish({ definition: 'contacts', error: new Error('away') });
  endOf('unite:cache:invalidate').publish({ names: 2, acknowledged: true });
  channel('unite:cache:state').publish({ state: 'down', reason: 'gone' });
  endOf('unite:db-ha:query').publish({ kind: 'read', role: 'replica' });
  endOf('unite:db-ha:query').publish({ kind: 'read', role: 'primary' });
  endOf('unite:db-ha:query').publish({ kind: 'write', role: 'primary' });
  channel('unite:db-ha:change').publish({ node: 'replica-1', from: 'up', to: 'down', reason: 'no answer' });
  channel('unite:ops:shed').publish({ reason: 'delay' });
  channel('unite:quota:use').publish({
    tenantId: 'acme',
    route: 'GET /contacts',
    use: { apiCalls: 1, aiTokens: 300 },
    costs: [{ unit: 'aiTokens', costNanoUsd: 4_700n }],
  });
  await clock.advance(1_000);
  expect((await dataOf(dashboard, 'now')).pulse.at(-1)).toMatchObject({
    cacheReads: 3,
    cacheHits: 2,
    replicaReads: 1,
    primaryReads: 1,
    writes: 1,
    refused: 1,
  });
  expect(await dataOf(dashboard, 'cache')).toMatchObject({
    state: 'down',
    reads: 3,
    byLayer: { memory: 1, remote: 1, load: 1 },
    definitions: [{ name: 'contacts', reads: 3, hits: 2, loads: 1, failures: 1 }],
    invalidations: [{ names: 2, acknowledged: true }],
  });
  expect((await dataOf(dashboard, 'database')).changes).toMatchObject([{ node: 'replica-1', to: 'down' }]);
  expect((await dataOf(dashboard, 'quota')).costs).toEqual([
    { route: 'GET /contacts', amount: 301, costNanoUsd: '4700' },
  ]);
});

it('a message that cannot be read is no harm, and after the end nothing is heard', async () => {
  const dashboard = shown();
  for (const name of ['unite:apm:request', 'unite:quota:use', 'http.server.request.start'])
    channel(name).publish(null);
  const server = createServer();
  channel('http.server.request.start').publish({ request: null, response: server });
  server.emit('close');
  await dashboard.close();
  publishRequest({});
  expect((await dataOf(dashboard, 'requests')).total).toBe(0);
  expect(channel('unite:cache:hit').hasSubscribers).toBe(false);
});

it('a million messages leave no more behind than a few thousand', () => {
  const clock = manualClock();
  const collectors = new Collectors(clock, 500);
  const send = (from: number, until: number) => {
    for (let index = from; index < until; index++) {
      publishRequest({ url: `/route-${index % 5_000}/x`, requestId: `r${index}`, tenantId: `t${index}` });
      channel('unite:quota:use').publish({ tenantId: `q${index}`, route: `r${index}`, use: {}, costs: [] });
      channel('unite:cache:hit').publish({ definition: `d${index}` });
      channel('unite:db-ha:change').publish({ node: `n${index}`, from: 'up', to: 'down' });
    }
  };
  const held = () => [
    collectors.requests.size,
    collectors.quota.tenants.size,
    collectors.quota.costs().length,
    collectors.cache.definitions().length,
    collectors.database.changes.length,
    collectors.pulse.seconds().length,
  ];
  // Rows, ids of two kinds, tenants and routes; then those of the others.
  const mostHeld = [500 + 2 * 500 + 1_000 + 201, 1_000, 201, 101, 50, 300];
  for (const [from, until] of [
    [0, 5_000],
    [5_000, 170_000],
  ] as const) {
    send(from, until);
    held().forEach((size, index) => {
      expect(size).toBeLessThanOrEqual(Number(mostHeld[index]));
    });
  }
  expect(collectors.requests.ring.total).toBe(170_000);
  expect(collectors.quota.tenants.forgotten + collectors.quota.tenants.size).toBe(170_000);
  collectors.close();
});
