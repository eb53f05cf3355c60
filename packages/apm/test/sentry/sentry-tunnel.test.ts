import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { parseEnvelope } from '@sentry/core';
import type { StackFrame } from '../../src/capture/capture-types';
import { type SentryTunnel, type SentryTunnelOptions, sentryTunnel } from '../../src/sentry';
import { type Receiver, startReceiver, status } from './support/receiver';
import { itemOf, type Spotlight, startSpotlight } from './support/spotlight';

let receiver: Receiver;
let spotlight: Spotlight;
const open: SentryTunnel[] = [];
beforeAll(async () => {
  [receiver, spotlight] = await Promise.all([startReceiver(), startSpotlight()]);
});
afterAll(async () => {
  spotlight.stop();
  await receiver.stop();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((tunnel) => tunnel.close({ timeoutMs: 0 })));
});

const dsn = 'https://abc@o1.ingest.sentry.io/1';
const eventId = 'e'.repeat(32);
const error = {
  event_id: eventId,
  exception: {
    values: [
      {
        type: 'TypeError',
        value: 'call with password=hunter2 failed',
        stacktrace: {
          frames: [{ filename: 'https://crm.example/a.js', function: 'x', lineno: 1, colno: 99 }],
        },
      },
    ],
  },
  request: { url: 'https://crm.example/?token=hunter2', headers: { Cookie: 'session=hunter2' } },
  breadcrumbs: [{ message: 'GET', data: { url: '/x?api_key=hunter2' } }],
  extra: { authorization: 'hunter2' },
};

function tunnelTo(options: Partial<SentryTunnelOptions> = {}): SentryTunnel {
  const tunnel = sentryTunnel({ dsn, url: `${receiver.origin}/stream`, ...options });
  open.push(tunnel);
  return tunnel;
}

const line = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
const post = (...lines: unknown[]) =>
  new Request('http://crm.example/api/sentry', { method: 'POST', body: lines.map(line).join('\n') });
const envelope = (type: string, payload: unknown, header: object = { dsn, event_id: eventId }) =>
  post(header, { type }, payload);

test('an error of a page arrives resolved and without its secrets', async () => {
  const resolved: StackFrame = {
    function: 'load',
    file: 'src/page.tsx',
    line: 7,
    column: 3,
    isInApp: true,
    source: { before: ['a'], line: 'b', after: ['c'] },
  };
  const tunnel = sentryTunnel({
    dsn: [dsn, spotlight.dsn],
    sourceMaps: { resolve: (frame) => (frame.column === 99 ? resolved : frame) },
    redact: (_, text) => text.replace('TypeError', 'TYPE'),
  });
  const frames = [
    ...(error.exception.values[0]?.stacktrace.frames ?? []),
    { filename: 'b.js', lineno: 1, colno: 1 },
  ];
  const values = [{ ...error.exception.values[0], stacktrace: { frames } }];
  const sent = { ...error, exception: { values } };
  expect(
    (
      await tunnel(
        envelope('event', sent, { dsn: spotlight.dsn, event_id: eventId, trace: { trace_id: 'x', more: 1 } }),
      )
    ).status,
  ).toBe(200);
  await tunnel.close();
  expect(tunnel.stats()).toEqual({ accepted: 1, sent: 1, queued: 0, dropped: {} });
  const [received] = await spotlight.items('event');
  expect(received).toMatchObject({ event_id: eventId });
  const text = JSON.stringify(received);
  expect(text).not.toContain('hunter2');
  expect(text).toContain('password=[redacted]');
  expect((received as unknown as typeof error).exception.values[0]).toMatchObject({
    type: 'TYPE',
    stacktrace: {
      frames: [
        {
          filename: 'src/page.tsx',
          function: 'load',
          lineno: 7,
          colno: 3,
          pre_context: ['a'],
          context_line: 'b',
          post_context: ['c'],
        },
        { filename: 'b.js', lineno: 1, colno: 1 },
      ],
    },
  });
});

test('feedback, sessions and replays pass; the recording as it is', async () => {
  const tunnel = tunnelTo();
  const before = receiver.bodies.length;
  expect((await tunnel(envelope('feedback', { contexts: { feedback: { message: 'x' } } }))).status).toBe(200);
  expect((await tunnel(envelope('session', { sid: 'a', status: 'ok' }))).status).toBe(200);
  const recording = '{"segment_id":0}\n[1,2]';
  const replay = post(
    { dsn, event_id: eventId },
    { type: 'replay_event', length: 9 },
    '{"a":"b"}',
    { type: 'replay_recording', length: recording.length },
    recording,
  );
  expect((await tunnel(replay)).status).toBe(200);
  await tunnel.close();
  const bodies = receiver.bodies.slice(before);
  expect(bodies).toHaveLength(3);
  const last = bodies.find((body) => body.includes('replay_recording')) ?? Buffer.alloc(0);
  const [header, items] = parseEnvelope(last);
  expect(header).toMatchObject({ event_id: eventId });
  expect(header).not.toHaveProperty('dsn');
  const [, [, bytes]] = items as unknown as [unknown, [unknown, Uint8Array]];
  expect(Buffer.from(bytes).toString()).toBe(recording);
});

test('what is not sent on is left out', async () => {
  const tunnel = tunnelTo();
  expect((await tunnel(envelope('client_report', {}))).status).toBe(200);
  expect((await tunnel(post({ dsn }))).status).toBe(200);
  const before = receiver.bodies.length;
  const two = post(
    { dsn, event_id: '../x' },
    { type: 'transaction' },
    {},
    { type: 'event' },
    { event_id: 'x' },
  );
  expect((await tunnel(two)).status).toBe(200);
  await tunnel.close();
  expect(receiver.bodies).toHaveLength(before + 1);
  expect(itemOf(receiver.bodies.at(-1) ?? Buffer.alloc(0))).toEqual({
    header: { event_id: expect.stringMatching(/^[\da-f]{32}$/), sent_at: expect.any(String) },
    payload: { event_id: 'x' },
  });
});

test.each<[string, () => Request, number]>([
  ['another project', () => envelope('event', error, { dsn: 'https://abc@o1.ingest.sentry.io/2' }), 400],
  ['another host', () => envelope('event', error, { dsn: 'http://abc@169.254.169.254/1' }), 400],
  ['a DSN that is a list', () => envelope('event', error, { dsn: [[dsn]] }), 400],
  ['no DSN', () => envelope('event', error, {}), 400],
  ['no header', () => post(null), 400],
  ['no JSON', () => post('{', '{'), 400],
  ['nothing', () => new Request('http://x/', { method: 'POST' }), 400],
  ['a list', () => envelope('event', [1]), 400],
  ['half an item', () => post({ dsn }, { type: 'event', length: 3 }, '{"a'), 400],
  [
    'many items',
    () =>
      post(
        { dsn },
        ...Array(11)
          .fill([{ type: 'event' }, {}])
          .flat(),
      ),
    400,
  ],
  ['too much', () => envelope('event', { text: 'x'.repeat(1_000) }), 413],
  [
    'too much, unannounced',
    () => {
      const body = new ReadableStream({
        pull: (controller) => controller.enqueue(new TextEncoder().encode('x'.repeat(400))),
      });
      return new Request('http://x/', { method: 'POST', body, duplex: 'half' } as RequestInit);
    },
    413,
  ],
  [
    'a body that breaks off',
    () => {
      const body = new ReadableStream({ pull: (controller) => controller.error(new Error('gone')) });
      return new Request('http://x/', { method: 'POST', body, duplex: 'half' } as RequestInit);
    },
    400,
  ],
])('%s is refused, and nothing is told', async (_, request, code) => {
  const tunnel = tunnelTo({ maxBytes: 1_000 });
  const before = receiver.requests.length;
  const response = await tunnel(request());
  const { status } = response;
  expect([status, await response.json()]).toEqual([
    code,
    { type: 'about:blank', title: expect.any(String), status: code },
  ]);
  await tunnel.close();
  expect(receiver.requests).toHaveLength(before);
});

test('deep and odd values do no harm', async () => {
  const tunnel = tunnelTo({
    sourceMaps: { resolve: (frame) => ({ ...frame, line: 2, function: undefined }) },
  });
  const odd = [null, 7, { stacktrace: { frames: [null, 7, {}, { filename: 'a', lineno: 1, colno: 1 }] } }];
  expect((await tunnel(envelope('event', { exception: { values: odd } }))).status).toBe(200);
  const deep = `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`;
  expect((await tunnel(envelope('event', deep))).status).toBe(200);
  expect((await tunnel(envelope('event', '{"__proto__":{"x":1},"exception":{"values":7}}'))).status).toBe(
    200,
  );
  await tunnel.close();
  expect(tunnel.stats()).toMatchObject({ sent: 3 });
  expect({}).not.toHaveProperty('x');
});

test('a flood is bounded, and so is what waits for the receiver', async () => {
  const tunnel = tunnelTo({ maxPerSecond: 3 });
  const answers = await Promise.all([1, 2, 3, 4, 5].map(() => tunnel(envelope('event', error))));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429]);
  expect(answers.at(-1)?.headers.get('retry-after')).toBe('1');

  const slow = await startReceiver(() => {});
  const full = tunnelTo({ maxPerSecond: 200, url: slow.origin });
  const codes = await Promise.all(
    Array.from({ length: 101 }, async () => (await full(envelope('event', error))).status),
  );
  expect(codes.filter((code) => code === 429)).toHaveLength(1);
  await full.close({ timeoutMs: 0 });
  expect(full.stats()).toEqual({
    accepted: 101,
    sent: 0,
    queued: 0,
    dropped: { 'queue-full': 1, closed: 100 },
  });
  await slow.stop();
  const huge = tunnelTo({ maxBytes: 10 * 2 ** 20, url: slow.origin });
  expect((await huge(envelope('event', { text: 'x '.repeat(3 * 2 ** 20) }))).status).toBe(413);
});

test('the receiver never shows through', async () => {
  receiver.behave(status(403, { 'x-secret': 'x' }));
  const tunnel = tunnelTo();
  const response = await tunnel(envelope('event', error));
  expect([response.status, [...response.headers.keys()]]).toEqual([200, ['cache-control']]);
});

test.each<[string, object]>([
  ['dsn', { dsn: 'https://abc:s3cr3t@/1' }],
  ['dsn', { dsn: [] }],
  ['dsn', { dsn: 7 }],
  ['dsn', { dsn: Array(21).fill(dsn) }],
  ['maxBytes', { maxBytes: 0 }],
  ['sourceMaps', { sourceMaps: 7 }],
])('a bad option "%s" is named', (name, options) => {
  const construct = () => sentryTunnel({ dsn, ...options });
  expect(construct).toThrow(TypeError);
  expect(construct).toThrow(`option "${name}"`);
  expect(construct).not.toThrow(/s3cr3t/);
});
