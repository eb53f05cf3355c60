import { beforeEach, describe, expect, test } from '@jest/globals';
import { propagation as api, ROOT_CONTEXT, SpanKind, TraceFlags, trace } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import { createContext, runWithContext } from '@unite/core/context';
import fc from 'fast-check';
import { createPropagator } from '../../src/propagation';
import type { HeaderReader, PropagationOptions } from '../../src/propagation/propagation-types';
import { type TracedProcess, tracedProcess } from '../support/traced-process';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';
const traceparent = `00-${traceId}-${spanId}-01`;
const uberTraceId = `${traceId}:${spanId}:0:1`;

const trusting = (options: PropagationOptions = {}) => createPropagator({ trustParent: true, ...options });
const parentOf = (headers: HeaderReader, propagator = trusting()) =>
  trace.getSpanContext(propagator.receive(headers, ROOT_CONTEXT));

/** What goes out to `address`, from a client span in `base`. */
function injected(
  propagator: ReturnType<typeof createPropagator>,
  process: TracedProcess,
  address: Record<string, string | number>,
  { base = ROOT_CONTEXT, kind = SpanKind.CLIENT } = {},
): Record<string, string> {
  const span = process.tracer.startSpan('call', { kind, attributes: address }, base);
  const carrier: Record<string, string> = {};
  propagator.inject(trace.setSpan(base, span), carrier, setter);
  return carrier;
}

const setter = {
  set(carrier: Record<string, string>, name: string, value: string) {
    carrier[name] = value;
  },
};
const getter = {
  get: (carrier: Record<string, string>, name: string) => carrier[name],
  keys: (carrier: Record<string, string>) => Object.keys(carrier),
};

describe('what is read from a trusted parent', () => {
  test.each<[string, HeaderReader]>([
    ['traceparent', { traceparent }],
    ['Headers', new Headers({ traceparent })],
    ['a list of one', { traceparent: [traceparent] }],
    ['a later version that says more', { traceparent: `cc-${traceId}-${spanId}-01-more` }],
    ['B3 in one header', { b3: `${traceId}-${spanId}-1` }],
    ['B3 with a parent, for debugging', { b3: `${traceId}-${spanId}-d-05e3ac9a4f6e3b90` }],
    ['B3 in many headers', { 'x-b3-traceid': traceId, 'x-b3-spanid': spanId, 'x-b3-sampled': '1' }],
    ['B3 in upper case', { 'x-b3-traceid': traceId.toUpperCase(), 'x-b3-spanid': spanId, 'x-b3-flags': '1' }],
    ['Jaeger', { 'uber-trace-id': uberTraceId }],
    ['Jaeger, encoded', { 'uber-trace-id': encodeURIComponent(uberTraceId) }],
    ['Jaeger with a short span id', { 'uber-trace-id': `${traceId}:f067aa0ba902b7:0:1` }],
    ['B3 where traceparent is malformed', { traceparent: 'none', b3: `${traceId}-${spanId}-1` }],
  ])('%s', (_, headers) => {
    expect(parentOf(headers)).toEqual({ traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true });
  });

  test('ids of 64 bits are filled up', () => {
    expect(parentOf({ b3: `a3ce929d0e0e4736-${spanId}-0` })).toEqual({
      traceId: '0000000000000000a3ce929d0e0e4736',
      spanId,
      traceFlags: TraceFlags.NONE,
      isRemote: true,
    });
  });

  test('the first format that speaks counts, and others are read only where they are asked for', () => {
    const other = traceId.replace('4', '5');
    const headers = { traceparent, b3: `${other}-${spanId}-1` };
    expect(parentOf(headers)?.traceId).toBe(traceId);
    expect(parentOf(headers, trusting({ read: ['b3', 'w3c'] }))?.traceId).toBe(other);
    expect(parentOf(headers, trusting({ read: ['jaeger'] }))).toBeUndefined();
  });

  test('a sampling decision alone names no parent', () => {
    const propagator = trusting();
    expect(parentOf({ b3: '0', 'x-b3-sampled': '0' }, propagator)).toBeUndefined();
    expect(parentOf({ 'x-b3-sampled': '0' }, propagator)).toBeUndefined();
    expect(propagator.stats().malformed).toEqual({});
  });

  test('tracestate in several headers', () => {
    const parent = parentOf({ traceparent, tracestate: ['congo=t61', ' rojo=00f067aa0ba902b7'] });
    expect(parent?.traceState?.serialize()).toBe('congo=t61,rojo=00f067aa0ba902b7');
  });
});

describe('what is ignored, and counted', () => {
  const long = 'a'.repeat(8_193);

  test.each<[string, string, HeaderReader]>([
    ['version ff', 'traceparent', { traceparent: `ff-${traceId}-${spanId}-01` }],
    ['a trace id of zeros', 'traceparent', { traceparent: `00-${'0'.repeat(32)}-${spanId}-01` }],
    ['a span id of zeros', 'traceparent', { traceparent: `00-${traceId}-${'0'.repeat(16)}-01` }],
    ['upper case', 'traceparent', { traceparent: traceparent.toUpperCase() }],
    ['white space', 'traceparent', { traceparent: ` ${traceparent}` }],
    ['a line break', 'traceparent', { traceparent: `${traceparent}\n` }],
    ['a further field of version 00', 'traceparent', { traceparent: `${traceparent}-01` }],
    ['a further field that is empty', 'traceparent', { traceparent: `${traceparent}-` }],
    ['a short trace id', 'traceparent', { traceparent: `00-${traceId.slice(1)}-${spanId}-01` }],
    ['two', 'traceparent', { traceparent: [traceparent, traceparent] }],
    ['two that were joined', 'traceparent', { traceparent: `${traceparent}, ${traceparent}` }],
    ['over 8 kB', 'traceparent', { traceparent: `cc-${traceId}-${spanId}-01-${long}` }],
    ['what is no text', 'traceparent', { traceparent: 7 } as unknown as HeaderReader],
    ['B3 without a span', 'b3', { b3: traceId }],
    ['B3 of zeros', 'b3', { b3: `${'0'.repeat(32)}-${spanId}-1` }],
    ['B3 without a span', 'x-b3-traceid', { 'x-b3-traceid': traceId }],
    ['Jaeger that is no id', 'uber-trace-id', { 'uber-trace-id': `xyz:${spanId}:0:1` }],
    ['Jaeger that is too long', 'uber-trace-id', { 'uber-trace-id': `${traceId}0:${spanId}:0:1` }],
    ['Jaeger with an escape that is none', 'uber-trace-id', { 'uber-trace-id': '%E0%A4%A' }],
  ])('%s in %s', (_, name, headers) => {
    const propagator = trusting();
    expect(parentOf(headers, propagator)).toBeUndefined();
    expect(propagator.stats()).toEqual({ trusted: 0, linked: 0, browser: 0, malformed: { [name]: 1 } });
  });

  test.each([
    ['no member', 'nonsense'],
    ['a key in upper case', 'congo=1,ROJO=2'],
    ['the same key twice', 'congo=1,congo=2'],
    ['33 members', Array.from({ length: 33 }, (_, at) => `k${at}=1`).join()],
    ['over 8 kB', `congo=${long}`],
  ])('a tracestate with %s, not its traceparent', (_, tracestate) => {
    const propagator = trusting();
    expect(parentOf({ traceparent, tracestate }, propagator)).toEqual({
      traceId,
      spanId,
      traceFlags: TraceFlags.SAMPLED,
      isRemote: true,
    });
    expect(propagator.stats()).toMatchObject({ trusted: 1, malformed: { tracestate: 1 } });
  });

  test('a getter that throws', () => {
    const headers = {
      get(): string {
        throw new Error('gone');
      },
    };
    expect(trusting().receive(headers, ROOT_CONTEXT)).toBe(ROOT_CONTEXT);
  });

  test('a header that belongs to the prototype of a record', () => {
    expect(parentOf(Object.create({ traceparent }) as HeaderReader)).toBeUndefined();
  });
});

describe('the border of trust', () => {
  let process: TracedProcess;
  beforeEach(() => {
    process = tracedProcess();
  });

  test('nobody is trusted: the root is new, and has one link', () => {
    const { tracer, propagation } = process;
    const received = propagation.receive({ traceparent }, ROOT_CONTEXT);
    expect(trace.getSpanContext(received)).toBeUndefined();
    const root = tracer.startSpan('root', {}, received);
    tracer.startSpan('child', {}, trace.setSpan(received, root)).end();
    tracer.startSpan('second root', { root: true }, trace.setSpan(received, root)).end();
    root.end();

    const { links, parentSpanContext } = process.span('root');
    expect(parentSpanContext).toBeUndefined();
    expect(links).toMatchObject([{ context: { traceId, spanId } }]);
    expect(root.spanContext().traceId).not.toBe(traceId);
    expect(process.span('child').links).toEqual([]);
    expect(process.span('second root').links).toEqual([]);
    expect(propagation.stats()).toEqual({ trusted: 0, linked: 1, browser: 0, malformed: {} });
  });

  test('whoever extracts gets the same: instrumentations start roots with a link', () => {
    const { tracer, propagation } = process;
    tracer.startSpan('root', {}, propagation.extract(ROOT_CONTEXT, { traceparent }, getter)).end();
    expect(process.span('root').links).toMatchObject([{ context: { traceId, spanId } }]);
    const trusted = trusting().extract(ROOT_CONTEXT, { traceparent }, getter);
    expect(trace.getSpanContext(trusted)).toMatchObject({ traceId, spanId });
  });

  test('a claim that no root came of is not counted', () => {
    process.propagation.receive({ traceparent }, ROOT_CONTEXT);
    expect(process.propagation.stats().linked).toBe(0);
  });

  test('a function decides by the headers; one that fails trusts nobody', () => {
    const trustParent = ({ get }: { get(name: string): string | undefined }) => get('X-Gateway') === 'ours';
    const propagator = createPropagator({ trustParent });
    const headers = { traceparent, 'x-gateway': 'ours' };
    expect(parentOf(headers, propagator)?.traceId).toBe(traceId);
    expect(parentOf({ traceparent }, propagator)).toBeUndefined();
    const failing = createPropagator({
      trustParent() {
        throw new Error('down');
      },
    });
    expect(parentOf(headers, failing)).toBeUndefined();
  });

  test('a browser is parent inside a trace that is fresh', () => {
    const { propagation } = process;
    const headers = { traceparent, tracestate: 'unite=browser,congo=t61' };
    const [one, other] = [parentOf(headers, propagation), parentOf(headers, propagation)];
    expect(one).toEqual({
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
      spanId,
      traceFlags: TraceFlags.SAMPLED,
      isRemote: true,
    });
    expect(new Set([one?.traceId, other?.traceId, traceId]).size).toBe(3);
    expect(propagation.stats()).toMatchObject({ linked: 0, trusted: 0, browser: 2 });
  });

  test('behind a gateway the mark of the browser is not passed on', () => {
    const state = (tracestate: string) => parentOf({ traceparent, tracestate })?.traceState?.serialize();
    expect(state('unite=browser,congo=t61')).toBe('congo=t61');
    expect(state('unite=browser')).toBeUndefined();
  });
});

describe('what is written', () => {
  let process: TracedProcess;
  beforeEach(() => {
    process = tracedProcess();
  });
  const inventory = { 'server.address': 'inventory.internal', 'server.port': 4001 };
  const tenant = (work: () => Record<string, string>, tenantId = 'acme') =>
    runWithContext(createContext({ tenantId }), work);
  const baggageTo = (hosts: string[], address: Record<string, string | number>) =>
    tenant(() => injected(createPropagator({ baggage: { hosts } }), process, address)).baggage;

  test('W3C alone, and no baggage unless asked', () => {
    const carrier = tenant(() => injected(createPropagator(), process, inventory));
    expect(carrier).toEqual({
      traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/),
    });
    expect(createPropagator().fields()).toEqual(['traceparent', 'tracestate', 'baggage']);
  });

  test('nothing where there is no span, or tracing is suppressed', () => {
    const carrier = {};
    const span = process.tracer.startSpan('call');
    createPropagator().inject(ROOT_CONTEXT, carrier, setter);
    createPropagator().inject(suppressTracing(trace.setSpan(ROOT_CONTEXT, span)), carrier, setter);
    expect(carrier).toEqual({});
  });

  test('a tracestate goes with its trace', () => {
    const propagator = trusting();
    const base = propagator.receive({ traceparent, tracestate: 'congo=t61' }, ROOT_CONTEXT);
    expect(injected(propagator, process, {}, { base }).tracestate).toBe('congo=t61');
  });

  test.each([
    ['by name', ['inventory.internal'], inventory],
    ['by name in other case', ['INVENTORY.internal'], inventory],
    ['by name and port', ['inventory.internal:4001'], inventory],
    ['below a name', ['*.internal'], inventory],
    ['below a name, at a port', ['*.internal:4001'], inventory],
    ['by older names', ['localhost:4001'], { 'net.peer.name': 'localhost', 'net.peer.port': '4001' }],
    ['by a URL', ['localhost:4001'], { 'url.full': 'http://localhost:4001/x' }],
    ['by a URL without a port', ['shop.example:443'], { 'http.url': 'https://shop.example/x' }],
    ['by a URL of http', ['shop.example:80'], { 'http.url': 'http://shop.example/x' }],
  ])('baggage to a host that is listed %s', (_, hosts, address) => {
    expect(baggageTo(hosts, address)).toBe('tenant.id=acme');
  });

  test.each([
    ['another host', ['inventory.internal'], { 'server.address': 'evil.example' }],
    ['another port', ['inventory.internal:4002'], inventory],
    ['a host with a listed end', ['inventory.internal'], { 'server.address': 'x-inventory.internal' }],
    ['the name itself under a star', ['*.inventory.internal'], inventory],
    ['a port that is unknown', ['inventory.internal:4001'], { 'server.address': 'inventory.internal' }],
    ['an unknown host', ['inventory.internal'], {}],
    ['a URL that is none', ['inventory.internal'], { 'url.full': 'inventory.internal' }],
  ])('no baggage to %s', (_, hosts, address) => {
    expect(baggageTo(hosts, address)).toBeUndefined();
  });

  test('the address of a server span is our own: no baggage', () => {
    const propagator = createPropagator({ baggage: { hosts: ['inventory.internal'] } });
    const carrier = tenant(() => injected(propagator, process, inventory, { kind: SpanKind.SERVER }));
    expect(carrier.baggage).toBeUndefined();
  });

  test('listed keys alone, the tenant of the context before a received one', () => {
    const baggage = { hosts: ['*.internal'], keys: ['tenant.id', 'plan', 'odd'] };
    const base = api.setBaggage(
      ROOT_CONTEXT,
      api.createBaggage({
        'tenant.id': { value: 'other' },
        plan: { value: 'pro, "big" ü' },
        odd: { value: '\ud800' },
        secret: { value: 'x' },
      }),
    );
    const send = (more: object) => () =>
      injected(createPropagator({ baggage: { ...baggage, ...more } }), process, inventory, { base });
    const plan = `plan=${encodeURIComponent('pro, "big" ü')}`;
    expect(tenant(send({})).baggage).toBe(`tenant.id=acme,${plan}`);
    expect(tenant(send({ sendTenant: false })).baggage).toBe(`tenant.id=other,${plan}`);
    expect(tenant(send({ keys: ['plan'] })).baggage).toBe(plan);
    expect(tenant(send({}), '\ud800').baggage).toBe(`tenant.id=other,${plan}`);
    expect(send({ keys: ['none'] })().baggage).toBeUndefined();
  });

  test('at most 64 members and 8,192 bytes', () => {
    const names = Array.from({ length: 100 }, (_, at) => `k${at}`);
    const send = (value: string) => {
      const base = api.setBaggage(
        ROOT_CONTEXT,
        api.createBaggage(Object.fromEntries(names.map((name) => [name, { value }]))),
      );
      const propagator = createPropagator({ baggage: { hosts: ['*.internal'], keys: names } });
      return injected(propagator, process, inventory, { base }).baggage ?? '';
    };
    expect(send('1').split(',')).toHaveLength(64);
    const long = send('1'.repeat(500));
    expect(long.length).toBeLessThanOrEqual(8_192);
    expect(long.split(',')).toHaveLength(16);
  });
});

describe('baggage that is received', () => {
  const options = { baggage: { hosts: [], keys: ['tenant.id', 'plan'] } };
  const received = (headers: HeaderReader, propagator = trusting(options)) =>
    Object.fromEntries(
      (api.getBaggage(propagator.receive(headers, ROOT_CONTEXT))?.getAllEntries() ?? []).map(
        ([key, { value }]) => [key, value],
      ),
    );

  test('listed keys, of somebody trusted, with a parent or without', () => {
    const baggage = 'tenant.id=acme;ttl=7 , plan = big%20one,secret=x,';
    expect(received({ baggage })).toEqual({ 'tenant.id': 'acme', plan: 'big one' });
    expect(received({ baggage: baggage.split(','), traceparent })).toEqual({
      'tenant.id': 'acme',
      plan: 'big one',
    });
    expect(received({ baggage, traceparent }, createPropagator(options))).toEqual({});
    expect(received({ baggage, traceparent }, trusting())).toEqual({});
    expect(received({ baggage: 'secret=x' })).toEqual({});
  });

  test('malformed members are ignored, and counted once a header', () => {
    const propagator = trusting(options);
    const baggage = 'plan,=x,a b=1,tenant.id=acme,plan=%E0%A4%A,plan="q"';
    expect(received({ baggage }, propagator)).toEqual({ 'tenant.id': 'acme' });
    expect(propagator.stats().malformed).toEqual({ baggage: 1 });
  });

  test.each([
    ['over 64 members', Array.from({ length: 65 }, () => 'plan=x').join()],
    ['over 8,192 bytes', `plan=${'x'.repeat(8_188)}`],
  ])('%s are ignored whole', (_, baggage) => {
    const propagator = trusting(options);
    expect(received({ baggage }, propagator)).toEqual({});
    expect(propagator.stats().malformed).toEqual({ baggage: 1 });
  });
});

describe('for all headers', () => {
  const names = [
    'traceparent',
    'tracestate',
    'b3',
    'x-b3-traceid',
    'x-b3-spanid',
    'x-b3-sampled',
    'x-b3-flags',
    'uber-trace-id',
    'baggage',
  ];
  const nearly = fc
    .tuple(fc.constantFrom(traceparent, uberTraceId, 'a=b,c=d'), fc.nat(60), fc.string({ maxLength: 3 }))
    .map(([text, at, more]) => text.slice(0, at) + more + text.slice(at));
  const value = fc.oneof(fc.string({ unit: 'binary' }), nearly, fc.array(nearly, { maxLength: 3 }));
  const headers = fc.dictionary(fc.constantFrom(...names), value);

  test('nothing throws, and each header counts once at most', () => {
    const options = { baggage: { hosts: [] } };
    fc.assert(
      fc.property(headers, fc.boolean(), (given, trustParent) => {
        const propagator = createPropagator({ trustParent, ...options });
        const parent = parentOf(given, propagator);
        if (parent) expect(parent.traceId).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
        if (parent) expect(parent.spanId).toMatch(/^(?!0{16})[0-9a-f]{16}$/);
        for (const [name, count] of Object.entries(propagator.stats().malformed)) {
          expect(count).toBe(1);
          expect(Object.keys(given)).toContain(name);
        }
      }),
    );
  });

  const id = (digits: number) =>
    fc
      .string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: digits, maxLength: digits })
      .filter((text) => !/^0+$/.test(text));

  test('what is injected is received', () => {
    const propagator = trusting();
    fc.assert(
      fc.property(id(32), id(16), fc.nat(255), (traceId, spanId, traceFlags) => {
        const carrier: Record<string, string> = {};
        const sent = trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags });
        propagator.inject(sent, carrier, setter);
        expect(parentOf(carrier, propagator)).toEqual({
          traceId,
          spanId,
          traceFlags: traceFlags % 2,
          isRemote: true,
        });
      }),
    );
    expect(propagator.stats().malformed).toEqual({});
  });
});

describe('options', () => {
  test.each([
    [{ trustParent: 'yes' }, 'option "trustParent" must be true, false or a function, got "yes"'],
    [{ read: ['b3', 'zipkin'] }, 'must be a list of "w3c", "b3" and "jaeger", but [1] is "zipkin"'],
    [{ baggage: {} }, 'createPropagator baggage: option "hosts" must be a list of hosts'],
    [{ baggage: { hosts: ['http://x'] } }, 'option "hosts"'],
    [{ baggage: { hosts: [], keys: ['a b'] } }, 'option "keys" must be a list of tokens'],
    [{ baggage: { hosts: [], sendTenant: 1 } }, 'option "sendTenant" must be true or false, got 1'],
    [{ trust: true }, 'unknown option "trust"'],
  ])('%j', (options, message) => {
    expect(() => createPropagator(options as PropagationOptions)).toThrow(message);
  });

  test.each(['inventory.internal', 'localhost:4001', '*.internal', '127.0.0.1', '[::1]:4001', 'db_1'])(
    'the host %s',
    (host) => {
      expect(() => createPropagator({ baggage: { hosts: [host] } })).not.toThrow();
    },
  );
});
