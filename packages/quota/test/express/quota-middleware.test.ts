import { type Server, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { contextMiddleware } from '@unite/core/express';
import { defineProblems } from '@unite/problem';
import { problemMiddleware } from '@unite/problem/express';
import { settle } from '@unite/shared/testing';
import express5, { type Application, type NextFunction, type Request, type Response } from 'express';
import { QuotaError } from '../../src/errors';
import { type QuotaMiddlewareOptions, quotaMiddleware } from '../../src/express';
import { outageProblem } from '../../src/response/quota-problem';
import { FakeQuota } from '../support/fake-quota';
import { parseFields } from '../support/structured-fields';
import { gate, until } from '../support/turns';

const express4 = require('express-4') as typeof express5;
const problems = defineProblems({ baseUrl: 'https://example.com/errors/', types: {} });

describe.each([
  ['5', express5],
  ['4', express4],
])('Express %s', (_, express) => {
  let quota: FakeQuota;
  let app: Application;
  let server: Server;
  let url: string;

  beforeEach(async () => {
    quota = new FakeQuota();
    app = express();
    // Express writes errors to the console in other environments.
    app.set('env', 'test');
    app.use(
      contextMiddleware({
        identify: ({ headers }) => ({ tenantId: headers['x-tenant']?.toString() ?? 'acme', plan: 'free' }),
      }),
    );
    server = app.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const metered = (options: Partial<QuotaMiddlewareOptions<Request>> = {}) =>
    quotaMiddleware<Request>({ quota, ...options });
  const serve = (options: Partial<QuotaMiddlewareOptions<Request>> = {}) =>
    app.all('/x', metered(options), (_request, response) => void response.send('done'));
  const post = (headers: Record<string, string> = {}) => fetch(`${url}/x`, { method: 'POST', headers });

  test('charges a call, and tells how the client stands', async () => {
    serve();
    const response = await fetch(`${url}/x`);
    expect([response.status, await response.text()]).toEqual([200, 'done']);
    expect(quota.asked).toMatchObject([{ use: { apiCalls: 1 } }]);
    expect(parseFields(response.headers.get('ratelimit-policy'))).toEqual([
      { name: 'apiCallsPerDay', q: 1_000, w: 86_400 },
    ]);
    expect(parseFields(response.headers.get('ratelimit'))).toEqual([
      { name: 'apiCallsPerDay', r: 999, t: 43_200 },
    ]);
  });

  test('HEAD is charged as GET; OPTIONS is free, and so is what uses nothing', async () => {
    serve();
    app.all('/free', metered({ use: () => ({}) }), (_request, response) => void response.send('free'));
    await fetch(`${url}/x`, { method: 'HEAD' });
    expect(quota.asked).toHaveLength(1);
    expect((await fetch(`${url}/x`, { method: 'OPTIONS' })).headers.has('ratelimit')).toBe(false);
    expect(await (await fetch(`${url}/free`)).text()).toBe('free');
    expect(quota.asked).toHaveLength(1);
  });

  test('is charged once where it passes the same middleware twice', async () => {
    const once = metered();
    app.use(once);
    app.get('/x', once, (_request, response) => void response.send('done'));
    await fetch(`${url}/x`);
    expect(quota.asked).toHaveLength(1);
  });

  test('asks functions of the request what it uses, for whom, and on which plan', async () => {
    serve({
      use: async (request) => ({ apiCalls: Number(request.query.calls) }),
      for: { address: (request) => request.ip, organisation: () => undefined },
      tenantId: (request) => request.get('x-key'),
      plan: () => 'pro',
      partitionKey: () => 'workspace',
      holdMs: 5_000,
    });
    const response = await fetch(`${url}/x?calls=7`, { headers: { 'x-key': 'other' } });
    expect(quota.asked).toMatchObject([
      { use: { apiCalls: 7 }, tenantId: 'other', plan: 'pro', for: { address: '127.0.0.1' } },
    ]);
    expect(Object.keys(quota.asked[0]?.for ?? {})).toEqual(['address']);
    const [limit] = parseFields(response.headers.get('ratelimit'));
    expect(String(limit?.pk)).toBe('workspace');
  });

  describe('a refusal', () => {
    beforeEach(() => {
      quota.callsPerDay = 0;
    });

    test('is answered by Express itself with status and headers', async () => {
      serve();
      const response = await post();
      expect(response.status).toBe(429);
      expect(response.headers.get('retry-after')).toBe('43200');
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(parseFields(response.headers.get('ratelimit'))).toEqual([
        { name: 'apiCallsPerDay', r: 0, t: 43_200 },
      ]);
      expect(await response.text()).not.toContain('acme');
    });

    test('is rendered by @unite/problem', async () => {
      serve();
      app.use(problemMiddleware(problems));
      const response = await post();
      expect(response.status).toBe(429);
      expect(response.headers.get('content-type')).toContain('application/problem+json');
      expect(response.headers.get('retry-after')).toBe('43200');
      expect(response.headers.get('ratelimit-policy')).toBe('"apiCallsPerDay";q=0;w=86400');
      const document = (await response.json()) as object;
      expect(document).toMatchObject({
        type: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
        title: 'Quota exceeded',
        'violated-policies': ['apiCallsPerDay'],
        plan: 'free',
        sufficientPlan: 'pro',
        upgradeUrl: 'https://example.com/plans',
      });
      expect(JSON.stringify(document)).not.toContain('acme');
    });

    test('has no fields of limits where none are wanted', async () => {
      serve({ headers: 'none' });
      const response = await post();
      expect([response.status, response.headers.get('ratelimit')]).toEqual([429, null]);
      expect(response.headers.get('retry-after')).toBe('43200');
    });
  });

  test('an outage is 503, never 429', async () => {
    serve();
    app.use(problemMiddleware(problems));
    quota.failure = new QuotaError('UNITE_QUOTA_UNAVAILABLE', 'redis://secret', { problem: outageProblem() });
    const response = await post();
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await response.text()).not.toContain('secret');
  });

  describe('Idempotency-Key', () => {
    test('makes a repetition free', async () => {
      serve({ idempotency: 'header' });
      await post({ 'idempotency-key': '"k"' });
      const second = await post({ 'idempotency-key': 'k' });
      expect(parseFields(second.headers.get('ratelimit'))[0]).toMatchObject({ r: 999 });
      await fetch(`${url}/x`, { headers: { 'idempotency-key': 'k' } });
      expect(quota.asked.map(({ idempotencyKey }) => idempotencyKey)).toEqual(['k', 'k', undefined]);
    });

    test.each([
      ['empty', ''],
      ['of 10 kB', 'k'.repeat(10_000)],
      ['with a tab', 'a\tb'],
      ['beyond ASCII', 'ä'],
    ])('%s is 400', async (_kind, key) => {
      serve({ idempotency: 'header' });
      app.use(problemMiddleware(problems));
      const response = await post({ 'idempotency-key': key });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ detail: expect.stringContaining('Idempotency-Key') });
      expect(quota.asked).toEqual([]);
    });

    test('is left alone where nobody asked for it: one key on every request would pay once', async () => {
      serve();
      expect((await post({ 'idempotency-key': '' })).status).toBe(200);
      expect(quota.asked).toMatchObject([{ idempotencyKey: undefined }]);
    });
  });

  test.each([
    ['throws', () => Promise.reject(new Error('no'))],
    [
      'throws at once',
      () => {
        throw new Error('no');
      },
    ],
    ['answers with NaN', () => ({ apiCalls: Number.NaN })],
    ['answers with a negative amount', () => ({ apiCalls: -1 })],
    ['answers with nothing', () => undefined as never],
    ['names a unit that nothing counts', () => ({ apiCals: 1 })],
  ])('a use that %s is 500, and nothing is charged', async (_kind, use) => {
    serve({ use });
    expect((await post()).status).toBe(500);
    expect(quota.used.size).toBe(0);
  });

  describe('a place of a concurrency limit', () => {
    const use = { apiCalls: 1, exports: 1 };

    test('is kept until the response has ended', async () => {
      let finish = () => undefined as unknown;
      app.get('/x', metered({ use, holdMs: 5_000 }), (_request, response) => {
        response.write('a');
        finish = () => response.end('b');
      });
      const first = await fetch(`${url}/x`);
      expect(quota.asked).toMatchObject([{ use, expiresInMs: 5_000 }]);
      const refused = await fetch(`${url}/x`);
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
      expect(quota.taken).toBe(1);
      finish();
      expect(await first.text()).toBe('ab');
      await until(() => quota.taken === 0);
      expect(quota.settled).toBe(1);
    });

    test('is free when the client goes away', async () => {
      app.get('/x', metered({ use }), (_request, response) => void response.write('a'));
      const client = send(`${url}/x`).end();
      client.on('error', () => undefined);
      await until(() => quota.taken === 1);
      await new Promise((resolve) => client.once('response', resolve));
      client.destroy();
      await until(() => quota.taken === 0);
    });

    test('is free when the client goes while it is asked for; the route never runs', async () => {
      const route = jest.fn();
      const arrived = gate();
      const answer = gate();
      const closed = gate();
      app.use((_request, response, next) => {
        response.once('close', closed.open);
        next();
      });
      const slow = async () => {
        arrived.open();
        await answer.opened;
        return use;
      };
      app.get('/x', metered({ use: slow }), route as never);
      const client = send(`${url}/x`).end();
      client.on('error', () => undefined);
      await arrived.opened;
      client.destroy();
      await closed.opened;
      answer.open();
      await until(() => quota.settled === 1);
      expect(quota.taken).toBe(0);
      expect(route).not.toHaveBeenCalled();
    });

    test('a settlement that fails harms nobody', async () => {
      quota.commitFailure = new Error('redis is gone');
      serve({ use });
      expect((await post()).status).toBe(200);
      await until(() => quota.settled === 1);
    });

    test('another failure than a refusal is handed on', async () => {
      serve({ use });
      quota.failure = new QuotaError('UNITE_QUOTA_UNAVAILABLE', 'no');
      expect((await post()).status).toBe(503);
    });
  });

  test('what was answered at a deadline stays answered', async () => {
    const answer = gate();
    app.use((_request, response, next) => {
      next();
      response.status(504).end('late');
    });
    const failures: unknown[] = [];
    const use = async () => {
      await answer.opened;
      throw new Error('too late');
    };
    app.get('/x', metered({ use }));
    app.use((error: unknown, _request: Request, _response: Response, _next: NextFunction) => {
      failures.push(error);
    });
    expect((await fetch(`${url}/x`)).status).toBe(504);
    answer.open();
    await settle();
    expect(failures).toEqual([]);
  });
});

test('says at once which option is wrong', () => {
  const quota = new FakeQuota();
  const wrong = (options: object) => () => quotaMiddleware({ quota, ...options } as never);
  expect(wrong({ quota: {} })).toThrow('option "quota" must be a quota of `createQuota`');
  expect(wrong({ use: { apiCalls: -1 } })).toThrow('option "use" must be');
  expect(wrong({ use: { apiCalls: Number.NaN } })).toThrow('option "use" must be');
  expect(wrong({ for: { address: 'x' } })).toThrow('option "for" must be an object of functions');
  expect(wrong({ headers: 'draft-7' })).toThrow('option "headers" must be one of draft-11, none');
  expect(wrong({ idempotency: true })).toThrow("must be 'header' or 'none'");
  expect(wrong({ uses: {} })).toThrow('unknown option "uses"');
});
