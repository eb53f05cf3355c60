import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Finding } from '@unite/core';
import { type Apm, type ApmOptions, type Sink, type SinkStats, startApm } from '../../src';
import { prometheus } from '../../src/prometheus';
import { createEventStore } from '../../src/store';
import { type VerifyApmOptions, verifyApm } from '../../src/verify';

const service = { name: 'crm', release: 'v42', environment: 'test', deployment: { id: 'd-7' } };

let started: Apm[] = [];
afterEach(async () => {
  await Promise.all(started.map((apm) => apm.close()));
  started = [];
});

function start(options: Partial<ApmOptions> = {}): Apm {
  const apm = startApm({ service, crash: false, channels: false, ...options });
  started.push(apm);
  return apm;
}

/** A sink that accounts for errors as it is told to. */
function accounting(stats: (errors: number) => Partial<SinkStats>): Sink {
  let errors = 0;
  return {
    ...createEventStore(),
    name: 'told',
    error: () => {
      errors += 1;
    },
    stats: () => ({ accepted: errors, sent: 0, queued: 0, dropped: {}, ...stats(errors) }),
  };
}

async function verify(options: VerifyApmOptions): Promise<readonly Finding[]> {
  const notes: string[] = [];
  const signal = AbortSignal.timeout(1_000);
  return verifyApm(options).run({ nonce: 'a1b2', signal, note: (text) => void notes.push(text) });
}
const about = async (subject: string, options: VerifyApmOptions) =>
  (await verify(options)).filter((finding) => finding.subject === subject);

describe('sinks', () => {
  test('an error that was read back from its receiver is proven', async () => {
    const events = createEventStore();
    const apm = start({ sinks: [events] });
    let looks = 0;
    const store = async (nonce: string) => {
      looks += 1;
      return looks > 1 && events.events().some(({ tags }) => tags['unite.verify'] === nonce);
    };
    expect(await about('sink store', { apm, readBack: { store } })).toEqual([
      { subject: 'sink store', status: 'passed', detail: 'the error was read back from the receiver' },
    ]);
  });

  test('one that did not arrive is named', async () => {
    const apm = start({ sinks: [createEventStore()] });
    const [finding] = await about('sink store', { apm, readBack: { store: async () => false } });
    expect(finding).toMatchObject({
      status: 'failed',
      detail: 'the error was sent, and is not at the receiver',
    });
  });

  test('a name that no sink has is a failed finding', async () => {
    const apm = start({ sinks: [createEventStore()] });
    expect(await about('readBack sentri', { apm, readBack: { sentri: async () => true } })).toMatchObject([
      { status: 'failed', detail: 'no sink is named "sentri"; there are store' },
    ]);
  });

  test('one that never answers ends with the run', async () => {
    const apm = start({ sinks: [createEventStore()] });
    const store = () => new Promise<boolean>(() => undefined);
    expect(await about('sink store', { apm, readBack: { store } })).toMatchObject([{ status: 'failed' }]);
  });

  test.each([new Error('no key'), 'no key'])('one that cannot be asked is named: %p', async (reason) => {
    const apm = start({ sinks: [createEventStore()] });
    expect(
      await about('sink store', { apm, readBack: { store: () => Promise.reject(reason) } }),
    ).toMatchObject([{ status: 'failed', detail: 'the error was sent, and readBack failed: no key' }]);
  });

  test('one that was sent is believed where nobody says how to look', async () => {
    const apm = start({ sinks: [createEventStore()] });
    expect(await about('sink store', { apm })).toMatchObject([{ status: 'passed' }]);
  });

  test.each([
    ['refuses', { dropped: { refused: 1 } }, 'failed', 'dropped the error: refused'],
    ['is not reached', { dropped: { unreachable: 1 } }, 'failed', 'dropped the error: unreachable'],
    ['is slow', { queued: 1 }, 'failed', 'the error still waits'],
    ['takes none', {}, 'skipped', 'takes no errors'],
  ] as const)('a receiver that %s', async (_, stats, status, detail) => {
    const apm = start({ sinks: [accounting((errors) => (errors > 0 ? stats : {}))] });
    expect(await about('sink told', { apm })).toContainEqual(expect.objectContaining({ status, detail }));
  });

  test('a set-up without any is named', async () => {
    expect(await about('sinks', { apm: start() })).toMatchObject([{ status: 'failed' }]);
  });
});

describe('the set-up', () => {
  test('says what errors name', async () => {
    expect(await about('service', { apm: start() })).toEqual([
      { subject: 'service', status: 'passed', detail: 'errors name crm v42, deployment d-7' },
    ]);
    expect(await about('service', { apm: start({ service: { name: 'crm' } }) })).toMatchObject([
      {
        status: 'warned',
        detail: 'errors do not say service.release, service.environment, service.deployment.id',
      },
    ]);
  });

  test('tells of runs that were lost, and of what was dropped', async () => {
    const lostRun = {
      instanceId: 'i',
      processId: 7,
      startedAtMs: 0,
      seenAtMs: 1_000,
      release: undefined,
      unsentErrors: 0,
      reason: undefined,
    };
    const apm = start({ sinks: [accounting(() => ({ dropped: { 'queue-full': 3, refused: 0 } }))] });
    const integrity = () => ({ ...apm.integrity(), lostRuns: [lostRun] });
    const flush = async () => ({ sent: 0, lost: 0, timedOut: false });
    const looking = { service, integrity, flush, captureError: () => undefined };
    const findings = await verify({ apm: looking });
    expect(findings).toContainEqual(
      expect.objectContaining({
        subject: 'earlier run',
        detail:
          'process 7 ended without closing, last seen 1970-01-01T00:00:01.000Z: killed, out of memory or without power',
      }),
    );
    expect(findings).toContainEqual(
      expect.objectContaining({ subject: 'sink told', detail: 'has dropped 3 (queue-full)' }),
    );
  });
});

describe('metrics', () => {
  let server: Server;
  let answer: () => Promise<Response>;
  let url: string;
  beforeEach(async () => {
    server = createServer(async (_request, response) => {
      const given = await answer();
      response.writeHead(given.status, Object.fromEntries(given.headers)).end(await given.text());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
  });
  afterEach(async () => {
    const closed = once(server.close(), 'close');
    server.closeAllConnections();
    await closed;
  });

  test('are read as a Prometheus would', async () => {
    const metrics = prometheus();
    const apm = start({ sinks: [metrics] });
    answer = async () => new Response('# nothing yet\n');
    expect(await about('metrics', { apm, metrics: { url } })).toMatchObject([{ status: 'failed' }]);
    answer = () => metrics.metrics();
    expect(await about('metrics', { apm, metrics: { url } })).toMatchObject([{ status: 'warned' }]);
    apm.observe({ method: 'GET' }).end();
    expect(await about('metrics', { apm, metrics: { url } })).toMatchObject([
      { status: 'passed', measured: { series: expect.any(Number) } },
    ]);
  });

  test.each([
    ['text/html; charset=utf-8', '<h1>\nhello 5\n</h1>'],
    ['application/json', '{"up": true}'],
  ])('that are %s are none', async (type, text) => {
    answer = async () => new Response(text, { headers: { 'content-type': type } });
    expect(await about('metrics', { apm: start(), metrics: { url } })).toMatchObject([
      { status: 'failed', detail: `answers something else than metrics (${type})` },
    ]);
  });

  test('that cannot be read are named', async () => {
    const apm = start();
    answer = async () => new Response('no', { status: 403 });
    expect(await about('metrics', { apm, metrics: { url } })).toMatchObject([
      { status: 'failed', detail: 'answered 403' },
    ]);
    const nowhere = { url: 'http://127.0.0.1:1/metrics' };
    expect(await about('metrics', { apm, metrics: nowhere })).toMatchObject([
      { status: 'failed', detail: expect.stringContaining('cannot be read') },
    ]);
  });
});

test.each([
  ['no apm', {}, 'verifyApm: option "apm" must be what startApm returns, got undefined'],
  [
    'a readBack that is no function',
    { apm: { captureError: 1 }, readBack: { sentry: 5 } },
    'verifyApm: readBack: option "sentry" must be a function, got 5',
  ],
  [
    'a URL that is none',
    { apm: { captureError: 1 }, metrics: { url: 'metrics' } },
    'verifyApm: metrics: option "url" must be an absolute URL of http or https, got "metrics"',
  ],
])('%s is named', (_, options, message) => {
  expect(() => verifyApm(options as unknown as VerifyApmOptions)).toThrow(message);
});
