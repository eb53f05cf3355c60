import { runInContext, createContext as vmContext } from 'node:vm';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { UniteContext } from '@unite/core';
import { createContext } from '@unite/core/context';
import { createRedactor } from '@unite/shared/redaction';
import { cpuMs, manualClock } from '@unite/shared/testing';
import fc from 'fast-check';
import type { ErrorEvent } from '../../src';
import { createErrorCapture, type ErrorCaptureOptions } from '../../src/capture';

function startWith(options: Partial<ErrorCaptureOptions> = {}) {
  const events: ErrorEvent[] = [];
  const scope: { context: UniteContext | undefined } = { context: undefined };
  const capture = createErrorCapture({
    service: { name: 'crm', release: 'r1' },
    redact: createRedactor('UNITE_APM_REDACT_FAILED'),
    clock: manualClock(5_000),
    context: () => scope.context,
    deliver: (event) => void events.push(event),
    ...options,
  });
  /** The only event of this error. */
  const eventOf = (error: unknown, given?: Parameters<typeof capture.capture>[1]): ErrorEvent => {
    capture.capture(error, given);
    const event = events.at(-1);
    if (!event) throw new Error('nothing was captured');
    return event;
  };
  return { ...capture, events, scope, eventOf };
}

const otelKey = Symbol.for('opentelemetry.js.api.1');
const globals = globalThis as { [key: symbol]: unknown };
const otelBefore = globals[otelKey];

function activate(spanContext: unknown): void {
  const span = { spanContext: () => spanContext };
  globals[otelKey] = {
    context: {
      active: () => ({
        getValue: (key: symbol) => (key === Symbol.for('OpenTelemetry Context Key SPAN') ? span : undefined),
      }),
    },
  };
}

afterEach(() => {
  globals[otelKey] = otelBefore;
  jest.restoreAllMocks();
});

describe('an event', () => {
  it('says what was thrown, where, of which release and in which request', () => {
    const { eventOf, scope, eventId } = startWith();
    scope.context = createContext({
      requestId: 'request-1',
      tenantId: 'acme',
      userId: 'u-1',
      plan: 'pro',
      route: 'GET /api/contacts/[id]',
      traceId: 'a'.repeat(32),
    });
    const event = eventOf(Object.assign(new TypeError('no contact'), { code: 'NO_CONTACT' }), {
      kind: 'request',
      tags: { region: 'eu' },
      extra: { contactId: 7 },
      fingerprint: ['contacts'],
    });
    expect(event).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      atMs: 5_000,
      kind: 'request',
      level: 'error',
      isHandled: false,
      service: { name: 'crm', release: 'r1' },
      route: 'GET /api/contacts/[id]',
      requestId: 'request-1',
      tenantId: 'acme',
      userId: 'u-1',
      plan: 'pro',
      traceId: 'a'.repeat(32),
      spanId: undefined,
      fingerprint: ['contacts'],
      tags: { region: 'eu' },
      extra: { contactId: 7 },
    });
    expect(event.exceptions[0]).toMatchObject({
      type: 'TypeError',
      message: 'no contact',
      code: 'NO_CONTACT',
      relation: 'thrown',
    });
    expect(event.exceptions[0].frames[0]).toMatchObject({ file: __filename, isInApp: true });
    expect(eventId()).toBe(event.id);
  });

  it('takes trace and span from OpenTelemetry, where the span is of the same trace', () => {
    const { eventOf, scope } = startWith();
    activate({ traceId: 'b'.repeat(32), spanId: 'c'.repeat(16) });
    expect(eventOf(new Error('one'))).toMatchObject({ traceId: 'b'.repeat(32), spanId: 'c'.repeat(16) });
    scope.context = createContext({ traceId: 'a'.repeat(32) });
    expect(eventOf(new Error('two'))).toMatchObject({ traceId: 'a'.repeat(32), spanId: undefined });
    scope.context = undefined;
    activate({ traceId: '0'.repeat(32), spanId: '0'.repeat(16) });
    expect(eventOf(new Error('three')).traceId).toBeUndefined();
    globals[otelKey] = { context: { active: () => Error('broken') } };
    expect(eventOf(new Error('four')).traceId).toBeUndefined();
  });

  it('shows causes, and then what an aggregate holds, each once and eight at most', () => {
    const { eventOf } = startWith();
    const circle = new Error('outer', { cause: new Error('inner') });
    (circle.cause as Error).cause = circle;
    expect(eventOf(circle).exceptions.map((one) => [one.message, one.relation])).toEqual([
      ['outer', 'thrown'],
      ['inner', 'cause'],
    ]);
    const many = new AggregateError(
      Array.from({ length: 20 }, (_, index) => new Error(`part ${index}`)),
      'all failed',
      { cause: 'the network' },
    );
    const { exceptions } = eventOf(many);
    expect(exceptions).toHaveLength(8);
    expect(exceptions.slice(0, 3).map((one) => [one.message, one.relation])).toEqual([
      ['all failed', 'thrown'],
      ['the network', 'cause'],
      ['part 0', 'aggregated'],
    ]);
  });

  it.each<[string, () => unknown, string, string]>([
    ['a text', () => 'out of paper', 'NonError', 'out of paper'],
    ['nothing', () => undefined, 'NonError', 'thrown: undefined'],
    ['null', () => null, 'NonError', 'thrown: null'],
    ['a number', () => 7, 'NonError', 'thrown: 7'],
    ['a symbol', () => Symbol('s'), 'NonError', 'thrown: Symbol(s)'],
    ['a function', () => () => 1, 'NonError', 'thrown: a function'],
    ['an object', () => ({ status: 3 }), 'NonError', 'thrown: an object'],
    ['a frozen error', () => Object.freeze(new RangeError('cold')), 'RangeError', 'cold'],
    ['a proxy', () => new Proxy(new Error('behind'), {}), 'Error', 'behind'],
    [
      'an error of another realm',
      () => runInContext('new TypeError("far")', vmContext({})),
      'TypeError',
      'far',
    ],
    ['what looks like an error', () => ({ name: 'AbortError', message: 'gone' }), 'AbortError', 'gone'],
    [
      'an error without a name',
      () => Object.assign(new Error('anonymous'), { name: '' }),
      'Error',
      'anonymous',
    ],
    [
      'an error whose class has no name',
      () =>
        new (class extends Error {
          override name = '';
        })('short'),
      'Error',
      'short',
    ],
    [
      'a message that is an object',
      () => Object.assign(new Error(), { message: { toString: () => 'told' } }),
      'Error',
      'told',
    ],
  ])('can be made of %s', (_, make, type, message) => {
    const { exceptions } = startWith().eventOf(make());
    expect(exceptions[0]).toMatchObject({ type, message });
  });

  it.each<[string, () => unknown, string]>([
    ['a revoked proxy', () => revoked(), 'thrown: a value that cannot be read'],
    [
      'a proxy whose traps throw',
      () => new Proxy({}, trapsThatThrow()),
      'thrown: a value that cannot be read',
    ],
    [
      'an error whose message throws',
      () => withGetter(new Error('x'), 'message'),
      'a message that cannot be read',
    ],
    [
      'a message that cannot be a text',
      () => Object.assign(new Error(), { message: Object.create(null) }),
      'a message that cannot be read',
    ],
    ['what looks like an error and throws', () => withGetter({ message: 'x', stack: 'y' }, 'name'), 'x'],
  ])('can be made of %s', (_, make, message) => {
    expect(startWith().eventOf(make()).exceptions[0].message).toBe(message);
  });

  it('can be made of an error whose list of errors cannot be read', () => {
    const errors = new Proxy([], { get: neverRead });
    const { exceptions } = startWith().eventOf(Object.assign(new Error('kept'), { errors }));
    expect(exceptions.map(({ message }) => message)).toEqual(['kept']);
  });

  it.each(['cause', 'errors'])('can be made of an error whose %s throws', (key) => {
    const { exceptions } = startWith().eventOf(withGetter(new Error('kept'), key));
    expect(exceptions.map(({ message }) => message)).toEqual(['kept']);
  });

  it('keeps what was thrown and is no error as its extra', () => {
    const { eventOf } = startWith();
    expect(eventOf({ status: 3, password: 'hunter2' }).extra).toEqual({
      thrown: { status: 3, password: '[redacted]' },
    });
  });

  it('is bounded in time and size, whatever its texts are', () => {
    const { eventOf } = startWith();
    const error = new Error('x'.repeat(5_000_000));
    error.stack = `Error: other\n${'    at a (/app/a.js:1:1)\n'.repeat(300_000)}`;
    let { exceptions } = eventOf(new Error('short'));
    expect(cpuMs(() => ({ exceptions } = eventOf(error)))).toBeLessThan(2_000);
    expect(exceptions[0].message).toHaveLength(8_192);
    expect(exceptions[0].frames).toHaveLength(100);
  });

  it('never throws and can be written as JSON, for anything', () => {
    const { capture, events } = startWith();
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withMap: true, withDate: true, withNullPrototype: true }),
        (thing) => {
          capture(thing, { extra: { thing } });
          expect(Buffer.byteLength(JSON.stringify(events.at(-1)?.extra))).toBeLessThanOrEqual(16_384);
        },
      ),
    );
  });

  it('leaves out what was said of it where that cannot be read, and not the error', () => {
    const { eventOf } = startWith();
    const event = eventOf(new Error('kept'), {
      kind: 'request',
      tags: new Proxy({}, trapsThatThrow()),
      extra: { more: 1 },
    });
    expect(event).toMatchObject({ kind: 'request', tags: {}, extra: { more: 1 } });
    expect(event.exceptions[0].message).toBe('kept');
  });

  it('has 50 tags at most, and none that the redactor removes', () => {
    const redact = (key: string, text: string) => (key === 'tags.note' ? undefined : text);
    const { eventOf } = startWith({ redact });
    const many = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`t${index}`, 'x'.repeat(500)]));
    const { tags } = eventOf(new Error('tagged'), { tags: { note: 'private', ...many } });
    expect(Object.keys(tags)).toHaveLength(49);
    expect(tags.t0).toHaveLength(200);
  });

  it('survives a context, source maps and sinks that throw', () => {
    const fail = (): never => {
      throw new Error('broken');
    };
    jest.spyOn(process, 'emitWarning').mockReturnValue(undefined);
    const { eventOf } = startWith({ context: fail, sourceMaps: { resolve: fail } });
    expect(eventOf(new Error('kept')).exceptions[0].frames.length).toBeGreaterThan(0);
    expect(startWith({ deliver: fail }).capture(new Error('lost'))).toBeUndefined();
  });

  it('asks source maps for frames, of a page only where they are URLs', () => {
    const { eventOf } = startWith({
      sourceMaps: {
        resolve: (frame) => ({
          ...frame,
          file: 'app/page.tsx',
          source: { before: ['const password = "hunter2";'], line: 'fail();', after: [] },
        }),
      },
    });
    const error = new Error('x');
    error.stack = 'Error: x\n    at go (https://crm.example/_next/a.js:1:2)\n    at /etc/passwd:1:1';
    const { frames } = eventOf(error, { kind: 'browser' }).exceptions[0];
    expect(frames.map(({ file }) => file)).toEqual(['app/page.tsx', '/etc/passwd']);
    expect(frames[0]?.source?.before).toEqual(['const password = "[redacted]";']);
  });
});

describe('secrets', () => {
  it('stand in no text of an event', () => {
    const { eventOf, scope } = startWith();
    const secret = 'sk-live-4242424242424242abcd';
    scope.context = createContext({ requestId: secret, userId: secret, route: secret });
    const error = new Error(`password=${secret}`, { cause: new Error(`Bearer ${secret}`) });
    error.stack = `Error: password=${secret}\n    at ${secret} (https://a/b?token=${secret}:1:1)`;
    const event = eventOf(error, {
      tags: { token: secret, note: secret },
      fingerprint: [secret],
      extra: { deep: { authorization: secret, list: [secret], [secret]: 1 }, pin: 1234 },
    });
    expect(JSON.stringify(event)).not.toContain('4242');
    expect(event.extra).toMatchObject({ pin: '[redacted]' });
  });

  it('that a database quotes are not shown', () => {
    const error = Object.assign(new Error('Key (email)=(ada@example.com) already exists'), {
      severity: 'ERROR',
      code: '23505',
    });
    const [exception] = startWith().eventOf(error, { extra: { error } }).exceptions;
    expect(exception).toMatchObject({ message: 'Key (email)=(?) already exists', code: '23505' });
  });
});

describe('one failure', () => {
  it('is one event, whoever tells of it', () => {
    const { capture, counts, events } = startWith();
    const error = new Error('once');
    const id = capture(error);
    expect(capture(error, { kind: 'request' })).toBe(id);
    expect(events).toHaveLength(1);
    expect(counts()).toMatchObject({ captured: { captured: 1, request: 0 }, repeated: 1, overBudget: 0 });
  });

  it('is one event of another copy of the module, too', () => {
    const [one, other] = [startWith(), startWith()];
    const error = new Error('shared');
    expect(other.capture(error)).not.toBe(one.capture(new Error('different')));
    expect(one.capture(error)).toBe(other.events[0]?.id);
  });

  it('is one event of a request when it is wrapped, or taken out of its wrapper', () => {
    const { capture, scope, events, eventId } = startWith();
    scope.context = createContext();
    const cause = new Error('cause');
    const id = capture(cause);
    expect(capture(new Error('wrapped', { cause }))).toBe(id);
    const inner = new Error('inner');
    const outer = capture(new Error('outer', { cause: inner }));
    expect(capture(inner)).toBe(outer);
    expect(eventId()).toBe(outer);
    scope.context = createContext();
    expect(eventId()).toBeUndefined();
    expect(capture(new Error('later', { cause }))).not.toBe(id);
    expect(events).toHaveLength(3);
  });

  it('is two where another request throws the cause alone', () => {
    const { capture, scope, events } = startWith();
    scope.context = createContext();
    const cause = new Error('cause');
    capture(new Error('outer', { cause }));
    scope.context = createContext();
    capture(cause);
    expect(events).toHaveLength(2);
  });

  it('is one event of a request when it is a text', () => {
    const { capture, scope, events } = startWith();
    scope.context = createContext();
    expect(capture('out of paper')).toBe(capture('out of paper'));
    for (const index of Array.from({ length: 30 }).keys()) capture(`text ${index}`);
    scope.context = createContext();
    capture('out of paper');
    expect(events).toHaveLength(32);
  });

  it('over the budget of the day is counted once, and has no id', () => {
    const { capture, counts, events } = startWith({ mayDeliver: () => false });
    const error = new Error('too many');
    expect([capture(error), capture(error)]).toEqual([undefined, undefined]);
    expect(events).toEqual([]);
    expect(counts()).toMatchObject({ repeated: 1, overBudget: 1, captured: { captured: 0 } });
  });

  it('is none where Next.js steers itself', () => {
    const { capture, events } = startWith();
    capture(Object.assign(new Error('NEXT_REDIRECT'), { digest: 'NEXT_REDIRECT;replace;/login;307;' }));
    expect(events).toEqual([]);
  });
});

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function trapsThatThrow(): ProxyHandler<object> {
  const fail = (): never => {
    throw new Error('trap');
  };
  return { get: fail, has: fail, ownKeys: fail, getPrototypeOf: fail };
}

function withGetter<Value extends object>(value: Value, key: string): Value {
  return Object.defineProperty(value, key, {
    get() {
      throw new Error('getter');
    },
  });
}

function neverRead(): never {
  throw new Error('list');
}

describe('what is said of an error', () => {
  const broken = () => {
    throw new Error('no');
  };

  it.each([null, 7, 'x', new Proxy({}, { get: broken })])('may be anything', (given) => {
    jest.spyOn(process, 'emitWarning').mockReturnValue(undefined);
    const { eventOf } = startWith();
    expect(eventOf(new Error('said'), given as never)).toMatchObject({
      kind: 'captured',
      level: 'error',
      isHandled: true,
      exceptions: [{ message: 'said' }],
      tags: {},
    });
  });

  it('costs nothing but itself where it cannot be read', () => {
    jest.spyOn(process, 'emitWarning').mockReturnValue(undefined);
    const hostile = Object.defineProperty({ good: 'yes' }, 'bad', { enumerable: true, get: broken });
    const given = { kind: 'request', route: { toString: broken }, fingerprint: [Object.create(null)] };
    const options = { ...given, tags: hostile, extra: hostile, isHandled: true };
    expect(startWith().eventOf(new Error('said'), options as never)).toMatchObject({
      kind: 'request',
      isHandled: true,
      route: undefined,
      fingerprint: undefined,
      tags: { good: 'yes' },
      extra: { good: 'yes', bad: '[unreadable]' },
    });
    const closed = new Proxy({}, { ownKeys: broken });
    const { tags, extra } = startWith().eventOf(new Error('x'), { tags: closed, extra: closed });
    expect([tags, extra]).toEqual([{}, {}]);
  });

  it('is taken for the default where it is unknown, in the counts as well', () => {
    jest.spyOn(process, 'emitWarning').mockReturnValue(undefined);
    const { eventOf, counts } = startWith();
    const event = eventOf(new Error('said'), { kind: 'constructor', level: 'loud' } as never);
    expect(event).toMatchObject({ kind: 'captured', level: 'error', isHandled: true });
    expect(counts().captured).toMatchObject({ captured: 1 });
    expect(Object.keys(counts().captured)).not.toContain('constructor');
  });
});

it.each(['name', 'code', 'message', 'stack'])('an error whose %s cannot be read keeps the rest', (field) => {
  const get = () => {
    throw new Error('no');
  };
  const { eventOf } = startWith();
  const known = { type: 'TypeError', message: 'told', code: 'E1' };
  const whole = Object.assign(new TypeError('told'), { code: 'E1' });
  // Jest makes the stack when it is read first, of the other fields.
  expect(whole.stack).toContain('told');
  const error = Object.defineProperty(whole, field, { get });
  const lost = { message: { message: 'a message that cannot be read' }, code: { code: undefined } };
  const [exception] = eventOf(error).exceptions;
  expect(exception).toMatchObject({ ...known, ...lost[field as keyof typeof lost] });
  expect(exception.frames.length > 0).toBe(field !== 'stack');
  const foreign = Object.defineProperty(
    { name: 'TypeError', message: 'told', stack: '', code: 'E1' },
    field,
    {
      get,
    },
  );
  expect(eventOf(foreign).exceptions[0].type).toBe(
    field === 'message' ? 'NonError' : field === 'name' ? 'Object' : 'TypeError',
  );
});
