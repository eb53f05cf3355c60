import { createServer } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import { manualClock, settle } from '@unite/shared/testing';
import { type ProbeAnswer, startProbe } from '../../src/drill';
import { FailureCounts } from '../../src/drill/probe-log';
import { closeServers, listen } from '../support/local-server';

afterEach(closeServers);

/** Waits for the `times`-th call of `count`. */
function counter() {
  let counted = 0;
  let wake = () => {};
  return {
    count(): void {
      counted += 1;
      wake();
    },
    async reaches(times: number): Promise<void> {
      while (counted < times) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      await settle();
    },
  };
}

/** A server that answers as a test says, or never, and an `isGood` that counts what was read. */
async function server(statusNow: () => number | undefined) {
  const asked = counter();
  const answered = counter();
  const { port } = await listen((_, response) => {
    const status = statusNow();
    if (status !== undefined) response.writeHead(status).end('fine');
    asked.count();
  });
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    answered,
    isGood({ status }: ProbeAnswer): boolean {
      answered.count();
      return status < 400;
    },
  };
}

describe('a probe', () => {
  test('counts good answers and failures, and the longest outage', async () => {
    const clock = manualClock();
    let status = 200;
    const { url, answered, isGood } = await server(() => status);
    const probe = startProbe({ urls: `${url}/health`, everyMs: 1_000, isGood, clock });
    await answered.reaches(1);
    for (const [at, next] of [200, 503, 503, 302, 500].entries()) {
      status = next;
      await clock.advance(1_000);
      await answered.reaches(at + 2);
    }
    await clock.advance(500);
    const report = await probe.stop();
    expect(report).toMatchObject({
      durationMs: 5_500,
      asked: 6,
      failed: 3,
      missedTicks: 0,
      availability: 0.5,
      longestOutageMs: 2_000,
      failures: { 'status 503': 2, 'status 500': 1 },
      byUrl: [{ url: `${url}/health`, asked: 6, failed: 3 }],
    });
    expect(report.latency.maxMs).toBeGreaterThan(0);
    expect(await probe.stop()).toBe(report);
  });

  test('goes on asking while answers are late, and each of them fails by itself', async () => {
    const clock = manualClock();
    const { url, asked } = await server(() => undefined);
    const probe = startProbe({ urls: url, everyMs: 100, timeoutMs: 1_000, clock });
    await asked.reaches(1);
    for (let times = 2; times <= 5; times++) {
      await clock.advance(100);
      await asked.reaches(times);
    }
    const stopped = probe.stop();
    await settle();
    await clock.advance(1_000);
    expect(await stopped).toMatchObject({
      asked: 5,
      failed: 5,
      availability: 0,
      longestOutageMs: 400,
      failures: { 'time-out': 5 },
      latency: { maxMs: 0 },
    });
  });

  test('counts what it could not send itself as failed', async () => {
    let stoodStillMs = 0;
    const { url, answered, isGood } = await server(() => 200);
    const manual = manualClock();
    const clock = { ...manual, monotonicMs: () => manual.monotonicMs() + stoodStillMs };
    const probe = startProbe({ urls: url, everyMs: 1_000, isGood, clock });
    await answered.reaches(1);
    stoodStillMs = 3_500;
    await manual.advance(1_000);
    await answered.reaches(2);
    expect(await probe.stop()).toMatchObject({
      asked: 5,
      failed: 3,
      missedTicks: 3,
      failures: { 'not sent in time': 3 },
    });
  });

  test('tells URLs apart, and asks each on a connection of its own', async () => {
    const clock = manualClock();
    const sockets = new Set<unknown>();
    const { server: listening, port } = await listen((request, response) => {
      response.writeHead(request.url === '/bad' ? 500 : 200).end();
    });
    listening.on('connection', (socket) => sockets.add(socket));
    const url = `http://127.0.0.1:${port}`;
    const probe = startProbe({
      urls: [`${url}/good`, `${url}/bad`, `${url}/odd`],
      isGood: ({ url: asked, status, text }) => !asked.endsWith('/odd') && status === 200 && text === '',
      clock,
    });
    while (sockets.size < 3) await new Promise((resolve) => setImmediate(resolve));
    const report = await probe.stop();
    expect(report.byUrl.map(({ failed }) => failed)).toEqual([0, 1, 1]);
    expect(report).toMatchObject({
      asked: 3,
      failed: 2,
      failures: { 'status 500': 1, 'wrong answer (status 200)': 1 },
    });
  });

  test('names what a connection failed of, also after an answer has begun', async () => {
    const { server: listening, port } = await listen((_, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('x'.repeat(900));
      setImmediate(() => response.destroy());
    });
    const gone = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => gone.once('listening', resolve));
    const { port: gonePort } = gone.address() as { port: number };
    await new Promise((resolve) => gone.close(resolve));
    const probe = startProbe({ urls: [`http://127.0.0.1:${port}`, `http://127.0.0.1:${gonePort}`] });
    await new Promise((resolve) => listening.once('request', resolve));
    const { failures, asked } = await probe.stop();
    expect(asked).toBe(2);
    expect(Object.keys(failures).sort()).toEqual(['ECONNREFUSED', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH']);
  });

  test('that was stopped at once has shown nothing', async () => {
    const probe = startProbe({
      urls: 'http://127.0.0.1:1/',
      clock: { ...manualClock(), monotonicMs: () => 0 },
    });
    expect(await probe.stop()).toMatchObject({ availability: 0, longestOutageMs: 0 });
  });

  test('keeps at most twenty reasons', () => {
    const counts = new FailureCounts();
    for (let at = 0; at < 1_000; at++) counts.add(`reason ${at}`);
    expect(Object.keys(counts.counts())).toHaveLength(20);
    expect(counts.counts()['other reasons']).toBe(981);
  });
});

test.each([
  [{ urls: [] }, 'option "urls" must be a URL'],
  [{ urls: 'ftp://127.0.0.1/' }, 'option "urls" must be a URL'],
  [{ urls: 'http://user:secret@127.0.0.1/' }, 'without a password'],
  [{ urls: 'http://127.0.0.1/', everyMs: 1 }, 'option "everyMs" must be a number of milliseconds from 10'],
  [{ urls: 'http://127.0.0.1/', headers: { connection: 'x' } }, 'header "connection" cannot be set'],
])('%j is refused', (options, message) => {
  const start = () => startProbe(options as never);
  expect(start).toThrow(message);
  expect(start).not.toThrow('secret');
});
