import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { runLoad } from '../../src/load';
import type { LoadProgress } from '../../src/load/load-types';
import { startRawServer, startServer, type TestServer } from './support/start-server';
import { undisturbed } from './support/undisturbed';
import { warmUp } from './support/warm-up';

const short = { users: 10, thinkMs: [20, 40], durationMs: 400, rampMs: 60, timeoutMs: 20_000 } as const;

beforeAll(warmUp);

let server: TestServer;
afterEach(() => server.close());

describe('runLoad', () => {
  test('makes as many requests as users and think time say, each user on one connection', async () => {
    server = await startServer((_, response) => response.end('hello'));
    const target = `${server.url}/greeting?loud=1`;
    const report = await undisturbed(() => runLoad({ ...short, target }));
    // 10 users at 30 ms.
    expect(report.total.requests).toBeGreaterThan(105);
    expect(report.total.requests).toBeLessThan(160);
    expect(report.total.errors).toBe(0);
    expect(report.outcomes).toEqual({ 200: report.total.requests });
    expect(report.byRequest).toEqual([{ ...report.total, name: 'GET /greeting?loud=1' }]);
    expect(report.bytesReceived).toBe(report.total.requests * 5);
    expect(report.requestsPerSecond).toBeGreaterThan(100);
    expect(report.requestsPerSecond).toBeLessThan(400);
    expect(report).toMatchObject({ users: 10, thinkMs: [20, 40], durationMs: 400, verdict: [], kept: true });
    const connections = server.connections();
    await runLoad({ ...short, target });
    // And the one that only looked whether anybody is there.
    expect(server.connections() - connections).toBe(11);
  });

  test('sends again at once without think time', async () => {
    server = await startServer((_, response) => void setTimeout(() => response.end(), 20));
    const { url: target } = server;
    const report = await undisturbed(() => runLoad({ ...short, thinkMs: [0, 0], target }));
    // Each user more than once.
    expect(report.total.requests).toBeGreaterThan(20);
    expect(report.total.requests).toBeLessThanOrEqual(210);
    expect(report.total.latency.p50Ms).toBeGreaterThan(19);
    expect(Math.abs(report.total.latency.p50Ms - report.serviceTime.p50Ms)).toBeLessThan(5);
  });

  test('chooses kinds by weight, fills in who asks, and does the same for the same seed', async () => {
    const seen: string[] = [];
    server = await startServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        seen.push(
          `${request.method} ${request.url} ${request.headers['content-type'] ?? ''} ${request.headers.authorization} ${body}`,
        );
        response.statusCode = request.method === 'POST' ? 201 : 200;
        response.end();
      });
    });
    const run = async () => {
      seen.length = 0;
      const report = await runLoad({
        ...short,
        target: server.url,
        seed: 5,
        headers: { Authorization: 'common', 'x-all': '1' },
        requests: [
          { name: 'read', path: '/items/{user}?n={n}', weight: 3 },
          {
            name: 'write',
            method: 'POST',
            path: '/items',
            body: { by: '{user}', at: '{n}' },
            headers: { authorization: 'own {user}-{n}' },
          },
          { name: 'text', method: 'POST', path: '/text', body: 'as it is', weight: 0.0001 },
        ],
      });
      return { report, seen: [...seen].sort() };
    };
    const first = await run();
    const second = await run();
    const [read, write] = first.report.byRequest;
    expect((read?.requests ?? 0) / (write?.requests ?? 1)).toBeGreaterThan(2);
    expect((read?.requests ?? 0) / (write?.requests ?? 1)).toBeLessThan(4.5);
    expect(first.seen).toContain('GET /items/7?n=1  common ');
    expect(first.seen).toContainEqual(
      expect.stringMatching(/^POST \/items application\/json own (\d+)-(\d+) \{"by":"\1","at":"\2"\}$/),
    );
    // What was asked is the same but for the last moments, in which one run may be quicker.
    const common = second.seen.filter((line) => first.seen.includes(line));
    expect(common.length / first.seen.length).toBeGreaterThan(0.9);
    expect(second.report.seed).toBe(5);
  });

  test('counts what is unexpected as an error, and by its status', async () => {
    let count = 0;
    server = await startServer((_, response) => {
      count += 1;
      response.statusCode = count % 2 === 0 ? 503 : 302;
      response.end();
    });
    const report = await runLoad({ ...short, target: server.url });
    expect(report.outcomes['503']).toBe(report.total.errors);
    expect(report.total.errors).toBeGreaterThan(40);
    expect(report.outcomes['302']).toBe(report.total.requests - report.total.errors);
    const wanted = await runLoad({
      ...short,
      target: server.url,
      requests: [{ path: '/', expect: [302, 503] }],
    });
    expect(wanted.total.errors).toBe(0);
  });

  test('says of each objective whether it was kept', async () => {
    server = await startServer((_, response) => void setTimeout(() => response.end(), 15));
    const objectives = { p50Ms: 5, p95Ms: 5_000, p99Ms: 5_000, errorRate: 0, requestsPerSecond: 1e6 };
    const report = await runLoad({ ...short, target: server.url, objectives });
    expect(report.verdict.map(({ objective, kept }) => [objective, kept])).toEqual([
      ['p50 ≤ 5 ms', false],
      ['p95 ≤ 5000 ms', true],
      ['p99 ≤ 5000 ms', true],
      ['error rate ≤ 0', true],
      ['requests per second ≥ 1000000', false],
    ]);
    expect(report.verdict[0]?.measured).toBe(report.total.latency.p50Ms);
    expect(report.kept).toBe(false);
    expect((await runLoad({ ...short, target: server.url, objectives: { p95Ms: 5_000 } })).kept).toBe(true);
  });

  test('reads chunked bodies, large ones, and none', async () => {
    const large = Buffer.alloc(300_000);
    server = await startServer((request, response) => {
      if (request.url === '/large') response.end(large);
      else if (request.url === '/chunked') {
        response.write('one');
        setImmediate(() => response.end('three'));
      } else response.writeHead(204).end();
    });
    const each = async (request: { path: string; method?: string }) => {
      const { total, bytesReceived } = await runLoad({
        ...short,
        users: 5,
        target: server.url,
        requests: [request],
      });
      expect(total.errors).toBe(0);
      expect(total.requests).toBeGreaterThan(25);
      return bytesReceived / total.requests;
    };
    expect(await each({ path: '/large' })).toBe(300_000);
    expect(await each({ path: '/chunked' })).toBe(8);
    expect(await each({ path: '/nothing' })).toBe(0);
    const before = server.connections();
    expect(await each({ path: '/chunked', method: 'HEAD' })).toBe(0);
    expect(server.connections() - before).toBe(6);
  });

  test('takes answers that close the connection: HTTP/1.0, and keep-alive that ends', async () => {
    server = await startRawServer((socket) => socket.end('HTTP/1.0 200 OK\r\n\r\nold'));
    const old = await runLoad({ ...short, target: server.url });
    expect(old.total.errors).toBe(0);
    expect(old.bytesReceived).toBe(old.total.requests * 3);
    expect(server.connections()).toBeGreaterThan(old.total.requests);
    await server.close();

    server = await startServer((_, response) => void response.setHeader('connection', 'close').end('x'));
    expect((await runLoad({ ...short, target: server.url })).total.errors).toBe(0);
    await server.close();

    // Closed while nothing is under way: no request was lost.
    server = await startRawServer((socket) => {
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
    });
    const { url: target } = server;
    // Who comes again too soon sends on what is just being closed: with this seed each user's first pause is long, too.
    const rarely = { ...short, thinkMs: [600, 800], durationMs: 2_500, seed: 1_119 } as const;
    const idle = await undisturbed(() => runLoad({ ...rarely, target }));
    expect(idle.total.errors).toBe(0);
    expect(idle.total.requests).toBeGreaterThan(20);
  });

  test('takes the headers of an event stream for its answer, and leaves', async () => {
    let open = 0;
    server = await startServer((_, response) => {
      open += 1;
      response.once('close', () => {
        open -= 1;
      });
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
      response.write('data: 1\n\n');
    });
    const report = await runLoad({ ...short, target: server.url });
    expect(report.outcomes).toEqual({ 200: report.total.requests });
    expect(report.total.requests).toBeGreaterThan(100);
    const saturated = await runLoad({ ...short, thinkMs: [0, 0], target: server.url });
    expect(saturated.total.errors).toBe(0);
    while (open > 0) await new Promise(setImmediate);
  });

  test('is not misled by an informational answer', async () => {
    server = await startServer((_, response) => {
      response.writeEarlyHints({ link: '</style.css>; rel=preload' });
      response.end('ok');
    });
    const report = await runLoad({ ...short, target: server.url });
    expect(report.outcomes).toEqual({ 200: report.total.requests });
  });

  test('tells once a second how it stands', async () => {
    server = await startServer((_, response) => void response.writeHead(500).end());
    const heard: LoadProgress[] = [];
    const controller = new AbortController();
    await runLoad({
      ...short,
      durationMs: 60_000,
      rampMs: 2_500,
      target: server.url,
      signal: controller.signal,
      onProgress: (progress) => {
        heard.push(progress);
        if (progress.errors > 20) controller.abort();
      },
    });
    const [first, last] = [heard[0], heard.at(-1)];
    // Four are there after a second; a timer that comes late finds more.
    expect(first?.users).toBeGreaterThanOrEqual(4);
    expect(first?.users).toBeLessThan(10);
    expect(first?.elapsedMs).toBe(0);
    expect(first?.errors).toBe(0);
    expect(last?.users).toBe(10);
    expect(last?.elapsedMs).toBeGreaterThan(0);
    const errorsBefore = heard.at(-2)?.errors ?? 0;
    expect(last?.requestsPerSecond).toBeGreaterThanOrEqual((last?.errors ?? 0) - errorsBefore);
    expect(last?.p95Ms).toBeGreaterThan(0);
  });

  test('all users are there at once without a ramp', async () => {
    server = await startServer((_, response) => void response.end());
    const heard: number[] = [];
    await runLoad({
      ...short,
      rampMs: 0,
      durationMs: 1_100,
      target: server.url,
      onProgress: ({ users }) => heard.push(users),
    });
    expect(heard[0]).toBe(10);
  });

  test('ends with the error of whoever listens', async () => {
    server = await startServer((_, response) => void response.end());
    const onProgress = () => {
      throw new Error('of the listener');
    };
    await expect(runLoad({ ...short, durationMs: 5_000, target: server.url, onProgress })).rejects.toThrow(
      'of the listener',
    );
  });

  test('reports what it has when it is ended early', async () => {
    const controller = new AbortController();
    let answers = 0;
    server = await startServer((_, response) => {
      answers += 1;
      if (answers === 150) controller.abort();
      response.end();
    });
    const report = await runLoad({
      ...short,
      durationMs: 60_000,
      target: server.url,
      signal: controller.signal,
    });
    // 10 users at 30 ms: those of the ramp are not counted, nor those that were under way.
    expect(report.total.requests).toBeGreaterThan(100);
    expect(report.total.requests).toBeLessThanOrEqual(150);
    expect(report.total.errors).toBe(0);
    // So soon was it over, and not after a minute.
    expect(report.durationMs).toBeGreaterThan(250);
    expect(report.durationMs).toBeLessThan(30_000);
    const perSecond = report.total.requests / (report.durationMs / 1_000);
    expect(Math.abs(report.requestsPerSecond / perSecond - 1)).toBeLessThan(0.35);
  });

  test('has nothing to report when it is ended before it began', async () => {
    server = await startServer((_, response) => void response.end());
    const report = await runLoad({
      ...short,
      durationMs: 60_000,
      target: server.url,
      signal: AbortSignal.abort(),
      objectives: { p95Ms: 1, requestsPerSecond: 1 },
    });
    expect(report).toMatchObject({
      durationMs: 0,
      requestsPerSecond: 0,
      outcomes: {},
      stalls: [],
      kept: false,
    });
    expect(report.total.latency).toEqual({
      p50Ms: 0,
      p90Ms: 0,
      p95Ms: 0,
      p99Ms: 0,
      p999Ms: 0,
      maxMs: 0,
      meanMs: 0,
    });
    expect(report.verdict.map(({ kept }) => kept)).toEqual([false, false]);
    expect(report.warnings).toEqual(['nothing was measured: no request was due in the measured time']);
  });
});
