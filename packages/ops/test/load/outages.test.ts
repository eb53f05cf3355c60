import type { ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { selfSigned } from '@unite/shared/testing';
import { OpsError } from '../../src/errors';
import { runLoad } from '../../src/load';
import { loadInProcess } from './support/load-in-process';
import { startRawServer, startServer, startTlsServer, type TestServer } from './support/start-server';
import { undisturbed } from './support/undisturbed';
import { warmUp } from './support/warm-up';

const short = { users: 20, thinkMs: [20, 40], durationMs: 600, rampMs: 60, timeoutMs: 20_000 } as const;

beforeAll(warmUp);

let server: TestServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

describe('a target that is not there', () => {
  test.each(['127.0.0.1', 'localhost', '[::1]'])('is said before anybody comes: %s', async (host) => {
    const gone = await startServer(() => {});
    await gone.close();
    const error = await runLoad({ ...short, target: `http://${host}:${gone.port}` }).catch(
      (thrown: unknown) => thrown,
    );
    expect(OpsError.isInstance(error) && error.code).toBe('UNITE_OPS_LOAD_UNREACHABLE');
    expect((error as Error).message).toMatch(
      /^http:\/\/.+:\d+ does not answer: .*(ECONNREFUSED|EADDRNOTAVAIL|EAFNOSUPPORT)/,
    );
  });

  test('is said of TLS that it cannot do', async () => {
    server = await startServer(() => {});
    const target = server.url.replace('http:', 'https:');
    await expect(runLoad({ ...short, target })).rejects.toThrow(/^https:.* does not answer: /);
  });
});

describe('a target with TLS', () => {
  test('must be trusted', async () => {
    server = await startTlsServer((_, response) => void response.end('ok'));
    await expect(runLoad({ ...short, target: server.url })).rejects.toThrow(
      /^https:.* does not answer: self-signed certificate/,
    );
  });

  test('is loaded like any other', async () => {
    server = await startTlsServer((_, response) => void response.end('ok'));
    const report = await loadInProcess({ ...short, target: server.url }, selfSigned.cert);
    expect(report.outcomes).toEqual({ 200: report.total.requests });
    expect(report.total.requests).toBeGreaterThan(300);
    expect(server.connections()).toBe(21);
  });
});

describe('a target that stops answering', () => {
  test('is a stall with its place and length, and is in the percentiles', async () => {
    const report = await undisturbed(async () => {
      const held: ServerResponse[] = [];
      let begunAtMs: number | undefined;
      const isFrozen = () => {
        begunAtMs ??= performance.now();
        const sinceMs = performance.now() - begunAtMs;
        return sinceMs >= 500 && sinceMs < 1_000;
      };
      await server?.close();
      server = await startServer((_, response) => {
        if (begunAtMs === undefined) {
          void setTimeout(1_000).then(() => {
            for (const one of held) one.end();
          });
        }
        if (isFrozen()) held.push(response);
        else response.end();
      });
      const { url: target } = server;
      return await runLoad({ ...short, thinkMs: [100, 140], durationMs: 1_500, rampMs: 100, target });
    });
    expect(report.stalls).toHaveLength(1);
    // The first user comes 100 ms before the measured time.
    expect(Math.abs((report.stalls[0]?.atMs ?? 0) - 400)).toBeLessThan(200);
    expect(Math.abs((report.stalls[0]?.durationMs ?? 0) - 500)).toBeLessThan(200);
    // 20 users, four of whose requests were due in half a second.
    expect(report.stalls[0]?.waiting).toBeGreaterThan(40);
    expect(report.stalls[0]?.waiting).toBeLessThan(200);
    expect(report.total.errors).toBe(0);
    expect(report.total.latency.maxMs).toBeGreaterThan(300);
    // A third of all requests were due in the pause. Of those that were sent, each user's first alone was slow.
    expect(report.total.latency.p90Ms).toBeGreaterThan(200);
    expect(report.serviceTime.meanMs).toBeLessThan(report.total.latency.meanMs * 0.8);
  });

  test('is a timeout for each request that was due, none left out', async () => {
    const report = await undisturbed(async () => {
      await server?.close();
      server = await startServer((_, response) => {
        if (performance.now() < frozenAtMs) response.end();
      });
      const frozenAtMs = performance.now() + 400;
      return await runLoad({ ...short, timeoutMs: 600, target: server.url });
    });
    // 20 users at 30 ms for 600 ms.
    expect(report.total.requests).toBeGreaterThan(340);
    expect(report.total.requests).toBeLessThan(460);
    expect(report.outcomes.TIMEOUT).toBe(report.total.errors);
    expect(report.total.errors).toBeGreaterThan(100);
    expect(report.outcomes['200']).toBe(report.total.requests - report.total.errors);
    expect(report.total.latency.maxMs).toBeGreaterThan(600);
    expect(report.total.latency.maxMs).toBeLessThan(1_300);
    expect(report.stalls).toHaveLength(1);
    // Of the 200 ms before the end, and no more than were counted.
    expect(report.stalls[0]?.waiting).toBeGreaterThan(50);
    expect(report.stalls[0]?.waiting).toBeLessThanOrEqual(report.total.errors);
  });

  test('is waited for as long as one request may take, and no longer', async () => {
    server = await startServer(() => {});
    const begun = performance.now();
    const report = await runLoad({
      ...short,
      thinkMs: [0, 0],
      durationMs: 600,
      timeoutMs: 250,
      target: server.url,
    });
    expect(performance.now() - begun).toBeLessThan(10_000);
    expect(report.outcomes).toEqual({ TIMEOUT: report.total.requests });
    expect(report.total.requests).toBeGreaterThanOrEqual(20);
    expect(report.requestsPerSecond).toBe(0);
  });

  test('does not keep who ends the run waiting', async () => {
    const report = await undisturbed(async () => {
      const controller = new AbortController();
      await server?.close();
      server = await startServer(() => {
        count += 1;
        if (count === 1) void setTimeout(500).then(() => controller.abort());
      });
      let count = 0;
      return await runLoad({
        ...short,
        durationMs: 60_000,
        timeoutMs: 60_000,
        target: server.url,
        signal: controller.signal,
      });
    });
    expect(report.total.requests).toBe(0);
    expect(report.stalls).toEqual([{ atMs: 0, durationMs: expect.any(Number), waiting: expect.any(Number) }]);
    expect(report.stalls[0]?.waiting).toBeGreaterThan(100);
  });
});

describe('a target that takes no connection for long', () => {
  test('does not keep who ends the run waiting', async () => {
    // It hears of TLS, and says nothing.
    server = await startRawServer(() => {});
    const controller = new AbortController();
    void setTimeout(50).then(() => controller.abort());
    const begun = performance.now();
    const report = await runLoad({
      ...short,
      timeoutMs: 60_000,
      target: server.url.replace('http:', 'https:'),
      signal: controller.signal,
    });
    expect(report.durationMs).toBe(0);
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});

describe('a target that breaks', () => {
  test('is counted by what happened, and found again when it is back', async () => {
    const report = await undisturbed(async () => {
      await server?.close();
      const first = await startServer((_, response) => {
        count += 1;
        if (count === 200) void restart();
        response.end();
      });
      let count = 0;
      const restart = async () => {
        await first.close();
        await setTimeout(400);
        server = await startServer((_, response) => void response.end(), first.port);
      };
      return await runLoad({ ...short, durationMs: 1_500, target: first.url });
    });
    expect(report.outcomes.ECONNREFUSED).toBeGreaterThan(10);
    expect(report.outcomes['200']).toBeGreaterThan(300);
    expect(report.stalls).toHaveLength(1);
    expect(report.stalls[0]?.durationMs).toBeGreaterThan(300);
    expect(report.total.errors).toBe(report.total.requests - (report.outcomes['200'] ?? 0));
  });

  test('is not hammered while it refuses, however fast users are', async () => {
    const report = await undisturbed(async () => {
      let count = 0;
      const first = await startServer((_, response) => {
        count += 1;
        if (count === 100) void first.close();
        response.end();
      });
      return await runLoad({ ...short, thinkMs: [0, 0], durationMs: 1_500, target: first.url });
    });
    // 20 users, four times a second.
    expect(report.outcomes.ECONNREFUSED).toBeGreaterThan(20);
    expect(report.outcomes.ECONNREFUSED).toBeLessThan(130);
  });

  test('may cut off answers, reset, or talk nonsense', async () => {
    const answers = [
      'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf',
      'nonsense\r\n\r\n',
      'HTTP/1.1 101 Switching Protocols\r\nupgrade: other\r\nconnection: upgrade\r\n\r\n',
    ];
    let count = 0;
    server = await startRawServer((socket) => {
      count += 1;
      if (count % 4 === 3) socket.resetAndDestroy();
      else socket.end(answers[count % 4] ?? '');
    });
    // Far from what a busy machine takes: none of them is left hanging.
    const report = await runLoad({ ...short, timeoutMs: 20_000, target: server.url });
    expect(report.total.errors).toBe(report.total.requests);
    expect(Object.keys(report.outcomes).sort()).toEqual(['ECONNRESET', 'HTTPParserError']);
    expect(report.bytesReceived).toBe(0);
    // How soon it broke is nobody's latency.
    expect(report.total.latency.maxMs).toBe(0);
  });

  test('keeps at most 50 kinds of outcomes', async () => {
    let status = 400;
    server = await startServer((_, response) => {
      status = status === 499 ? 400 : status + 1;
      response.writeHead(status).end();
    });
    const { outcomes, total } = await runLoad({ ...short, target: server.url });
    expect(Object.keys(outcomes)).toHaveLength(50);
    expect(outcomes.other).toBeGreaterThan(50);
    expect(Object.values(outcomes).reduce((sum, count) => sum + count, 0)).toBe(total.requests);
  });
});

describe('a generator that is the limit', () => {
  test('says so', async () => {
    server = await startServer((_, response) => void response.end());
    // The server is in this process, so only what is late is looked at.
    const busy = setInterval(() => {
      const untilMs = performance.now() + 30;
      while (performance.now() < untilMs);
    }, 1);
    const open = await runLoad({
      ...short,
      users: 50,
      thinkMs: [300, 500],
      durationMs: 1_500,
      target: server.url,
    });
    const closed = await runLoad({ ...short, thinkMs: [0, 0], durationMs: 1_500, target: server.url });
    clearInterval(busy);
    for (const { warnings, generatorDelay } of [open, closed]) {
      expect(generatorDelay.p99Ms).toBeGreaterThan(15);
      expect(generatorDelay.maxMs).toBeGreaterThanOrEqual(generatorDelay.p99Ms);
      expect(warnings[0]).toMatch(
        /^the generator's CPU was the limit: its event loop was busy \d+ % of the time/,
      );
    }
  });
});
