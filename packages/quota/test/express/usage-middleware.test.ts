import { get, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { contextMiddleware } from '@unite/core/express';
import express5, { type Application } from 'express';
import { type UsageMiddleware, type UsageOptions, usageMiddleware } from '../../src/express';
import { FakeQuota } from '../support/fake-quota';
import { readEvents } from '../support/read-events';
import { gate, until } from '../support/turns';

const express4 = require('express-4') as typeof express5;
const accept = { accept: 'text/event-stream' };

describe.each([
  ['5', express5],
  ['4', express4],
])('Express %s', (_, express) => {
  let quota: FakeQuota;
  let app: Application;
  let server: Server;
  let usage: UsageMiddleware;
  let port: number;
  let url: string;
  let sockets: Set<unknown>;

  beforeEach(async () => {
    quota = new FakeQuota();
    app = express();
    app.set('env', 'test');
    app.use(
      contextMiddleware({ identify: ({ headers }) => ({ tenantId: headers['x-tenant']?.toString() }) }),
    );
    server = app.listen(0, '127.0.0.1');
    const open = new Set<unknown>();
    sockets = open;
    server.on('connection', (socket) => {
      open.add(socket);
      socket.once('close', () => open.delete(socket));
    });
    await new Promise((resolve) => server.once('listening', resolve));
    port = (server.address() as AddressInfo).port;
    url = `http://127.0.0.1:${port}/usage`;
  });
  afterEach(async () => {
    await usage.close();
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  });

  const serve = (options?: UsageOptions) => {
    usage = usageMiddleware(quota, options);
    app.get('/usage', usage);
  };

  test('answers how the tenant of the context stands', async () => {
    serve();
    const response = await fetch(`${url}?tenantId=other`, { headers: { 'x-tenant': 'acme' } });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('vary')).toBe('Accept');
    expect(await response.json()).toMatchObject({ tenantId: 'acme', cost: { forecastUsd: '1.50' } });
  });

  test('without a tenant answers 401, whatever was asked', async () => {
    serve();
    expect((await fetch(`${url}?tenantId=acme`)).status).toBe(401);
    expect((await fetch(url, { headers: accept })).status).toBe(401);
    expect(quota.reads).toBe(0);
  });

  test('streams what changes', async () => {
    serve({ pollMs: 5 });
    const response = await fetch(url, { headers: { ...accept, 'x-tenant': 'acme' } });
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
    const events = readEvents(response.body);
    expect((await events.next()).value).toMatchObject({
      retry: '2000',
      id: expect.stringMatching(/^\d+$/),
      data: { tenantId: 'acme', limits: [{ used: 0 }] },
    });
    quota.used.set('acme', 3);
    expect((await events.next()).value).toMatchObject({ data: { limits: [{ used: 3 }] } });
    await usage.close();
    expect((await events.next()).done).toBe(true);
  });

  test('a thousand viewers share one read each time, and a client that goes leaves nothing', async () => {
    serve({ pollMs: 10 });
    const headers = { ...accept, 'x-tenant': 'acme' };
    const responses: IncomingMessage[] = [];
    const counts = new Map<IncomingMessage, number>();
    for (const _viewer of Array(1_000).keys()) {
      get({ port, host: '127.0.0.1', path: '/usage', headers, agent: false }, (response) => {
        responses.push(response);
        response.on('data', (chunk) => {
          const events = String(chunk).split('data: ').length - 1;
          counts.set(response, (counts.get(response) ?? 0) + events);
        });
        response.on('error', () => undefined);
      });
    }
    await until(() => responses.length === 1_000 && counts.size === 1_000);
    const [reads, startMs] = [quota.reads, performance.now()];
    quota.used.set('acme', 1);
    await until(() => [...counts.values()].every((count) => count >= 2));
    expect(quota.reads - reads).toBeLessThanOrEqual((performance.now() - startMs) / 10 + 2);
    for (const response of responses) response.destroy();
    await until(() => sockets.size === 0);
    // More than a thousand are not allowed: all places are free again.
    const next = await fetch(url, { headers });
    expect(next.status).toBe(200);
    await next.body?.cancel();
  });

  test('for a client that takes nothing no more than one event waits; at the end it is cut off', async () => {
    serve({ pollMs: 1, maxAgeMs: 2_500 });
    const usageOf = quota.usage.bind(quota);
    const bulk = 'x'.repeat(2 ** 20);
    quota.usage = async (tenantId) => {
      const report = await usageOf(tenantId);
      const resources = [{ name: `${bulk}${quota.reads}`, limit: 1 }];
      return { ...report, resources };
    };
    let waiting = 0;
    app.get('/slow', (_request, response, next) => {
      const write = response.write.bind(response) as (chunk: unknown) => boolean;
      response.write = ((chunk: unknown) => {
        const result = write(chunk);
        waiting = Math.max(waiting, response.writableLength);
        return result;
      }) as typeof response.write;
      next();
    });
    app.get('/slow', usage);
    const socket = connect(port, '127.0.0.1');
    socket.pause();
    socket.write('GET /slow HTTP/1.1\r\nHost: x\r\nX-Tenant: acme\r\nAccept: text/event-stream\r\n\r\n');
    await until(() => waiting > 0);
    await until(() => sockets.size === 0);
    // More than may wait, also where the machine has time for a few only.
    expect(quota.reads).toBeGreaterThan(3);
    expect(waiting).toBeLessThan(2.1 * 2 ** 20);
    socket.destroy();
  });

  test('more viewers than allowed are sent away', async () => {
    serve({ maxViewers: 1 });
    const headers = { ...accept, 'x-tenant': 'acme' };
    const first = await fetch(url, { headers });
    const second = await fetch(url, { headers });
    expect([second.status, second.headers.get('retry-after')]).toEqual([503, '5']);
    await first.body?.cancel();
  });

  test('a client that went before its first event is not watched for', async () => {
    serve();
    const asked = gate();
    const answer = gate();
    const usageOf = quota.usage.bind(quota);
    quota.usage = async (tenantId) => {
      asked.open();
      await answer.opened;
      return usageOf(tenantId);
    };
    const client = get(url, { headers: { ...accept, 'x-tenant': 'acme' } });
    client.on('error', () => undefined);
    await asked.opened;
    client.destroy();
    await until(() => sockets.size === 0);
    answer.open();
    await until(() => quota.reads === 1);
  });
});
