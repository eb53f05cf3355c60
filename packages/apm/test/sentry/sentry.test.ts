import { channel } from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { calmMs, type ManualClock, manualClock, settle } from '@unite/shared/testing';
import { sentry } from '../../src/sentry';
import type { Sink, SinkStats } from '../../src/sink-types';
import { errorEvent, host, service } from './support/events';
import { ok, type Receiver, startReceiver, status } from './support/receiver';
import { itemOf, type Spotlight, startSpotlight } from './support/spotlight';

const open: Sink[] = [];

/** The account holds at any time. */
function statsOf(sink: Sink): SinkStats {
  const stats = sink.stats();
  const dropped = Object.values(stats.dropped).reduce((sum, count) => sum + count, 0);
  expect(stats.sent + stats.queued + dropped).toBe(stats.accepted);
  return stats;
}

function started(options: Parameters<typeof sentry>[0], overHost: Partial<typeof host> = {}): Sink {
  const sink = sentry(options);
  sink.start?.({ ...host, ...overHost });
  open.push(sink);
  return sink;
}

afterEach(async () => {
  for (const sink of open.splice(0)) {
    await sink.close({ timeoutMs: 0 });
    statsOf(sink);
  }
});

describe('with the sidecar of Spotlight', () => {
  let spotlight: Spotlight;
  beforeAll(async () => {
    spotlight = await startSpotlight();
  });
  afterAll(() => spotlight.stop());

  test('an error arrives with its trace, its release, its deployment and its frames', async () => {
    const event = errorEvent();
    const sink = started({ dsn: spotlight.dsn });
    sink.error?.(event);
    await sink.flush({ timeoutMs: 15_000 });
    expect(statsOf(sink)).toEqual({ accepted: 1, sent: 1, queued: 0, dropped: {} });
    const [received, ...others] = await spotlight.items('event');
    expect(others).toEqual([]);
    expect(received).toMatchObject({
      event_id: event.id,
      timestamp: 1_732_622_400,
      platform: 'node',
      level: 'error',
      release: 'crm@1.2.3',
      environment: 'test',
      dist: 'deploy-7',
      server_name: 'instance-1',
      transaction: 'GET /api/contacts/[id]',
      user: { id: 'user-9' },
      fingerprint: ['contacts', 'load'],
      contexts: {
        trace: { trace_id: event.traceId, span_id: event.spanId },
        deployment: { id: 'deploy-7', commit: 'abc1234' },
      },
      tags: {
        feature: 'contacts',
        kind: 'request',
        service: 'crm',
        route: 'GET /api/contacts/[id]',
        requestId: 'request-1',
        tenant: 'acme',
        plan: 'pro',
        deployment: 'deploy-7',
        commit: 'abc1234',
      },
      extra: { tries: 2 },
    });
    const values = (received as unknown as { exception: { values: object[] } }).exception.values;
    expect(values).toMatchObject([
      { type: 'RangeError', mechanism: { type: 'chained', source: 'errors' } },
      { type: 'Error', mechanism: { type: 'chained', source: 'cause', data: { code: 'ECONNREFUSED' } } },
      {
        type: 'TypeError',
        value: 'no contact',
        mechanism: { type: 'unite.request', handled: false },
        stacktrace: {
          frames: [
            { filename: 'node:internal/x', lineno: 1, in_app: false },
            {
              function: 'load',
              filename: 'src/contacts.ts',
              lineno: 7,
              colno: 3,
              in_app: true,
              pre_context: ['before'],
              context_line: 'throw new TypeError()',
              post_context: ['after'],
            },
          ],
        },
      },
    ]);
    expect(values[0]).not.toHaveProperty('stacktrace');
  });

  test('what a person says is linked to the error, redacted', async () => {
    const sink = started({ dsn: spotlight.dsn, url: `${spotlight.origin}/stream` });
    sink.feedback?.({
      message: 'it broke, my password is hunter2',
      name: 'Ada',
      email: 'ada@example.com',
      eventId: 'a'.repeat(32),
      url: 'https://crm.example/contacts',
    });
    sink.feedback?.({ message: 'nice' });
    await sink.flush({ timeoutMs: 15_000 });
    expect(statsOf(sink).sent).toBe(2);
    const received = await spotlight.items('feedback');
    expect(received).toHaveLength(2);
    expect(received).toContainEqual(
      expect.objectContaining({
        release: 'crm@1.2.3',
        tags: { service: 'crm', deployment: 'deploy-7' },
        contexts: expect.objectContaining({
          feedback: {
            message: 'it broke, my password is [redacted]',
            source: 'sentry.javascript.unite',
            name: 'Ada',
            contact_email: 'ada@example.com',
            associated_event_id: 'a'.repeat(32),
            url: 'https://crm.example/contacts',
          },
        }),
      }),
    );
  });
});

describe('the smallest event', () => {
  test('says nothing that is not known', async () => {
    const receiver = await startReceiver();
    const sink = started({ dsn: receiver.dsn }, { service: { name: 'crm' } });
    sink.error?.(
      errorEvent({
        kind: 'browser',
        service: { name: 'crm' },
        fingerprint: undefined,
        route: undefined,
        requestId: undefined,
        tenantId: undefined,
        userId: undefined,
        plan: undefined,
        spanId: undefined,
        tags: {},
      }),
    );
    sink.feedback?.({ message: 'x' });
    await sink.flush({ timeoutMs: 15_000 });
    const [event, feedback] = receiver.bodies.map((body) => itemOf(body).payload);
    expect(event).toMatchObject({
      platform: 'javascript',
      tags: { kind: 'browser', service: 'crm' },
      contexts: { trace: { trace_id: '4bf92f3577b34da6a3ce929d0e0e4736', span_id: 'a3ce929d0e0e4736' } },
    });
    for (const name of [
      'release',
      'environment',
      'dist',
      'server_name',
      'transaction',
      'user',
      'fingerprint',
    ]) {
      expect(event).not.toHaveProperty(name);
    }
    expect(event?.contexts).not.toHaveProperty('deployment');
    expect(feedback?.tags).toEqual({ service: 'crm' });
    await receiver.stop();
  });
});

describe('with a receiver that fails', () => {
  let receiver: Receiver;
  let clock: ManualClock;
  beforeEach(async () => {
    receiver = await startReceiver();
    clock = manualClock(1_800_000_000_000);
  });
  afterEach(() => receiver.stop());

  /** The sink has made of the last answers what it makes of them. */
  async function until(holds: () => boolean): Promise<void> {
    while (!holds()) await settle();
  }

  test('the key goes to the endpoint of the project, the secret nowhere', async () => {
    const sink = started({ dsn: receiver.dsn });
    sink.error?.(errorEvent());
    await sink.flush({ timeoutMs: 15_000 });
    expect(receiver.requests[0]?.url).toMatch(/^\/api\/42\/envelope\/\?sentry_version=7&sentry_key=abc123&/);
    expect(receiver.requests[0]?.headers['content-type']).toBe('application/x-sentry-envelope');
    expect(JSON.stringify([receiver.bodies[0]?.toString(), receiver.requests[0]?.url])).not.toContain(
      's3cr3t',
    );
  });

  test.each([
    ['500', status(500)],
    ['408', status(408)],
    ['a reset', (response: Parameters<typeof ok>[0]) => void response.destroy()],
    ['429 without headers', status(429)],
    ['429 for no time', status(429, { 'retry-after': '0' })],
  ])('%s: it is sent again, one at a time, until it is taken', async (name, behaviour) => {
    receiver.behave(behaviour);
    const sink = started({ dsn: receiver.dsn }, { clock });
    sink.error?.(errorEvent());
    sink.error?.(errorEvent());
    await receiver.got(2);
    await until(() => clock.sleepers() === 1);
    expect(statsOf(sink)).toMatchObject({ sent: 0, queued: 2, dropped: {} });
    // Both were under way when the first failed; then one looks whether the receiver is back.
    await clock.advance(name === '429 without headers' ? 60_000 : 2_000);
    await receiver.got(3);
    await until(() => clock.sleepers() === 1);
    expect(receiver.bodies).toHaveLength(3);
    receiver.behave(ok);
    await clock.advance(60_000);
    await until(() => sink.stats().queued === 0);
    expect(statsOf(sink)).toMatchObject({ sent: 2, dropped: {} });
  });

  test('what failed for a quarter of an hour is dropped', async () => {
    receiver.behave(status(503));
    const sink = started({ dsn: receiver.dsn }, { clock });
    sink.error?.(errorEvent());
    await receiver.got(1);
    await until(() => clock.sleepers() === 1);
    await clock.advance(14 * 60_000);
    await receiver.got(2);
    await until(() => clock.sleepers() === 1);
    await clock.advance(60_000);
    await until(() => sink.stats().queued === 0);
    expect(statsOf(sink).dropped).toEqual({ unreachable: 1 });
  });

  test('limits are kept to, by category, and what finds the queue full meanwhile is counted as limited', async () => {
    receiver.behave(status(200, { 'x-sentry-rate-limits': '90:error:organization' }));
    const sink = started({ dsn: receiver.dsn, maxQueued: 2 }, { clock });
    sink.error?.(errorEvent());
    await until(() => sink.stats().sent === 1);
    sink.error?.(errorEvent());
    sink.feedback?.({ message: 'goes on' });
    await until(() => sink.stats().sent === 2);
    sink.error?.(errorEvent());
    sink.error?.(errorEvent());
    expect(statsOf(sink)).toMatchObject({ accepted: 5, sent: 2, queued: 2, dropped: { 'rate-limited': 1 } });
    await until(() => clock.sleepers() === 1);
    await clock.advance(89_000);
    await settle();
    expect(receiver.bodies).toHaveLength(2);
    receiver.behave(ok);
    await clock.advance(1_000);
    await until(() => sink.stats().sent === 4);
  });

  test('what waits for longer than its time is counted as limited', async () => {
    receiver.behave(status(429, { 'retry-after': '86400' }));
    const sink = started({ dsn: receiver.dsn }, { clock });
    sink.error?.(errorEvent());
    await receiver.got(1);
    await until(() => clock.sleepers() === 1);
    await clock.advance(15 * 60_000);
    await until(() => sink.stats().queued === 0);
    expect(statsOf(sink).dropped).toEqual({ 'rate-limited': 1 });
    expect(receiver.bodies).toHaveLength(1);
  });

  test.each([
    ['too-large', status(413)],
    ['refused', status(400)],
    ['refused', status(401)],
    ['refused', status(403)],
    ['refused', status(404)],
    ['refused', status(200, { 'content-type': 'text/html; charset=utf-8' })],
  ])('what is %s is not sent again', async (reason, behaviour) => {
    receiver.behave(behaviour);
    const sink = started({ dsn: receiver.dsn }, { clock });
    sink.error?.(errorEvent());
    await sink.flush({ timeoutMs: 15_000 });
    expect(statsOf(sink)).toMatchObject({ queued: 0, dropped: { [reason]: 1 } });
    expect(receiver.bodies).toHaveLength(1);
  });

  test('a redirection is not followed with the key', async () => {
    const other = await startReceiver();
    receiver.behave(status(307, { location: `${other.origin}/api/42/envelope/` }));
    const sink = started({ dsn: receiver.dsn });
    sink.error?.(errorEvent());
    await sink.flush({ timeoutMs: 15_000 });
    expect(statsOf(sink).dropped).toEqual({ refused: 1 });
    expect(other.requests).toEqual([]);
    await other.stop();
  });

  test('an answer without an end is taken at its word', async () => {
    receiver.behave((response) => {
      response.writeHead(200).write('x'.repeat(40_000));
    });
    const sink = started({ dsn: receiver.dsn });
    sink.error?.(errorEvent());
    await sink.flush({ timeoutMs: 15_000 });
    expect(statsOf(sink).sent).toBe(1);
  });

  test('one that speaks no HTTP is a failure', async () => {
    const garbage = createServer((socket) => void socket.on('error', () => {}).end('220 smtp ready\r\n'));
    garbage.listen(0, '127.0.0.1');
    await once(garbage, 'listening');
    const dsn = `http://abc@127.0.0.1:${(garbage.address() as AddressInfo).port}/1`;
    const sink = started({ dsn });
    sink.error?.(errorEvent());
    await sink.flush({ timeoutMs: 200 });
    expect(statsOf(sink)).toMatchObject({ queued: 1, dropped: {} });
    garbage.close();
  });

  test('one that does not answer is given up after its time, and does not hold up the end', async () => {
    receiver.behave(() => {});
    const sink = started({ dsn: receiver.dsn, timeoutMs: 50 });
    for (const _ of Array(6)) sink.error?.(errorEvent());
    await receiver.got(5);
    const tookMs = await calmMs(() => Promise.all([sink.close({ timeoutMs: 100 }), sink.close()]));
    expect(tookMs).toBeLessThan(2_000);
    expect(statsOf(sink)).toMatchObject({ queued: 0, dropped: { closed: 6 } });
    sink.error?.(errorEvent());
    await sink.flush({ timeoutMs: 15_000 });
    expect(statsOf(sink).dropped).toEqual({ closed: 7 });
  });

  test('the queue is bounded by count and bytes; what is fatal displaces another', async () => {
    receiver.behave(() => {});
    const sink = started({ dsn: receiver.dsn, maxQueued: 6 });
    for (const _ of Array(4)) sink.error?.(errorEvent());
    await receiver.got(4);
    for (const _ of Array(3)) sink.error?.(errorEvent());
    expect(statsOf(sink)).toMatchObject({ queued: 6, dropped: { 'queue-full': 1 } });
    for (const _ of Array(3)) sink.error?.(errorEvent({ level: 'fatal' }));
    expect(statsOf(sink)).toMatchObject({ queued: 6, dropped: { 'queue-full': 4 } });

    const small = started({ dsn: receiver.dsn, maxQueuedBytes: 5_000 });
    const big = { text: 'x'.repeat(2_000) };
    small.error?.(errorEvent({ extra: big }));
    small.error?.(errorEvent({ extra: big }));
    small.error?.(errorEvent({ extra: { text: 'x'.repeat(6_000) } }));
    expect(statsOf(small)).toMatchObject({ queued: 1, dropped: { 'queue-full': 1, 'too-large': 1 } });
  });

  test('a share of the errors is sent, the same by every process', async () => {
    const sink = started({ dsn: receiver.dsn, sampleRate: 0.5 });
    sink.error?.(errorEvent({ id: `7${'f'.repeat(31)}` }));
    sink.error?.(errorEvent({ id: `8${'0'.repeat(31)}` }));
    await sink.flush({ timeoutMs: 15_000 });
    expect(statsOf(sink)).toMatchObject({ accepted: 1, sent: 1 });
  });

  test('requests are made where OpenTelemetry makes no spans', async () => {
    const key = Symbol.for('opentelemetry.js.api.1');
    const root = { setValue: (name: symbol, value: unknown) => ({ [name]: value }) };
    const contexts: object[] = [];
    const manager = {
      active: () => root,
      with: (context: object, work: () => unknown) => {
        contexts.push(context);
        return work();
      },
    };
    Object.assign(globalThis, { [key]: { context: manager } });
    const sink = started({ dsn: receiver.dsn });
    sink.error?.(errorEvent());
    await sink.flush({ timeoutMs: 15_000 });
    Object.assign(globalThis, { [key]: undefined });
    expect(contexts).toEqual([{ [Symbol.for('OpenTelemetry SDK Context Key SUPPRESS_TRACING')]: true }]);
  });
});

test('a burst of a thousand is taken, and what finds the queue full costs no envelope', async () => {
  const receiver = await startReceiver();
  const sink = started({ dsn: receiver.dsn });
  for (const _ of Array(1_000)) sink.error?.(errorEvent());
  const costly = errorEvent();
  const read = jest.fn(() => costly.exceptions);
  sink.error?.(Object.defineProperty({ ...costly }, 'exceptions', { get: read }));
  expect(read).not.toHaveBeenCalled();
  expect(statsOf(sink)).toMatchObject({ queued: 1_000, dropped: { 'queue-full': 1 } });
  await sink.flush({ timeoutMs: 120_000 });
  expect(statsOf(sink).sent).toBe(1_000);
  await receiver.stop();
});

describe('a receiver that takes nothing is told of once, without the key,', () => {
  let warnings: { code: string; message: string }[] = [];
  const onWarning = (warning: unknown) => warnings.push(warning as (typeof warnings)[number]);
  let receiver: Receiver;
  beforeEach(async () => {
    warnings = [];
    Object.assign(globalThis, { [Symbol.for('unite.warned.1')]: undefined });
    channel('unite:warning').subscribe(onWarning);
    receiver = await startReceiver(status(500));
  });
  afterEach(async () => {
    channel('unite:warning').unsubscribe(onWarning);
    await receiver.stop();
  });
  const expectOne = () => {
    expect(warnings).toEqual([
      { code: 'UNITE_APM_SENTRY_UNREACHABLE', message: expect.stringContaining(new URL(receiver.dsn).host) },
    ]);
    expect(warnings[0]?.message).not.toMatch(/abc123|s3cr3t/);
  };

  test('after half a minute', async () => {
    const clock = manualClock(1_800_000_000_000);
    const sink = started({ dsn: receiver.dsn }, { clock });
    sink.error?.(errorEvent());
    await receiver.got(1);
    while (clock.sleepers() === 0) await settle();
    expect(warnings).toEqual([]);
    await clock.advance(30_000);
    await receiver.got(2);
    while (clock.sleepers() === 0) await settle();
    expectOne();
    receiver.behave(ok);
    await clock.advance(60_000);
    while (sink.stats().queued > 0) await settle();
  });

  test('after what it failed at is given up', async () => {
    const clock = manualClock(1_800_000_000_000);
    const sink = started({ dsn: receiver.dsn }, { clock });
    sink.error?.(errorEvent());
    await receiver.got(1);
    while (clock.sleepers() === 0) await settle();
    await clock.advance(15 * 60_000);
    while (sink.stats().queued > 0) await settle();
    expectOne();
  });

  test('at the end', async () => {
    const sink = started({ dsn: receiver.dsn });
    sink.error?.(errorEvent());
    await receiver.got(1);
    await sink.close({ timeoutMs: 300 });
    expectOne();
  });
});

test('a process that comes to its end gives what waits a moment, once, and not after the close', async () => {
  const others = process.listenerCount('beforeExit');
  const receiver = await startReceiver();
  const sink = started({ dsn: receiver.dsn });
  expect(process.listenerCount('beforeExit')).toBe(others + 1);
  sink.error?.(errorEvent());
  process.emit('beforeExit', 0);
  await receiver.got(1);
  expect(process.listenerCount('beforeExit')).toBe(others);
  const closed = started({ dsn: receiver.dsn });
  await closed.close();
  expect(process.listenerCount('beforeExit')).toBe(others);
  await receiver.stop();
});

test('before it is started it takes nothing', async () => {
  const sink = sentry({ dsn: 'https://abc@o1.ingest.sentry.io/1' });
  sink.error?.(errorEvent());
  sink.feedback?.({ message: 'x' });
  sink.crash?.();
  await sink.flush({ timeoutMs: 15_000 });
  await sink.close();
  expect(sink.stats()).toEqual({ accepted: 0, sent: 0, queued: 0, dropped: {} });
  expect(service.name).toBe('crm');
});

test.each([
  ['nonsense'],
  ['https://abc:s3cr3t@/1'],
  ['https://abc:s3cr3t@host/project'],
  ['ftp://abc:s3cr3t@host/1'],
  ['https://:s3cr3t@host/1'],
  [undefined],
  [7],
])('a DSN that is none (%s) is an error that does not show it', (dsn) => {
  const print = jest.spyOn(console, 'error');
  const construct = () => sentry({ dsn: dsn as string });
  expect(construct).toThrow(TypeError);
  expect(construct).toThrow(/^sentry: option "dsn" must be https:/);
  expect(construct).not.toThrow(/s3cr3t/);
  expect(print).not.toHaveBeenCalled();
  print.mockRestore();
});

test.each<[string, object]>([
  ['url', { url: 'https://user:secret@host/' }],
  ['url', { url: 'host' }],
  ['url', { url: 7 }],
  ['sampleRate', { sampleRate: 1.5 }],
  ['maxQueued', { maxQueued: 0 }],
  ['maxQueuedBytes', { maxQueuedBytes: 1.5 }],
  ['timeoutMs', { timeoutMs: -1 }],
  ['fetch', { fetch: 'fetch' }],
  ['other', { other: 1 }],
])('a bad option "%s" is named', (name, options) => {
  const construct = () => sentry({ dsn: 'https://abc@host/1', ...options });
  expect(construct).toThrow(TypeError);
  expect(construct).toThrow(`"${name}"`);
});
