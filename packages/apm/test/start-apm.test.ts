import { afterEach, describe, expect, test } from '@jest/globals';
import { createContext, runWithContext } from '@unite/core/context';
import { manualClock } from '@unite/shared/testing';
import { type Apm, type ApmOptions, type MetricPoint, type Sink, startApm } from '../src';
import { slo } from '../src/slo';
import { createEventStore } from '../src/store';

const service = {
  name: 'crm',
  release: 'v42',
  environment: 'test',
  deployment: { id: 'd-7', commit: 'abc' },
};

let started: Apm[] = [];
afterEach(async () => {
  await Promise.all(started.map((apm) => apm.close()));
  started = [];
});

/** A set-up whose sink remembers, without listeners on the process. */
function start(options: Partial<ApmOptions> = {}) {
  const events = createEventStore();
  const points: MetricPoint[] = [];
  const sink: Sink = {
    name: 'points',
    metric: (point) => void points.push(point),
    stats: () => ({ accepted: points.length, sent: points.length, queued: 0, dropped: {} }),
    flush: async () => {},
    close: async () => {},
  };
  const apm = startApm({ service, sinks: [events, sink], crash: false, channels: false, ...options });
  started.push(apm);
  return { apm, events, points, of: (name: string) => points.filter(({ metric }) => metric.name === name) };
}

describe('one observation of a request', () => {
  test('feeds the histogram with its trace, the objectives and the report of its route', async () => {
    const clock = manualClock();
    const { apm, of } = start({ clock, slos: [slo('fast', { target: 0.99, underMs: 150 })] });
    const traceId = 'a'.repeat(32);
    await runWithContext(createContext({ route: 'GET /api/contacts/[id]', traceId }), async () => {
      const observation = apm.observe({ method: 'GET' });
      await clock.advance(100);
      observation.end({ status: 200 });
    });
    const [point] = of('http_server_request_duration_seconds');
    expect(point).toMatchObject({
      value: 0.1,
      labels: ['/api/contacts/[id]', 'GET', '200'],
      exemplar: { traceId },
    });
    expect(point?.metric.buckets).toContain(0.15);
    expect(apm.routes()).toMatchObject([{ route: 'GET /api/contacts/[id]', requests: 1, errors: 0 }]);
    expect(apm.slos()).toMatchObject([{ counts: { good: 1, total: 1 }, state: 'ok' }]);
  });

  test('leaves the id of its error, which knows release, deployment, route, tenant and trace', () => {
    const { apm, events, of } = start();
    const traceId = 'b'.repeat(32);
    const context = createContext({
      route: 'POST /api/x',
      tenantId: 'acme',
      userId: 'u1',
      plan: 'pro',
      traceId,
    });
    const id = runWithContext(context, () => {
      const observation = apm.observe({ method: 'POST' });
      observation.failed(new TypeError('boom'));
      observation.end();
      return apm.eventId();
    });
    expect(events.event(String(id))).toMatchObject({
      kind: 'request',
      isHandled: false,
      route: 'POST /api/x',
      tenantId: 'acme',
      userId: 'u1',
      plan: 'pro',
      traceId,
      requestId: context.requestId,
      service,
      exceptions: [{ type: 'TypeError', message: 'boom' }],
    });
    expect(apm.eventId()).toBeUndefined();
    expect(of('apm_errors_total')).toMatchObject([{ value: 1, labels: ['request', 'TypeError'] }]);
    expect(apm.integrity()).toMatchObject({ errors: { captured: { request: 1 } }, isComplete: true });
  });

  test('takes route and trace from the context of the host, whatever that does', () => {
    const traceId = 'c'.repeat(32);
    const { apm, of } = start({ context: () => createContext({ route: 'GET /host', traceId }) });
    apm.observe({ method: 'GET' }).end();
    const broken = () => {
      throw new Error('no context');
    };
    start({ context: broken }).apm.observe({ method: 'GET' }).end();
    expect(of('http_server_request_duration_seconds')).toMatchObject([
      { labels: ['/host', 'GET', '200'], exemplar: { traceId } },
    ]);
  });

  test('a client that went away is a status of its own, and no error', () => {
    const { apm, of } = start();
    apm.observe({ method: 'GET', route: '/slow' }).end({ isAborted: true });
    expect(of('http_server_request_duration_seconds')).toMatchObject([{ labels: ['/slow', 'GET', '499'] }]);
    expect(apm.routes()).toMatchObject([{ errors: 0 }]);
  });

  test('costs microseconds, and says how many', () => {
    const { apm } = start();
    expect(apm.budget().ownMicrosPerRequest).toBeUndefined();
    apm.observe({ method: 'GET' }).end();
    expect(apm.budget().ownMicrosPerRequest).toBeGreaterThan(0);
  });

  test('routes over the cap are one', () => {
    const { apm, of } = start({ limits: { maxRoutes: 1 } });
    apm.observe({ method: 'GET', route: '/a' }).end();
    apm.observe({ method: 'GET', route: '/b' }).end();
    expect(apm.routes().map(({ route }) => route)).toEqual(['GET /a', '__overflow__']);
    expect(of('http_server_request_duration_seconds').map(({ labels }) => labels[0])).toEqual([
      '/a',
      '__overflow__',
    ]);
  });
});

test('business metrics, declared or not', () => {
  const { apm, of } = start({
    metrics: { contacts_created: { kind: 'counter', help: 'Contacts that were made', labels: ['plan'] } },
  });
  apm.count('contacts_created', 2, { plan: 'pro' });
  apm.count('mails_sent');
  apm.gauge('queue_jobs', 3);
  apm.record('import_duration_seconds', 1.5);
  apm.record('import_duration_seconds', Number.NaN);
  expect(of('contacts_created')).toMatchObject([
    { value: 2, labels: ['pro'], metric: { help: 'Contacts that were made' } },
  ]);
  expect(of('mails_sent')).toMatchObject([{ value: 1 }]);
  expect(of('queue_jobs')).toMatchObject([{ value: 3 }]);
  expect(of('import_duration_seconds')).toMatchObject([{ value: 1.5 }]);
  expect(apm.integrity().metrics).toMatchObject({ invalid: 1 });
});

test('what is spent is told by route and tenant', () => {
  const { apm } = start();
  runWithContext(createContext({ route: 'POST /api/score', tenantId: 'acme' }), () => {
    apm.recordCost({ kind: 'geocoding', costNanoUsd: 5n });
    apm.recordAiUsage({ model: 'unknown', inputTokens: 1, outputTokens: 1 });
  });
  expect(apm.costs()).toMatchObject({ totalNanoUsd: 5n, unpriced: ['unknown'] });
  expect(apm.costs().rows).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        route: 'POST /api/score',
        tenantId: 'acme',
        release: 'v42',
        kind: 'geocoding',
      }),
    ]),
  );
});

test('sinks are told of the deployment at the start, and of others', () => {
  const { apm, events } = start();
  apm.deployed({ id: 'd-8' });
  expect(events.deployments()).toMatchObject([{ id: 'd-8' }, { id: 'd-7', commit: 'abc', release: 'v42' }]);
});

test('feedback goes to sinks that take it', () => {
  const said: unknown[] = [];
  const taker: Sink = {
    ...createEventStore(),
    name: 'taker',
    feedback: (feedback) => void said.push(feedback),
  };
  expect(start().apm.feedback({ message: 'lost' })).toBe(false);
  const { apm } = start({ sinks: [taker] });
  expect(apm.feedback({ message: 'It broke' })).toBe(true);
  expect(said).toEqual([{ message: 'It broke' }]);
});

test('a sink that breaks its word breaks nothing', async () => {
  const boom = () => {
    throw new Error('sink');
  };
  const broken = {
    name: 'broken',
    start: boom,
    error: boom,
    metric: boom,
    deployment: boom,
    stats: boom,
    flush: boom,
    close: boom,
  };
  const { apm, events } = start();
  const also = start({ sinks: [broken as never, events] }).apm;
  also.captureError(new Error('x'));
  also.count('mails_sent');
  expect(events.events()).toHaveLength(1);
  expect(await also.flush()).toEqual({ sent: 0, lost: 0, timedOut: false });
  await also.close();
  await apm.close();
});

test('what a sink throws on counts as refused, and what a budget has dropped as lost', async () => {
  const boom = () => {
    throw new Error('sink');
  };
  const { apm } = start({ sinks: [{ ...createEventStore(), error: boom, metric: boom, feedback: boom }] });
  apm.captureError(new Error('x'));
  apm.feedback({ message: 'x' });
  const [account] = apm.integrity().sinks;
  const refused = account?.dropped.refused ?? 0;
  expect(refused).toBeGreaterThanOrEqual(2);
  expect(account).toMatchObject({ accepted: refused, sent: 0, queued: 0 });
  expect(apm.integrity().isComplete).toBe(false);

  const pushing = { ...createEventStore(), sendsPoints: true, metric: () => {} };
  const spent = start({ sinks: [pushing], budget: { pointsPerDay: 1 } }).apm;
  for (const _ of Array(3)) spent.count('mails_sent');
  expect(spent.integrity().isComplete).toBe(false);
});

test('whatever is given at run time, nothing throws and nothing rejects', async () => {
  const { apm, of } = start();
  const { proxy: revoked, revoke } = Proxy.revocable({}, {});
  revoke();
  apm.observe(undefined as never).end(null as never);
  apm.count('contacts_lost', 1, revoked);
  apm.count('contacts_found', 1, null as never);
  apm.deployed(
    Object.defineProperty({ id: 'd' }, 'id', {
      enumerable: true,
      get: () => {
        throw new Error();
      },
    }),
  );
  expect(of('contacts_found')).toHaveLength(1);
  expect(apm.routes()).toMatchObject([{ route: '_OTHER unmatched' }]);
  await apm.flush(null as never);
  await apm.flush({ timeoutMs: Number.NaN });
  await apm.close(null as never);
});

test('closing is bounded, happens once, and says what was left', async () => {
  const clock = manualClock();
  const stuck: Sink = {
    name: 'stuck',
    error: () => {},
    stats: () => ({ accepted: 3, sent: 1, queued: 1, dropped: { 'rate-limited': 1 } }),
    flush: () => new Promise(() => {}),
    close: () => new Promise(() => {}),
  };
  const { apm } = start({ clock, sinks: [stuck] });
  const closing = apm.close({ timeoutMs: 50 });
  expect(apm.close()).toBe(closing);
  await clock.advance(50);
  expect(await closing).toEqual({ sent: 0, lost: 1, timedOut: true });
  expect(apm.captureError(new Error('late'))).toBeUndefined();
  expect(apm.feedback({ message: 'late' })).toBe(false);
  expect(apm.integrity()).toMatchObject({ isComplete: false });
  await using ended = start().apm;
  expect(ended.service.name).toBe('crm');
});

test('its own counters are metrics after each flush', async () => {
  const { apm, of } = start({ slos: [slo('errors', { target: 0.999 })] });
  apm.captureError(new Error('x'));
  apm.observe({ method: 'GET' }).end({ status: 500 });
  await apm.flush();
  await apm.flush();
  const accepted = of('apm_sink_accepted_total').filter(({ labels }) => labels[0] === 'store');
  expect(accepted.map(({ value }) => value)).toEqual([1, 0]);
  expect(of('slo_burn_rate').find(({ labels }) => labels[1] === '5m')?.value).toBeCloseTo(1_000);
  expect(of('apm_lost_runs').map(({ value }) => value)).toEqual([0, 0]);
});

test.each([
  ['no service', {}, 'startApm: option "service" must be an object, got undefined'],
  [
    'a service without a name',
    { service: {} },
    'startApm service: option "name" must be a non-empty string, got undefined',
  ],
  ['an unknown option', { service, sentry: 1 }, 'startApm: unknown option "sentry"'],
  [
    'a sink that is none',
    { service, sinks: [{}] },
    'startApm: option "sinks[0]" must be a sink, got an object',
  ],
  [
    'a deployment as @unite/tracing takes it',
    { service: { name: 'x', deployment: 'd-7' } },
    'startApm service: option "deployment" must be an object such as { id: "d-7" }, got "d-7"',
  ],
  [
    'an objective that is none',
    { service, slos: [{ name: 'fast', target: 99 }] },
    'startApm: slos[0] must be an objective made by slo(), got an object',
  ],
  [
    'two objectives of a name',
    { service, slos: [slo('fast', { target: 0.9 }), slo('fast', { target: 0.99 })] },
    'startApm: two objectives are called "fast"',
  ],
  [
    'two sinks of a name',
    { service, sinks: [createEventStore(), createEventStore()] },
    'startApm: option "sinks" has two sinks with the name "store"',
  ],
  [
    'a metric that is none',
    { service, metrics: { 'a-b': { kind: 'counter', help: 'x' } } },
    'startApm: option "metrics": "a-b" is none: its name must be letters, digits and _',
  ],
  [
    'a cap that is none',
    { service, limits: { maxSeries: 0 } },
    'startApm limits: option "maxSeries" must be a whole number above 0, got 0',
  ],
  [
    'prices that are none',
    { service, prices: {} },
    'startApm: option "prices" must be a price book, as definePrices makes one, got an object',
  ],
  [
    'a deployment without an id',
    { service: { name: 'x', deployment: {} } },
    'startApm service.deployment: option "id" must be a non-empty string, got undefined',
  ],
  [
    'a clock that is none',
    { service, clock: {} },
    'startApm: option "clock" must be a clock: wallMs, monotonicMs and sleep, got an object',
  ],
  [
    'a deployment without sense',
    { service: { name: 'x', deployment: { id: 7 } } },
    'startApm service.deployment: option "id" must be a non-empty string, got 7',
  ],
])('%s is named at the start', (_, options, message) => {
  expect(() => startApm(options as ApmOptions)).toThrow(message);
});

test.each([
  [{ flushMs: -1 }, 'option "flushMs" must be a number of milliseconds from 0 to 60000, got -1'],
  [{ flushMs: Number.NaN }, 'option "flushMs" must be a number of milliseconds from 0 to 60000, got NaN'],
  [{ flushMs: '5' }, 'option "flushMs" must be a number of milliseconds from 0 to 60000, got "5"'],
  [{ directory: '' }, 'option "directory" must be a non-empty string, got ""'],
  [{ dir: '/var' }, 'unknown option "dir"'],
])('startApm names what is wrong about a crash: %j', (crash, message) => {
  expect(() => startApm({ service: { name: 'crm' }, crash: crash as never })).toThrow(
    expect.objectContaining({
      name: 'TypeError',
      message: expect.stringContaining(`startApm crash: ${message}`),
    }),
  );
});
