import { channel } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type ManualClock, manualClock, settle } from '@unite/shared/testing';
import express from 'express';
import { createLifecycle } from '../../src';
import type { AuthorizeAnswer, DashboardOptions, ErrorEventLike, StreamFrame } from '../../src/dashboard';
import { dashboardMiddleware } from '../../src/express';
import { attachServer } from '../../src/http';
import { ask, listen } from '../support/local-server';
import { askDirectly, closeDashboards, dashboardOf } from './support/dashboards';
import { publishRequest } from './support/publish-request';

afterEach(closeDashboards);

function set(options: DashboardOptions = {}) {
  const clock = manualClock();
  const dashboard = dashboardOf({ authorize: () => true, clock, ...options });
  return { clock, dashboard, watch: () => watching(askDirectly(dashboard, '/stream')) };
}

/** Reads events one by one. */
async function watching(answer: Promise<Response>) {
  const reader = (await answer).body?.getReader() as ReadableStreamDefaultReader<Uint8Array>;
  await reader.read();
  return {
    reader,
    async event(): Promise<string> {
      return new TextDecoder().decode((await reader.read()).value);
    },
    async frame(): Promise<StreamFrame> {
      return JSON.parse((await this.event()).slice('event: frame\ndata: '.length)) as StreamFrame;
    },
    async isOver(): Promise<boolean> {
      for (;;) if ((await reader.read()).done) return true;
    },
  };
}

/** Seconds in which every frame is read. */
async function passed(seconds: number, clock: ManualClock, viewer: { event(): Promise<string> }) {
  for (let second = 0; second < seconds; second++) {
    await clock.advance(1_000);
    await viewer.event();
  }
}

it('says once a second what has happened since, and says it to all alike', async () => {
  const { clock, watch } = set();
  const [one, other] = [await watch(), await watch()];
  publishRequest({ url: '/contacts/1', status: 200 });
  publishRequest({ url: '/contacts/2', status: 503 });
  await clock.advance(1_000);
  const frame = await one.frame();
  expect(frame).toEqual(await other.frame());
  expect(frame).toMatchObject({
    pulse: { requests: 2, errors: 1, p50Ms: expect.any(Number) },
    requests: [
      { id: 2, route: '/contacts/*', status: 503 },
      { id: 1, status: 200 },
    ],
    skipped: 0,
    total: 2,
    versions: { requests: 2, drills: 0 },
    verdicts: [{ screen: 'requests', verdict: 'down', sentence: '1 of 2 failed in the last minute' }],
  });
  await clock.advance(1_000);
  expect(await one.frame()).toMatchObject({ pulse: { requests: 0, p50Ms: null }, requests: [], total: 2 });
});

it('a screen’s version counts up when it has something new, and not else', async () => {
  const events: ErrorEventLike[] = [];
  const errors = { events: () => events, deployments: () => [{ id: 'd1' }] };
  const drills = { list: () => ({ refusal: undefined, drills: [] }), start() {}, stop() {} };
  const traces = { trace: () => undefined, traces: () => [] };
  const { clock, watch } = set({ errors, drills, traces });
  const one = await watch();
  await clock.advance(1_000);
  const { versions: before } = await one.frame();
  await clock.advance(1_000);
  expect((await one.frame()).versions).toEqual({ ...before, drills: 2 });
  events.push({ id: 'e1', atMs: 0 } as ErrorEventLike);
  for (const name of ['unite:quota:health', 'unite:ops:health', 'unite:cache:state', 'unite:db-ha:change'])
    channel(name).publish({});
  await clock.advance(1_000);
  const { versions } = await one.frame();
  for (const name of ['errors', 'quota', 'now', 'cache', 'database'] as const)
    expect([name, versions[name]]).toEqual([name, Number(before[name]) + 1]);
  expect(versions).toMatchObject({ traces: before.traces, releases: before.releases, drills: 3 });
});

it('no timer runs while nobody watches', async () => {
  const { clock, watch, dashboard } = set();
  expect(clock.sleepers()).toBe(0);
  const one = await watch();
  await settle();
  expect(clock.sleepers()).toBe(1);
  await one.reader.cancel();
  expect([clock.sleepers(), dashboard.counts().viewers]).toEqual([0, 0]);
  await (await watch()).reader.cancel();
  expect(clock.sleepers()).toBe(0);
});

it('a frame has 8 kB at most, and says how many rows it left out', async () => {
  const { clock, watch } = set();
  const one = await watch();
  const route = `/${'<"\u2028ü'.repeat(100)}`;
  for (let index = 0; index < 600; index++) {
    publishRequest({ requestId: `r${index}`, url: '/' });
    channel('unite:apm:request').publish({
      requestId: `r${index}`,
      route: `GET ${route}`,
      tenantId: '\u0001'.repeat(500),
    });
  }
  await clock.advance(1_000);
  const event = await one.event();
  expect(Buffer.byteLength(event)).toBeLessThanOrEqual(8_192);
  const { requests, skipped, total } = JSON.parse(event.slice('event: frame\ndata: '.length)) as StreamFrame;
  expect([requests.length > 0, requests.length + skipped, total]).toEqual([true, 600, 600]);
});

it('no more than maxViewers watch', async () => {
  const { dashboard, watch } = set({ maxViewers: 2 });
  const one = await watch();
  await watch();
  const refused = await askDirectly(dashboard, '/stream');
  expect(refused.status).toBe(503);
  expect(await refused.json()).toMatchObject({ title: 'Too many viewers' });
  await one.reader.cancel();
  expect((await askDirectly(dashboard, '/stream')).status).toBe(200);
});

it('who does not read is dropped, and the others are not', async () => {
  const { clock, dashboard, watch } = set();
  const [idle, reading] = [await watch(), await watch()];
  for (let second = 0; dashboard.counts().dropped === 0; second++) {
    expect(second).toBeLessThan(100);
    await clock.advance(1_000);
    await reading.frame();
  }
  expect(dashboard.counts()).toMatchObject({ viewers: 1, dropped: 1 });
  await expect(idle.isOver()).rejects.toThrow('does not read');
});

describe('a stream', () => {
  it.each<[string, AuthorizeAnswer]>([
    ['who is signed out', false],
    ['who belongs to somebody else now', { tenantId: 'globex' }],
  ])('ends within a minute for %s', async (_, later) => {
    let answer: AuthorizeAnswer = { tenantId: 'acme' };
    const { clock, watch, dashboard } = set({ authorize: () => answer });
    const one = await watch();
    await passed(61, clock, one);
    expect(dashboard.counts().viewers).toBe(1);
    answer = later;
    for (let second = 0; dashboard.counts().viewers > 0; second++) {
      expect(second).toBeLessThan(60);
      await passed(1, clock, one);
    }
    expect(await one.isOver()).toBe(true);
    expect([dashboard.counts().viewers, clock.sleepers()]).toEqual([0, 0]);
  });

  it('of a tenant tells of its own requests alone', async () => {
    const { clock, watch } = set({ authorize: () => ({ tenantId: 'acme' }) });
    const one = await watch();
    for (const tenantId of ['acme', 'globex', 'globex', undefined])
      publishRequest({ requestId: `of-${tenantId}-${Math.random()}`, tenantId, url: `/t/${tenantId}` });
    await clock.advance(1_000);
    expect(await one.frame()).toMatchObject({
      requests: [{ route: '/t/acme', tenantId: 'acme' }],
      skipped: 0,
      total: 1,
      pulse: { requests: 4 },
    });
  });
});

it('a viewer who goes away, or never reads, leaves nothing behind over HTTP', async () => {
  const { clock, dashboard } = set();
  const app = express();
  app.use('/ops', dashboardMiddleware(dashboard));
  const { port } = await listen(app);
  const socket: Socket = connect(port, '127.0.0.1');
  socket.write('GET /ops/stream HTTP/1.1\r\nhost: localhost\r\n\r\n');
  await once(socket, 'data');
  expect(dashboard.counts().viewers).toBe(1);
  socket.destroy();
  while (dashboard.counts().viewers > 0) await settle();
  expect(clock.sleepers()).toBe(0);
});

it('streams end by themselves when the process drains', async () => {
  const { dashboard } = set();
  const lifecycle = createLifecycle({ drain: { readinessGraceMs: 0 }, onDrain: [dashboard] });
  const app = express();
  app.use('/ops', dashboardMiddleware(dashboard));
  const { port, server } = await listen(app);
  await attachServer(lifecycle, server, { signals: false });
  const answer = await fetch(`http://127.0.0.1:${port}/ops/stream`);
  const [report, text] = await Promise.all([lifecycle.close(), answer.text()]);
  expect(report).toMatchObject({ clean: true, lost: { streams: 0 } });
  expect(text).toContain('retry: 2000');
  await expect(ask(port, '/ops/stream')).rejects.toThrow();
});
