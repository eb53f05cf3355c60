import { describe, expect, it } from '@jest/globals';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import fc from 'fast-check';
import { createTraceStore, type SpanNode, type StoredTrace, type TraceStoreOptions } from '../../src/store';
import { processorOf, remoteParent, tracerOf } from '../support/spans';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';

/** A span as exporters get it, with made-up ids. */
function spanOf(
  spanId: string,
  parentSpanId?: string,
  startedAtMs = 1_000,
  given: Partial<ReadableSpan> = {},
) {
  return {
    spanContext: () => ({ traceId, spanId, traceFlags: 1 }),
    parentSpanContext: parentSpanId && { traceId, spanId: parentSpanId, traceFlags: 1 },
    name: `span ${spanId}`,
    kind: SpanKind.INTERNAL,
    startTime: [startedAtMs / 1_000, 0],
    duration: [1, 0],
    status: { code: SpanStatusCode.UNSET },
    attributes: {},
    events: [],
    links: [],
    resource: resourceFromAttributes({}),
    instrumentationScope: { name: 'test' },
    ...given,
  } as unknown as ReadableSpan;
}

function storeOf(options: TraceStoreOptions = {}) {
  const store = createTraceStore(options);
  const results: number[] = [];
  const add = (...spans: ReadableSpan[]) => store.export(spans, ({ code }) => results.push(code));
  return { store, add, results };
}

/** Names in brackets: `a[b,c[d]]`. */
const shape = (nodes: readonly SpanNode[] = []): string =>
  nodes
    .map(({ spanId, children }) => (children.length > 0 ? `${spanId}[${shape(children)}]` : spanId))
    .join(',');

describe('what is stored', () => {
  it('is the span in words and numbers, as JSON', () => {
    const { store, add, results } = storeOf();
    const { start, startIn } = tracerOf(processorOf((span) => add(span)));
    const childAtMs = 1_700_000_000_000;
    const root = startIn('GET /api/contacts', remoteParent(traceId));
    const child = start('SELECT', root, {
      kind: SpanKind.CLIENT,
      startTime: childAtMs,
      attributes: { 'db.system.name': 'postgresql', rows: 3, tags: ['a'] },
      links: [{ context: { traceId: 'f'.repeat(32), spanId: '1'.repeat(16), traceFlags: 1 } }],
    });
    child.addEvent('retry', { attempt: 2 }, childAtMs + 10);
    child.addEvent('bare', childAtMs + 11);
    child.setStatus({ code: SpanStatusCode.ERROR, message: 'gone' });
    child.end(childAtMs + 20.5);
    root.setStatus({ code: SpanStatusCode.OK });
    root.end();

    const trace = store.trace(traceId);
    expect(JSON.parse(JSON.stringify(trace))).toEqual(trace && JSON.parse(JSON.stringify(trace)));
    expect(trace).toMatchObject({ traceId, spans: 2, hasError: true, dropped: 0, startedAtMs: childAtMs });
    expect(trace?.roots).toEqual([
      expect.objectContaining({
        name: 'GET /api/contacts',
        parentSpanId: '00f067aa0ba902b7',
        status: 'ok',
        statusMessage: undefined,
        service: 'crm',
      }),
    ]);
    expect(trace?.roots[0]?.children).toEqual([
      {
        spanId: child.spanContext().spanId,
        parentSpanId: root.spanContext().spanId,
        name: 'SELECT',
        kind: 'client',
        service: 'crm',
        scope: 'test',
        startedAtMs: childAtMs,
        durationMs: 20.5,
        status: 'error',
        statusMessage: 'gone',
        attributes: { 'db.system.name': 'postgresql', rows: 3, tags: ['a'] },
        events: [
          { name: 'retry', atMs: childAtMs + 10, attributes: { attempt: 2 } },
          { name: 'bare', atMs: childAtMs + 11, attributes: {} },
        ],
        links: [{ traceId: 'f'.repeat(32), spanId: '1'.repeat(16) }],
        children: [],
      },
    ]);
    expect(results).toEqual([0, 0]);
  });

  it('leaves out attributes that are not there, and knows no service', () => {
    const { store, add } = storeOf();
    add(
      spanOf('a', undefined, 1_000, {
        attributes: { gone: undefined, is: false },
        events: [{ name: 'e', time: [1, 0] }],
      }),
    );
    const [root] = store.trace(traceId)?.roots ?? [];
    expect(root).toMatchObject({ attributes: { is: false }, service: '', events: [{ attributes: {} }] });
    expect(Object.keys(root?.attributes ?? {})).toEqual(['is']);
  });
});

describe('trees', () => {
  it('are the same in whatever order and batches the spans come', () => {
    const spans = [
      spanOf('a', undefined, 1_000),
      spanOf('b', 'a', 1_002),
      spanOf('c', 'a', 1_001),
      spanOf('d', 'b', 1_003),
      spanOf('e', 'unknown', 1_004),
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(spans, { minLength: spans.length }), fc.nat(5), (shuffled, cut) => {
        const { store, add } = storeOf();
        add(...shuffled.slice(0, cut));
        add(...shuffled.slice(cut));
        expect(shape(store.trace(traceId)?.roots)).toBe('a[c,b[d]],e');
      }),
    );
  });

  it('hold every span once, whatever the parents say', () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
    const parents = fc.tuple(...ids.map(() => fc.constantFrom(undefined, 'unknown', ...ids)));
    fc.assert(
      fc.property(parents, (chosen) => {
        const { store, add } = storeOf();
        add(...ids.map((id, place) => spanOf(id, chosen[place], 1_000 + place)));
        const found = shape(store.trace(traceId)?.roots).match(/[a-f]/g) ?? [];
        expect(found.sort()).toEqual(ids);
      }),
    );
  });

  it('break a cycle at its first span', () => {
    const { store, add } = storeOf();
    add(spanOf('a', 'c', 1_002), spanOf('b', 'a', 1_003), spanOf('c', 'b', 1_004), spanOf('self', 'self'));
    expect(shape(store.trace(traceId)?.roots)).toBe('self,a[b[c]]');
  });

  it('may be as deep as they are long', () => {
    const { store, add } = storeOf({ maxSpansPerTrace: 50_000 });
    add(
      ...Array.from({ length: 50_000 }, (_, place) =>
        spanOf(`${place}`, place > 0 ? `${place - 1}` : undefined),
      ),
    );
    let depth = 0;
    let node = store.trace(traceId)?.roots[0];
    while (node) {
      depth += 1;
      node = node.children[0];
    }
    expect(depth).toBe(50_000);
  });
});

describe('what is kept is bounded', () => {
  it('by the spans of a trace: further ones are counted', () => {
    const { store, add } = storeOf({ maxSpansPerTrace: 2 });
    add(spanOf('a'), spanOf('b', 'a'), spanOf('c', 'a'), spanOf('a'));
    expect(store.trace(traceId)).toMatchObject({ spans: 2, dropped: 1 });
  });

  it('by the traces: the oldest go first', () => {
    const { store, add } = storeOf({ maxTraces: 2 });
    const { start } = tracerOf(processorOf((span) => add(span)));
    const roots = ['first', 'second', 'third'].map((name) => start(name));
    for (const root of roots) root.end();
    expect(store.traces().map(({ name }) => name)).toEqual(['third', 'second']);
    expect(store.trace(roots[0]?.spanContext().traceId ?? '')).toBeUndefined();
  });
});

describe('lists', () => {
  it('have the newest first, and no more than asked for', () => {
    const { store, add } = storeOf();
    const { start } = tracerOf(processorOf((span) => add(span)));
    const startTime = 1_700_000_000_000;
    for (const place of Array(60).keys()) start(`root ${place}`, undefined, { startTime }).end(startTime + 4);
    expect(store.traces()).toHaveLength(50);
    expect(store.traces(2).map(({ name }) => name)).toEqual(['root 59', 'root 58']);
    expect(store.traces(1)[0]).toEqual({
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
      name: 'root 59',
      spans: 1,
      startedAtMs: startTime,
      durationMs: 4,
      hasError: false,
      dropped: 0,
    });
    expect(store.traces(0)).toEqual([]);
    expect(store.traces(-1)).toEqual([]);
    expect(createTraceStore().traces()).toEqual([]);
  });
});

describe('waiting for a trace', () => {
  it('ends when its root has ended', async () => {
    const { store, add } = storeOf();
    const found: (StoredTrace | undefined)[] = [];
    const waits = [1, 2].map(async () => {
      found.push(await store.waitFor(traceId, new AbortController().signal));
    });
    add(spanOf('b', 'a'));
    await Promise.resolve();
    expect(found).toEqual([]);
    add(spanOf('a'));
    await Promise.all(waits);
    expect(found.map((trace) => shape(trace?.roots))).toEqual(['a[b]', 'a[b]']);
    expect(shape((await store.waitFor(traceId, AbortSignal.abort()))?.roots)).toBe('a[b]');
  });

  it('ends with nothing when nobody waits any more', async () => {
    const { store, add } = storeOf();
    expect(await store.waitFor(traceId, AbortSignal.abort())).toBeUndefined();
    const waiting = new AbortController();
    const found = store.waitFor(traceId, waiting.signal);
    waiting.abort();
    expect(await found).toBeUndefined();
    add(spanOf('a'));
  });
});

it('has nothing to flush or to end', async () => {
  const { store } = storeOf();
  await store.forceFlush?.();
  await store.shutdown();
});

it.each([
  [{ maxTraces: 0 }, 'createTraceStore: option "maxTraces" must be a whole number of at least 1, got 0'],
  [{ maxSpansPerTrace: 1.5 }, 'option "maxSpansPerTrace" must be a whole number of at least 1, got 1.5'],
  [{ max: 1 }, 'unknown option "max"'],
])('%j is refused', (options, message) => {
  expect(() => createTraceStore(options as TraceStoreOptions)).toThrow(message);
});
