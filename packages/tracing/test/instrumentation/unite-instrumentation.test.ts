import diagnostics from 'node:diagnostics_channel';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import {
  AsyncHooksContextManager,
  AsyncLocalStorageContextManager,
} from '@opentelemetry/context-async-hooks';
import { suppressTracing } from '@opentelemetry/core';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { observe, openTracingChannel } from '@unite/shared';
import { UniteInstrumentation, type UniteInstrumentationOptions } from '../../src/instrumentation';

let exporter: InMemorySpanExporter;
let provider: BasicTracerProvider;
let used: UniteInstrumentation[];
beforeEach(() => {
  exporter = new InMemorySpanExporter();
  provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  used = [];
});
afterEach(() => {
  for (const one of used) one.disable();
  context.disable();
  trace.disable();
});

function start(options?: UniteInstrumentationOptions): UniteInstrumentation {
  const instrumentation = new UniteInstrumentation(options);
  used.push(instrumentation);
  instrumentation.setTracerProvider(provider);
  return instrumentation;
}

/** As the packages do it: nothing where nobody listens. */
function publish<Result>(
  name: string,
  message: Record<string, unknown>,
  work: (message: Record<string, unknown>) => Promise<Result>,
): Promise<Result> {
  const channel = openTracingChannel(name);
  return channel?.start.hasSubscribers ? observe(channel, message, work) : work(message);
}

const contacts = () => ({ cache: 'crm', definition: 'contacts' });
const get = <Result>(work: (message: Record<string, unknown>) => Promise<Result>) =>
  publish('unite:cache:get', contacts(), work);
const inSpan = <Result>(name: string, work: () => Result): Result =>
  provider.getTracer('test').startActiveSpan(name, (span) => {
    const result = work();
    Promise.resolve(result).then(
      () => span.end(),
      () => span.end(),
    );
    return result;
  });
const spanOf = (name: string): ReadableSpan => {
  const span = exporter.getFinishedSpans().find((one) => one.name === name);
  if (!span) throw new Error(`no span ${name}`);
  return span;
};
const parentOf = (name: string) =>
  exporter
    .getFinishedSpans()
    .find((one) => one.spanContext().spanId === spanOf(name).parentSpanContext?.spanId)?.name;
const names = () =>
  exporter
    .getFinishedSpans()
    .map(({ name }) => name)
    .sort();

describe('spans', () => {
  test('what an operation does is inside its span, also behind its awaits, and what follows is not', async () => {
    start();
    await inSpan('request', async () => {
      await get(async () => {
        await setImmediate();
        await inSpan('inside', () => sleep(1));
      });
      await inSpan('after', async () => undefined);
    });
    await setImmediate();
    expect(parentOf('inside')).toBe('cache get contacts');
    expect([parentOf('cache get contacts'), parentOf('after')]).toEqual(['request', 'request']);
  });

  test('two at a time keep apart', async () => {
    start();
    await inSpan('request', () =>
      Promise.all(
        ['one', 'two'].map((definition) =>
          publish('unite:cache:get', { cache: 'crm', definition }, async () => {
            await setImmediate();
            await inSpan(`in ${definition}`, async () => setImmediate());
          }),
        ),
      ),
    );
    expect([parentOf('in one'), parentOf('in two')]).toEqual(['cache get one', 'cache get two']);
  });

  test.each([
    [
      'unite:cache:get',
      contacts(),
      { layer: 'memory', joined: true },
      'cache get contacts',
      {
        'unite.cache.name': 'crm',
        'unite.cache.definition': 'contacts',
        'unite.cache.layer': 'memory',
        'unite.cache.joined': true,
      },
    ],
    [
      'unite:cache:load',
      { ...contacts(), reason: 'miss' },
      {},
      'cache load contacts',
      { 'unite.cache.name': 'crm', 'unite.cache.definition': 'contacts', 'unite.cache.load.reason': 'miss' },
    ],
    [
      'unite:cache:invalidate',
      { cache: 'crm', names: 3 },
      { acknowledged: false },
      'cache invalidate crm',
      { 'unite.cache.name': 'crm', 'unite.cache.names': 3, 'unite.cache.acknowledged': false },
    ],
    [
      'unite:db-ha:query',
      { cluster: 'crm', kind: 'read', statement: 'SELECT contacts' },
      { node: 'replica_1', role: 'replica' },
      'db-ha read',
      {
        'unite.db_ha.cluster': 'crm',
        'unite.db_ha.kind': 'read',
        'db.query.summary': 'SELECT contacts',
        'unite.db_ha.node': 'replica_1',
        'unite.db_ha.role': 'replica',
      },
    ],
    [
      'unite:db-ha:transaction',
      { cluster: 'crm', isIdempotent: true },
      {},
      'db-ha transaction',
      { 'unite.db_ha.cluster': 'crm', 'unite.db_ha.idempotent': true },
    ],
    ...(['check', 'reserve'] as const).map(
      (operation) =>
        [
          `unite:quota:${operation}`,
          { quota: 'crm' },
          { plan: 'free', allowed: false, state: 'blocked', violated: ['apiCallsPerDay'], by: 'store' },
          `quota ${operation}`,
          {
            'unite.quota.name': 'crm',
            'unite.quota.plan': 'free',
            'unite.quota.allowed': false,
            'unite.quota.state': 'blocked',
            'unite.quota.violated': ['apiCallsPerDay'],
            'unite.quota.by': 'store',
          },
        ] as const,
    ),
    [
      'unite:quota:settle',
      { quota: 'crm', as: 'commit' },
      { isLate: true },
      'quota settle',
      { 'unite.quota.name': 'crm', 'unite.quota.as': 'commit', 'unite.quota.late': true },
    ],
    [
      'unite:ops:check',
      { check: 'database' },
      { status: 'up' },
      'ops check database',
      { 'unite.ops.check': 'database', 'unite.ops.status': 'up' },
    ],
    ['unite:ops:shutdown', { reason: 'SIGTERM' }, {}, 'ops shutdown', { 'unite.ops.reason': 'SIGTERM' }],
  ])('%s', async (channel, before, after, name, attributes) => {
    start();
    await inSpan('request', () =>
      publish(channel, { ...before }, async (message) => Object.assign(message, after)),
    );
    expect(spanOf(name).attributes).toEqual(attributes);
    expect(spanOf(name).status.code).toBe(SpanStatusCode.UNSET);
    expect(parentOf(name)).toBe('request');
  });

  test('outside of a trace there are none, except for the end of the process', async () => {
    start();
    await get(async () => inSpan('job', async () => undefined));
    await publish('unite:ops:shutdown', { reason: 'SIGTERM' }, async () => undefined);
    expect(names()).toEqual(['job', 'ops shutdown']);
    expect(parentOf('job')).toBeUndefined();
  });

  test('may start traces where that is asked for', async () => {
    start({ roots: true });
    await get(async () => inSpan('inside', async () => undefined));
    expect(parentOf('inside')).toBe('cache get contacts');
  });

  test('are none where tracing is suppressed, and the active one stays', async () => {
    const instrumentation = start({ roots: true });
    await inSpan('request', () => {
      const active = trace.getActiveSpan();
      return context.with(suppressTracing(context.active()), () =>
        get(async () => expect(trace.getActiveSpan()).toBe(active)),
      );
    });
    expect(names()).toEqual(['request']);
    expect(instrumentation.stats().spans).toBe(0);
  });
});

describe('failures', () => {
  const failed = (name: string) => {
    const { status, attributes, events } = spanOf(name);
    return [status, attributes['error.type'], events.map((event) => event.attributes?.['exception.message'])];
  };

  test('stand on the span with their code, and reach the caller as they were', async () => {
    start();
    const error = Object.assign(new Error('no "Zoe"'), { code: 'E_GONE' });
    await expect(inSpan('request', () => get(() => Promise.reject(error)))).rejects.toBe(error);
    expect(failed('cache get contacts')).toEqual([
      { code: SpanStatusCode.ERROR, message: 'no "?"' },
      'E_GONE',
      ['no "?"'],
    ]);
  });

  test.each([[undefined], ['text'], [null]])('may be anything: %p', async (thrown) => {
    start();
    await expect(inSpan('request', () => get(() => Promise.reject(thrown)))).rejects.toBe(thrown);
    expect(failed('cache get contacts')).toEqual([
      { code: SpanStatusCode.ERROR, message: String(thrown) },
      'Error',
      [String(thrown)],
    ]);
  });

  test('that are thrown at once end the span too', async () => {
    start();
    const channel = diagnostics.tracingChannel('unite:cache:get');
    const thrower = () => {
      throw new TypeError('at once');
    };
    await inSpan('request', async () => {
      await get(thrower).catch(() => undefined);
      // As other publishers do it: there is no asynchronous end.
      expect(() => channel.tracePromise(thrower as never, contacts())).toThrow('at once');
    });
    const spans = exporter.getFinishedSpans().filter(({ name }) => name === 'cache get contacts');
    expect(spans.map(({ status }) => status)).toEqual([
      { code: SpanStatusCode.ERROR, message: 'at once' },
      { code: SpanStatusCode.ERROR, message: 'at once' },
    ]);
  });

  test('of reading a message are counted, and neither thrown nor seen by the operation', async () => {
    const instrumentation = start();
    const uncaught = jest.fn();
    process.on('uncaughtException', uncaught);
    const broken = (...fields: string[]) =>
      Object.defineProperties(
        contacts(),
        Object.fromEntries(
          fields.map((field) => [
            field,
            {
              get: () => {
                throw new Error('broken');
              },
            },
          ]),
        ),
      );
    await inSpan('request', async () => {
      expect(await publish('unite:cache:get', broken('definition'), async () => 1)).toBe(1);
      expect(await publish('unite:cache:get', broken('layer'), async () => 2)).toBe(2);
      diagnostics.channel('unite:cache:hit').publish(broken('cache'));
      diagnostics.channel('unite:cache:hit').publish(undefined);
    });
    await setImmediate();
    process.off('uncaughtException', uncaught);
    expect(uncaught).not.toHaveBeenCalled();
    expect(instrumentation.stats()).toEqual({ spans: 1, events: 0, droppedEvents: 0, failures: 4 });
    // The span that was open when its message broke is ended all the same.
    expect(names()).toEqual(['cache get contacts', 'request']);
  });
});

describe('events', () => {
  test.each([
    [
      'unite:cache:hit',
      contacts(),
      'cache.hit',
      { 'unite.cache.name': 'crm', 'unite.cache.definition': 'contacts' },
    ],
    [
      'unite:cache:state',
      { cache: 'crm', state: 'down', reason: 'closed' },
      'cache.state',
      { 'unite.cache.name': 'crm', 'unite.cache.state': 'down', 'unite.cache.reason': 'closed' },
    ],
    [
      'unite:quota:health',
      { quota: 'crm', part: 'store', state: 'down', error: new Error('secret') },
      'quota.health',
      { 'unite.quota.name': 'crm', 'unite.quota.part': 'store', 'unite.quota.state': 'down' },
    ],
    [
      'unite:db-ha:change',
      {
        cluster: 'crm',
        node: 'primary',
        from: 'up',
        to: 'down',
        reason: 'gone',
        primary: { before: 'primary' },
      },
      'db-ha.change',
      {
        'unite.db_ha.cluster': 'crm',
        'unite.db_ha.node': 'primary',
        'unite.db_ha.from': 'up',
        'unite.db_ha.to': 'down',
        'unite.db_ha.reason': 'gone',
      },
    ],
    ['unite:ops:shed', { reason: 'delay' }, 'ops.shed', { 'unite.ops.reason': 'delay' }],
  ])('%s', (channel, message, name, attributes) => {
    start();
    inSpan('request', () => diagnostics.channel(channel).publish(message));
    return setImmediate().then(() => {
      expect(spanOf('request').events).toMatchObject([{ name, attributes }]);
    });
  });

  test('are capped for each span and kind, and counted; without a span there are none', async () => {
    const instrumentation = start();
    const hit = () => diagnostics.channel('unite:cache:hit').publish(contacts());
    hit();
    for (const request of ['one', 'two']) {
      inSpan(request, () => {
        for (const _ of Array(40)) hit();
        diagnostics.channel('unite:ops:shed').publish({ reason: 'delay' });
      });
    }
    await setImmediate();
    expect([spanOf('one').events.length, spanOf('two').events.length]).toEqual([33, 33]);
    expect(instrumentation.stats()).toEqual({ spans: 0, events: 66, droppedEvents: 16, failures: 0 });
  });
});

describe('life', () => {
  test('listens until it is disabled, once however often it is enabled', async () => {
    const instrumentation = start();
    instrumentation.enable();
    await inSpan('request', () => get(async () => undefined));
    expect(names()).toEqual(['cache get contacts', 'request']);

    instrumentation.disable();
    instrumentation.disable();
    for (const { channel } of [{ channel: 'unite:cache:get' }, { channel: 'unite:ops:shutdown' }]) {
      expect(openTracingChannel(channel)?.start.hasSubscribers).toBe(false);
      expect(openTracingChannel(channel)?.asyncEnd.hasSubscribers).toBe(false);
    }
    expect(diagnostics.hasSubscribers('unite:cache:hit')).toBe(false);

    exporter.reset();
    instrumentation.enable();
    await inSpan('request', () => get(async () => undefined));
    expect(names()).toEqual(['cache get contacts', 'request']);
  });

  test('of all copies in a process one listens, and another can follow it', async () => {
    const first = start();
    jest.resetModules();
    const copy = (await import('../../src/instrumentation')).UniteInstrumentation;
    expect(copy).not.toBe(UniteInstrumentation);
    const second = new copy();
    used.push(second);
    second.setTracerProvider(provider);
    expect([first.isListening, second.isListening]).toEqual([true, false]);
    await inSpan('request', () => get(async () => undefined));
    expect(names()).toEqual(['cache get contacts', 'request']);

    second.disable();
    expect(first.isListening).toBe(true);
    first.disable();
    second.enable();
    expect([first.isListening, second.isListening]).toEqual([false, true]);
  });

  test('a span that is open while it is disabled is forgotten, not ended', async () => {
    const instrumentation = start();
    await inSpan('request', () => get(async () => instrumentation.disable()));
    expect(names()).toEqual(['request']);
  });

  test('goes into a set-up that is not ours', async () => {
    const instrumentation = new UniteInstrumentation();
    used.push(instrumentation);
    const stop = registerInstrumentations({ instrumentations: [instrumentation], tracerProvider: provider });
    await inSpan('request', () => get(async () => undefined));
    stop();
    await inSpan('later', () => get(async () => undefined));
    expect(names()).toEqual(['cache get contacts', 'later', 'request']);
  });

  test('takes a provider that comes later, its own or the global one', async () => {
    const instrumentation = new UniteInstrumentation({ roots: true, enabled: false });
    used.push(instrumentation);
    await get(async () => undefined);
    expect(instrumentation.getConfig()).toEqual({ enabled: false });
    instrumentation.setConfig({});
    instrumentation.setMeterProvider();
    expect(instrumentation.getConfig()).toEqual({ enabled: true });
    instrumentation.enable();
    trace.setGlobalTracerProvider(provider);
    await get(async () => undefined);
    expect(names()).toEqual(['cache get contacts']);
  });

  test('nests in whichever context manager is registered, also where that comes later', async () => {
    context.disable();
    const instrumentation = start({ roots: true });
    expect(instrumentation.nests).toBe(false);
    await get(async () => inSpan('without', async () => undefined));
    expect(parentOf('without')).toBeUndefined();

    context.setGlobalContextManager(new AsyncHooksContextManager().enable());
    // Node 26 enters storages by a call that this manager does not have.
    const nests = !('withStoreScope' in diagnostics.Channel.prototype);
    expect(instrumentation.nests).toBe(nests);
    await get(async () => {
      await setImmediate();
      await inSpan('with', async () => undefined);
    });
    expect(parentOf('with')).toBe(nests ? 'cache get contacts' : undefined);
  });

  test.each([
    [{ roots: 1 }, 'UniteInstrumentation: option "roots" must be true or false, got 1'],
    [{ root: true }, 'UniteInstrumentation: unknown option "root"; known are enabled, roots'],
  ])('refuses %p', (options, message) => {
    expect(() => new UniteInstrumentation(options as object)).toThrow(new TypeError(message));
  });
});
