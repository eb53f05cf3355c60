import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { calmMs } from '@unite/shared/testing';
import { createExportPipeline, type OtlpOptions, otlp } from '../../src/exporters';
import { createOtlpGrpc } from '../../src/exporters/otlp-grpc';
import { selfSigned } from '../support/self-signed';
import { endedSpans } from '../support/spans';

const servers: Server[] = [];
const sockets = new Set<Socket>();
const written = jest.fn();
const unhandled = jest.fn();

beforeEach(() => {
  jest.spyOn(process.stdout, 'write').mockImplementation(written as never);
  jest.spyOn(process.stderr, 'write').mockImplementation(written as never);
  process.on('unhandledRejection', unhandled);
});
afterEach(async () => {
  jest.restoreAllMocks();
  process.off('unhandledRejection', unhandled);
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
  expect(unhandled).not.toHaveBeenCalled();
  expect(written).not.toHaveBeenCalled();
});

async function serve(answer: RequestListener, server: Server = createServer()): Promise<string> {
  servers.push(server);
  server.on('request', answer);
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Answers with these statuses in turn, the last one again and again. */
function answering(statuses: number[], headers: Record<string, string> = {}) {
  const seen: number[] = [];
  const listener: RequestListener = (request, response) => {
    request.resume().on('end', () => {
      seen.push(performance.now());
      const status = statuses[Math.min(seen.length, statuses.length) - 1] ?? 500;
      response.writeHead(status, headers).end(status === 200 ? '' : 'x-api-key: secret');
    });
  };
  return { seen, listener };
}

/** Sends two spans. */
async function send(options: OtlpOptions, timeoutMs = 5_000) {
  const headers = { 'x-api-key': 'secret' };
  const pipeline = createExportPipeline([otlp({ headers, ...options })], { timeoutMs });
  pipeline.push(endedSpans(2));
  const flushed = pipeline.flush(20_000);
  const tookMs = await calmMs(() => flushed);
  const report = await flushed;
  await pipeline.close(1_000);
  const [stats] = pipeline.stats();
  expect(JSON.stringify(stats)).not.toContain('secret');
  return { report, stats, tookMs };
}

describe('over HTTP', () => {
  it.each([
    [500, 'the receiver answered 500'],
    [401, 'the receiver answered 401'],
    [404, 'the receiver answered 404'],
  ])('a receiver that answers %d has refused', async (status, lastError) => {
    const { listener, seen } = answering([status]);
    const { report, stats } = await send({ url: `http://${await serve(listener)}` });
    expect(report).toEqual({ exported: 0, lost: 2, timedOut: false });
    expect(stats).toMatchObject({ exported: 0, failed: 2, queued: 0, lastError });
    expect(seen).toHaveLength(1);
  });

  it('503 is tried again', async () => {
    const { listener, seen } = answering([503, 200]);
    const { stats } = await send({ url: `http://${await serve(listener)}` });
    expect(stats).toMatchObject({ exported: 2, failed: 0 });
    expect(seen).toHaveLength(2);
  });

  it('429 is tried again when the receiver says so', async () => {
    const { listener, seen } = answering([429, 200], { 'retry-after': '1' });
    const { stats } = await send({ url: `http://${await serve(listener)}` });
    expect(stats).toMatchObject({ exported: 2, failed: 0 });
    expect((seen[1] ?? 0) - (seen[0] ?? 0)).toBeGreaterThanOrEqual(990);
  });

  it('429 with a time that is too far away fails at once', async () => {
    const { listener, seen } = answering([429], { 'retry-after': '3600' });
    const { stats, tookMs } = await send({ url: `http://${await serve(listener)}` });
    expect(stats).toMatchObject({
      failed: 2,
      lastError: 'the receiver answered 429',
    });
    expect(seen).toHaveLength(1);
    expect(tookMs).toBeLessThan(2_000);
  });

  it.each([
    ['in a minute', new Date(Date.now() + 60_000).toUTCString(), 1],
    ['at a time that is over', new Date(0).toUTCString(), 2],
    ['at a time that cannot be read', 'soon', 2],
  ])('503 with a date: %s', async (_, retryAfter, attempts) => {
    const { listener, seen } = answering([503, 200], { 'retry-after': retryAfter });
    await send({ url: `http://${await serve(listener)}` });
    expect(seen).toHaveLength(attempts);
  });

  it.each<[string, RequestListener | undefined, string]>([
    ['refuses', undefined, 'ECONNREFUSED'],
    [
      'answers 503',
      (request, response) => void request.resume().on('end', () => response.writeHead(503).end()),
      'the receiver answered 503',
    ],
    ['never answers', () => {}, 'closed before the receiver answered'],
  ])('closing while a receiver %s says why', async (_, listener, lastError) => {
    const url = listener ? `http://${await serve(listener)}` : 'http://127.0.0.1:1';
    const pipeline = createExportPipeline([otlp({ url })], { maxBatchSpans: 2 });
    pipeline.push(endedSpans(5));
    expect(await pipeline.close(1_500)).toEqual({ exported: 0, lost: 5, timedOut: true });
    expect(pipeline.stats()).toMatchObject([{ failed: 5, lastError: expect.stringContaining(lastError) }]);
  });

  it('so many requests wait, and no more', async () => {
    const exporter = otlp({ url: `http://${await serve(() => {})}` });
    const results: unknown[] = [];
    for (const span of endedSpans(9)) exporter.export([span], ({ error }) => results.push(error?.message));
    await new Promise((resolve) => setImmediate(resolve));
    expect(results).toEqual(['8 requests wait for the receiver already']);
    await exporter.shutdown();
  });

  it('a receiver that never answers fails in time', async () => {
    const { stats, tookMs } = await send({ url: `http://${await serve(() => {})}`, timeoutMs: 300 });
    expect(stats).toMatchObject({ failed: 2, lastError: 'the receiver did not answer within 300 ms' });
    expect(tookMs).toBeLessThan(2_000);
  });

  it('so does one that answers a byte now and then', async () => {
    const drip: RequestListener = (_, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('x'), 50);
      response.on('close', () => clearInterval(timer));
    };
    const { stats, tookMs } = await send({ url: `http://${await serve(drip)}`, timeoutMs: 300 });
    expect(stats).toMatchObject({ failed: 2, lastError: 'the receiver did not answer within 300 ms' });
    expect(tookMs).toBeLessThan(2_000);
  });

  it('and one whose connections end in the middle', async () => {
    // All is read before: the client would meet one of two errors, by chance.
    const reset: RequestListener = (request) => {
      request.resume().on('end', () => request.socket.resetAndDestroy());
    };
    const url = `http://${await serve(reset)}`;
    const { stats } = await send({ url, timeoutMs: 1_500 });
    expect(stats).toMatchObject({ failed: 2, lastError: expect.stringContaining('ECONNRESET') });
  });

  it.each([
    ['nobody listens', 'http://127.0.0.1:1', 'ECONNREFUSED'],
    ['a name with several addresses, and nobody listens', 'http://localhost:1', 'ECONNREFUSED'],
    ['no such host', 'http://collector.invalid:4318', 'collector.invalid'],
  ])('%s', async (_, url, lastError) => {
    const { stats } = await send({ url, timeoutMs: 1_500 });
    expect(stats).toMatchObject({ exported: 0, failed: 2, lastError: expect.stringContaining(lastError) });
  });

  it('a certificate that nobody vouches for', async () => {
    const { listener, seen } = answering([200]);
    const host = await serve(listener, createTlsServer(selfSigned('127.0.0.1')));
    const { stats } = await send({ url: `https://${host}` });
    expect(stats).toMatchObject({ failed: 2, lastError: expect.stringMatching(/certificate/) });
    expect(seen).toHaveLength(0);
  });

  it('a receiver that does not speak TLS', async () => {
    const { listener } = answering([200]);
    const { stats } = await send({ url: `https://${await serve(listener)}` });
    expect(stats).toMatchObject({ failed: 2, lastError: expect.stringMatching(/SSL|EPROTO/) });
  });

  describe('spans that a receiver rejects from a batch that it took', () => {
    // Field 1, partial_success: { rejected_spans = 1, error_message = "too old" }.
    const protobuf = Buffer.from([0x0a, 0x0b, 0x08, 0x01, 0x12, 0x07, ...Buffer.from('too old')]);
    const json = JSON.stringify({ partialSuccess: { rejectedSpans: '1', errorMessage: 'too old' } });

    it.each<[OtlpOptions['protocol'], string | Buffer]>([
      ['http/protobuf', protobuf],
      ['http/json', json],
    ])('have failed: %s', async (protocol, body) => {
      const answer: RequestListener = (request, response) => {
        request.resume().on('end', () => response.writeHead(200).end(body));
      };
      const { stats } = await send({ url: `http://${await serve(answer)}`, protocol });
      expect(stats).toMatchObject({
        exported: 1,
        failed: 1,
        lastError: 'the receiver refused 1 spans of a batch: too old',
      });
    });

    it.each([
      ['a count of 0 is a warning', JSON.stringify({ partialSuccess: { errorMessage: 'slow down' } }), 0],
      ['it may say no reason', JSON.stringify({ partialSuccess: { rejectedSpans: 2 } }), 2],
    ])('%s', async (_, body, failed) => {
      const answer: RequestListener = (request, response) => {
        request.resume().on('end', () => response.writeHead(200).end(body));
      };
      const { stats } = await send({ url: `http://${await serve(answer)}`, protocol: 'http/json' });
      expect(stats).toMatchObject({ exported: 2 - failed, failed });
    });

    it.each<[OtlpOptions['protocol'], string | undefined, string, string | undefined]>([
      ['http/protobuf', 'text/html; charset=utf-8', '<html>hello</html>', 'text/html'],
      ['http/protobuf', undefined, '<html>hello</html>', 'no content type'],
      ['http/json', undefined, '<html>hello</html>', 'no content type'],
      ['http/json', 'text/plain', 'hello', 'text/plain'],
      ['http/protobuf', 'application/json', '{}', undefined],
      ['http/json', 'application/json', 'null', undefined],
      ['http/protobuf', 'text/html', '', undefined],
    ])('%s, answered %s %j', async (protocol, type, body, named) => {
      const answer: RequestListener = (request, response) => {
        if (type) response.setHeader('content-type', type);
        request.resume().on('end', () => response.writeHead(200).end(body));
      };
      const { stats } = await send({ url: `http://${await serve(answer)}`, protocol });
      expect(stats).toMatchObject({
        failed: named ? 2 : 0,
        lastError: named
          ? `what answered 200 is no OTLP receiver: its answer (${named}) is not OTLP, so the address may be wrong`
          : undefined,
      });
    });

    it('an answer without end is not read to its end', async () => {
      const flood: RequestListener = (_, response) => {
        // Not at once: Node 26 calls back for a connection that is gone before it has told that it is.
        const write = (): unknown =>
          response.destroyed || response.write(Buffer.alloc(2 ** 20), () => setImmediate(write));
        response.writeHead(200).on('error', () => {});
        write();
      };
      const { stats } = await send({ url: `http://${await serve(flood)}` });
      expect(stats).toMatchObject({ failed: 2, lastError: expect.stringMatching(/more than 4194304 bytes/) });
    });
  });
});

describe('over gRPC', () => {
  it('nobody listens', async () => {
    // The first to use gRPC waits until it is loaded, which takes its time on a busy machine.
    const { stats } = await send({ url: 'http://127.0.0.1:1', protocol: 'grpc', timeoutMs: 1_000 }, 20_000);
    expect(stats).toMatchObject({ failed: 2, lastError: expect.stringMatching(/UNAVAILABLE|ECONNREFUSED/) });
  });

  it('a receiver that never answers fails in time', async () => {
    const url = `http://${await serve(() => {})}`;
    const { stats, tookMs } = await send({ url, protocol: 'grpc', timeoutMs: 300 });
    expect(stats).toMatchObject({
      failed: 2,
      lastError: expect.stringMatching(/DEADLINE_EXCEEDED|UNAVAILABLE/),
    });
    expect(tookMs).toBeLessThan(3_000);
  });

  it('a certificate that nobody vouches for', async () => {
    const { listener } = answering([200]);
    const host = await serve(listener, createTlsServer(selfSigned('localhost')));
    const url = `https://${host.replace('127.0.0.1', 'localhost')}`;
    const { stats } = await send({ url, protocol: 'grpc', timeoutMs: 1_000 });
    expect(stats).toMatchObject({ exported: 0, failed: 2, lastError: expect.any(String) });
  });

  it('without its package every batch fails, and the process is warned once', async () => {
    const warnings = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const settings = {
      url: 'http://127.0.0.1:1',
      protocol: 'grpc',
      headers: {},
      compression: 'gzip',
      timeoutMs: 1_000,
    } as const;
    const load = jest.fn(() => Promise.reject(new Error('Cannot find module')));
    const pipeline = createExportPipeline([createOtlpGrpc(settings, load), createOtlpGrpc(settings, load)], {
      maxBatchSpans: 1,
    });
    pipeline.push(endedSpans(2));
    await pipeline.close(2_000);
    const lastError = expect.stringMatching(
      /^otlp with protocol "grpc" needs the package @opentelemetry\/exporter-trace-otlp-grpc: npm install .*\(UNITE_TRACING_PACKAGE_MISSING\)$/,
    );
    expect(pipeline.stats()).toMatchObject([
      { failed: 2, lastError },
      { failed: 2, lastError },
    ]);
    expect(warnings.mock.calls).toEqual([
      [expect.any(String), { type: 'UniteWarning', code: 'UNITE_TRACING_PACKAGE_MISSING' }],
    ]);
  });

  it('can be closed before the first batch', async () => {
    const pipeline = createExportPipeline([otlp({ url: 'http://127.0.0.1:1', protocol: 'grpc' })]);
    expect(await pipeline.close(1_000)).toEqual({ exported: 0, lost: 0, timedOut: false });
  });
});
