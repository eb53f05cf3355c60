import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { contextMiddleware } from '@unite/core/express';
import { compose, withContext } from '@unite/core/next';
import { defineProblems } from '@unite/problem';
import { problemMiddleware } from '@unite/problem/express';
import express, { type Request } from 'express';
import { concurrencyLimit, createQuota, definePlans, type Quota, rateLimit } from '../../src';
import { quotaMiddleware, usageMiddleware } from '../../src/express';
import { withQuota } from '../../src/next';
import { parseFields } from '../support/structured-fields';

const plans = definePlans({
  free: {
    apiCallsPerDay: 3,
    aiTokensPerDay: 100,
    burst: rateLimit({ of: 'apiCalls', limit: 100, windowMs: 60_000 }),
    exportsAtOnce: concurrencyLimit({ of: 'exports', limit: 1 }),
  },
  pro: {
    apiCallsPerDay: null,
    aiTokensPerDay: 1_000,
    burst: rateLimit({ of: 'apiCalls', limit: 1_000, windowMs: 60_000 }),
    exportsAtOnce: concurrencyLimit({ of: 'exports', limit: 5 }),
  },
});
const problems = defineProblems({ baseUrl: 'https://example.com/errors/', types: {} });

describe('with a quota of createQuota', () => {
  let quota: Quota<'free' | 'pro'>;
  let server: Server;
  let url: string;

  beforeEach(async () => {
    quota = createQuota({
      plans,
      upgradeUrl: 'https://example.com/plans',
      shared: { address: { perAddress: rateLimit({ of: 'apiCalls', limit: 50, windowMs: 1_000 }) } },
    });
    const app = express();
    app.set('env', 'test');
    app.use(contextMiddleware({ identify: () => ({ tenantId: 'acme', plan: 'free' }) }));
    app.get('/usage', usageMiddleware(quota));
    app.use('/export', quotaMiddleware({ quota, use: { exports: 1 } }), (_request, response) => {
      response.write('a');
    });
    app.use(quotaMiddleware<Request>({ quota, for: { address: (request) => request.ip } }));
    app.get('/x', (_request, response) => void response.send('done'));
    app.use(problemMiddleware(problems));
    server = app.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await quota.close();
  });

  test('three calls pass and the fourth is refused, with all that a client needs', async () => {
    const statuses: number[] = [];
    for (const _call of Array(3).keys()) statuses.push((await fetch(`${url}/x`)).status);
    const refused = await fetch(`${url}/x`);
    expect([...statuses, refused.status]).toEqual([200, 200, 200, 429]);
    const policies = parseFields(refused.headers.get('ratelimit-policy'));
    expect(policies).toEqual([
      { name: 'apiCallsPerDay', q: 3, w: 86_400 },
      { name: 'burst', q: 100, w: 60 },
      { name: 'perAddress', q: 50, w: 1 },
    ]);
    const [first] = parseFields(refused.headers.get('ratelimit'));
    expect(first).toMatchObject({ name: 'apiCallsPerDay', r: 0 });
    const retryAfter = Number(refused.headers.get('retry-after'));
    expect(retryAfter).toBeGreaterThanOrEqual(first?.t as number);
    expect(retryAfter).toBeLessThanOrEqual(86_400);
    expect(await refused.json()).toMatchObject({
      'violated-policies': ['apiCallsPerDay'],
      sufficientPlan: 'pro',
      upgradeUrl: 'https://example.com/plans',
    });
    expect(await (await fetch(`${url}/usage`)).json()).toMatchObject({
      tenantId: 'acme',
      limits: expect.arrayContaining([expect.objectContaining({ name: 'apiCallsPerDay', used: 3 })]),
    });
  });

  test('one export at a time; the place is free when the client has gone', async () => {
    const client = new AbortController();
    const first = await fetch(`${url}/export`, { signal: client.signal });
    expect(first.status).toBe(200);
    expect((await fetch(`${url}/export`)).status).toBe(429);
    client.abort();
    let again = await fetch(`${url}/export`);
    while (again.status === 429) again = await fetch(`${url}/export`);
    expect(again.status).toBe(200);
  });

  test('a route of Next.js takes tokens by weight', async () => {
    const route = compose(
      withContext({ identify: () => ({ tenantId: 'acme', plan: 'free' }) }),
      withQuota(quota),
    );
    const post = route(() => Response.json('scored'), { quota: { use: { aiTokens: 60 } } });
    const ask = () =>
      post(new Request('https://example.com/score', { method: 'POST' }), { params: Promise.resolve({}) });
    expect(parseFields((await ask()).headers.get('ratelimit'))).toMatchObject([
      { name: 'aiTokensPerDay', r: 40 },
    ]);
    const refused = await ask();
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({
      'violated-policies': ['aiTokensPerDay'],
      sufficientPlan: 'pro',
    });
  });
});
