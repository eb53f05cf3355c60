import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import { currentTraceId } from '../src/current-trace-id';
import { span } from '../src/span';
import { createTestTracing } from '../src/testing';

describe('span', () => {
  let tracing: ReturnType<typeof createTestTracing>;
  beforeEach(() => {
    tracing = createTestTracing();
  });
  afterEach(() => tracing.close());

  it('gives back what the work returns, and ends with it', async () => {
    expect(span('sync', (active) => active.spanContext().traceId)).toMatch(/^[0-9a-f]{32}$/);
    expect(await span('async', { 'crm.lead.id': 'l1' }, async () => 42)).toBe(42);
    expect(tracing.spans().map(({ name, attributes }) => [name, attributes])).toEqual([
      ['sync', {}],
      ['async', { 'crm.lead.id': 'l1' }],
    ]);
  });

  it('nests', async () => {
    await span('outer', async () => {
      await Promise.resolve();
      await span('inner', async () => {});
    });
    const [inner, outer] = tracing.spans();
    expect(inner?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId);
  });

  it.each([
    ['thrown', () => span('fails', throwing(new TypeError('boom'))), 'boom'],
    ['thrown, and no error', () => span('fails', throwing('a text')), 'thrown: "a text"'],
    ['rejected', () => span('fails', async () => throwing(new TypeError('late'))()), 'late'],
  ])('notes a failure and throws it on: %s', async (_, work, message) => {
    await expect((async () => work())()).rejects.toBeDefined();
    const [failed] = tracing.spans();
    expect(failed?.status).toEqual({ code: SpanStatusCode.ERROR, message });
    expect(failed?.events).toHaveLength(1);
  });

  it('runs the work whatever its attributes are, and keeps those that can be read', () => {
    const unreadable = throwing(new Error());
    const revoked = Proxy.revocable([], {});
    revoked.revoke();
    const some = Object.defineProperty({ a: 1, list: ['b'], revoked: revoked.proxy }, 'x', {
      get: unreadable,
      enumerable: true,
    });
    const list = Object.defineProperty([1, 2], 0, { get: unreadable });
    const none = new Proxy({}, { ownKeys: unreadable });
    for (const attributes of [some, { a: 1, list }, none, undefined, null]) {
      expect(span('a', attributes as never, () => 'done')).toBe('done');
    }
    expect(tracing.spans().map(({ attributes }) => attributes)).toEqual([
      { a: 1, list: ['b'] },
      { a: 1 },
      {},
      {},
      {},
    ]);
  });

  it.each([[undefined], [null], [7], [''], [Symbol('name')]])(
    'runs the work under a name that is none: %p',
    (name) => {
      expect(span(name as never, () => 'done')).toBe('done');
      expect(tracing.spans()[0]?.name).toBe('unnamed');
    },
  );

  it('shows no values of a database', () => {
    const error = Object.assign(new Error('bad integer: "S3CRET"'), { code: '22P02', severity: 'ERROR' });
    expect(() => span('fails', throwing(error))).toThrow(error);
    const [failed] = tracing.spans();
    expect(failed?.status.message).toBe('bad integer: "?"');
    expect(failed?.attributes).toEqual({ 'unite.error.code': '22P02' });
    expect(JSON.stringify(failed?.events)).not.toContain('S3CRET');
  });

  it('tells the trace that is active', () => {
    expect(currentTraceId()).toBeUndefined();
    span('traced', (active) => expect(currentTraceId()).toBe(active.spanContext().traceId));
  });
});

describe('without a set-up', () => {
  it('just runs the work', () => {
    expect(span('nothing', () => 1)).toBe(1);
    expect(span('nothing', () => currentTraceId())).toBeUndefined();
    expect(trace.getActiveSpan()).toBeUndefined();
  });
});

function throwing(error: unknown) {
  return (): never => {
    throw error;
  };
}
