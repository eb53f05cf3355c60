import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ExportResultCode } from '@opentelemetry/core';
import { type OtlpReceiver, startOtlpReceiver } from '@unite/services/otlp';
import { selfSigned } from '@unite/shared/testing';
import { otlp } from '../../src/exporters';
import { jaeger, verifyTracing } from '../../src/verify';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const nonce = 'a'.repeat(32);

describe('verifyTracing', () => {
  const notes: string[] = [];
  const run = (verifier: ReturnType<typeof verifyTracing>, signal = AbortSignal.timeout(60_000)) =>
    verifier.run({ nonce, signal, note: (text) => void notes.push(text) });

  /** What the receiver took, by trace. */
  const received = new Map<string, { name: string; attributes: Record<string, unknown> }[]>();
  let receiver: OtlpReceiver;
  beforeAll(async () => {
    receiver = await startOtlpReceiver({ onTrace: collect });
  });
  afterAll(() => receiver.close());

  const servers: Server[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map(closeServer));
  });
  const serve = async (listener: RequestListener, server = createServer()) => {
    servers.push(server.on('request', listener));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  };

  const receiverUrl = () => `${receiver.httpUrl}/v1/traces`;
  const readBack = async (id: string) => received.get(id)?.length ?? 0;

  it('sends a nonce, and reads it back from the receiver', async () => {
    const findings = await run(verifyTracing({ exporter: otlp({ url: receiverUrl() }), readBack }));
    expect(findings).toMatchObject([{ subject: 'exporter', status: 'passed', measured: { spans: 1 } }]);
    const spans = [...received.values()].flat();
    expect(JSON.stringify(spans)).toContain(nonce);
  });

  it('says that nobody looked', async () => {
    const [finding] = await run(verifyTracing({ exporter: otlp({ url: receiverUrl() }) }));
    expect(finding).toMatchObject({ status: 'warned', remedy: expect.stringContaining('jaeger(') });
  });

  it.each([
    ['nobody listens', async () => 'http://127.0.0.1:9/v1/traces', /ECONNREFUSED/, /Start the receiver/],
    [
      'the path is wrong',
      async () => `http://127.0.0.1:${await serve(answering(404))}/traces`,
      /404|Not Found/,
      /4318\/v1\/traces/,
    ],
    [
      'the certificate is nobody’s',
      async () => `https://127.0.0.1:${await serve(answering(200), createTlsServer(selfSigned))}/v1/traces`,
      /self.signed/i,
      /NODE_EXTRA_CA_CERTS/,
    ],
    [
      'the key is refused',
      async () => `http://127.0.0.1:${await serve(answering(401))}/v1/traces`,
      /401|Unauthorized/,
      /credentials/,
    ],
    [
      'it fails by itself',
      async () => `http://127.0.0.1:${await serve(answering(400))}/v1/traces`,
      /400|Bad Request/,
      /log of the receiver/,
    ],
  ])('names it where %s', async (_, url, reason, remedy) => {
    const [finding] = await run(verifyTracing({ exporter: otlp({ url: await url() }), readBack }));
    expect(finding).toMatchObject({ subject: 'exporter', status: 'failed' });
    expect(finding?.detail).toMatch(reason);
    expect(finding?.remedy).toMatch(remedy);
  });

  it('names an exporter that throws, that refuses without a word, and that never answers', async () => {
    const refusing = {
      export: (_: unknown, done: (result: { code: ExportResultCode }) => void) =>
        done({ code: ExportResultCode.FAILED }),
    };
    const stop = new AbortController();
    const exporters = [
      [{ export: () => fail('broken') }, /broken/],
      [refusing, /no reason was given/],
      [{ export: () => void setImmediate(() => stop.abort()) }, /no answer in time/],
    ] as const;
    for (const [exporter, detail] of exporters) {
      const whole = { shutdown: async () => {}, ...exporter };
      const [finding] = await run(verifyTracing({ exporter: whole }), stop.signal);
      expect(finding?.detail).toMatch(detail);
    }
  });

  it('names a receiver that loses what it takes, and one that cannot be asked', async () => {
    /** Is asked twice; then the time is up. */
    const askedTwice = (answer: () => number) => {
      const stop = new AbortController();
      let asks = 0;
      const readBack = async () => {
        asks += 1;
        if (asks === 2) stop.abort();
        return answer();
      };
      return run(verifyTracing({ exporter: otlp({ url: receiverUrl() }), readBack }), stop.signal);
    };
    expect(await askedTwice(() => 0)).toMatchObject([
      { status: 'failed', detail: expect.stringContaining('has 0 of at least 1 spans') },
    ]);
    expect(await askedTwice(() => fail('no route'))).toMatchObject([
      { status: 'failed', detail: 'the receiver cannot be asked: no route' },
    ]);
  });

  describe('of an application', () => {
    const traced: RequestListener = (_, response) => {
      response.setHeader('traceresponse', `00-${traceId}-b7ad6b7169203331-01`).end();
    };

    it('finds the trace of a request', async () => {
      const url = `http://127.0.0.1:${await serve(traced)}`;
      const asked: string[] = [];
      const app = { url, readBack: async (id: string) => asked.push(id) + 1 };
      expect(await run(verifyTracing({ app }))).toMatchObject([{ subject: 'application', status: 'passed' }]);
      expect(asked).toEqual([traceId]);
      expect(await run(verifyTracing({ app: { url } }))).toMatchObject([{ status: 'warned' }]);
    });

    it('names a route that is not traced, and an application that is away', async () => {
      const bare = `http://127.0.0.1:${await serve(answering(200))}`;
      expect(await run(verifyTracing({ app: { url: bare } }))).toMatchObject([
        { status: 'failed', remedy: expect.stringContaining('withTracing') },
      ]);
      // Closed, and one that fetch does not refuse by itself.
      const away = `http://127.0.0.1:${await serve(answering(200))}`;
      await new Promise((resolve) => servers.pop()?.close(resolve));
      expect(await run(verifyTracing({ app: { url: away } }))).toMatchObject([
        { status: 'failed', detail: expect.stringContaining('ECONNREFUSED') },
      ]);
    });
  });

  it('tells what the set-up of this process says', async () => {
    const finding = { subject: 'context', status: 'passed', detail: 'fine' } as const;
    expect(await run(verifyTracing({ tracing: { check: () => [finding] } }))).toEqual([finding]);
  });

  it.each([
    [{}, /one of the options/],
    [{ exporter: {} }, /"exporter" must be an exporter/],
    [{ app: { url: 'here' } }, /"url" must be an absolute URL/],
    [{ reader: 1 }, /unknown option "reader"/],
  ])('refuses %j', (options, message) => {
    expect(() => verifyTracing(options as never)).toThrow(message);
  });

  describe('jaeger', () => {
    // A stub of its query API: there is no Jaeger here.
    it('counts the spans of a trace, knows what is not there yet, and rejects what fails', async () => {
      const answers: Record<string, [number, string]> = {
        [`/api/traces/${traceId}`]: [200, JSON.stringify({ data: [{ spans: [{}, {}] }] })],
        '/api/traces/empty': [200, '{}'],
        '/api/traces/broken': [500, ''],
      };
      const port = await serve((request, response) => {
        const [status, body] = answers[request.url ?? ''] ?? [404, ''];
        response.writeHead(status).end(body);
      });
      const ask = jaeger({ url: `http://127.0.0.1:${port}` });
      const { signal } = new AbortController();
      expect(await ask(traceId, signal)).toBe(2);
      expect(await ask('empty', signal)).toBe(0);
      expect(await ask('unknown', signal)).toBe(0);
      await expect(ask('broken', signal)).rejects.toThrow('Jaeger answered 500');
      expect(() => jaeger({ url: 'nowhere' })).toThrow(/"url" must be an absolute URL/);
    });
  });

  function collect(trace: object) {
    for (const { scopeSpans = [] } of (trace as { resourceSpans?: readonly ResourceSpans[] }).resourceSpans ??
      []) {
      for (const span of scopeSpans.flatMap(({ spans }) => spans)) {
        const id = Buffer.from(span.traceId).toString('hex');
        received.set(id, [...(received.get(id) ?? []), span]);
      }
    }
  }
});

interface ResourceSpans {
  readonly scopeSpans?: readonly { readonly spans: readonly ReceivedSpan[] }[];
}

interface ReceivedSpan {
  readonly traceId: Uint8Array;
  readonly name: string;
  readonly attributes: Record<string, unknown>;
}

/** What a client keeps open would be waited for, some seconds. */
async function closeServer(server: Server): Promise<void> {
  const closed = once(server.close(), 'close');
  server.closeAllConnections();
  await closed;
}

function answering(status: number): RequestListener {
  return (request, response) => {
    request.resume();
    response.writeHead(status).end();
  };
}

function fail(message: string): never {
  throw new Error(message);
}
