import { describe, expect, it } from '@jest/globals';
import { ROOT_CONTEXT, type Span, SpanStatusCode, trace } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { manualClock, settle } from '@unite/shared/testing';
import { createTailSampler, type TailSamplerOptions } from '../../src/sampling';
import { remoteParent, tracerOf } from '../support/spans';

const reasonKey = 'unite.sampling.reason';
/** The last 7 bytes decide: the first of these is kept by no ratio below 1, the second by every one above 0. */
const lowTraceId = 'ffffffffffffffffff00000000000000';
const highTraceId = '000000000000000001ffffffffffffff';

function setUp(options: TailSamplerOptions) {
  const clock = manualClock();
  const batches: (readonly ReadableSpan[])[] = [];
  const sampler = createTailSampler({ clock, ...options }, (spans) => batches.push(spans));
  const { start, startIn } = tracerOf(sampler);
  return {
    clock,
    sampler,
    batches,
    start,
    startIn,
    startRemote: (name: string, traceId: string) => startIn(name, remoteParent(traceId)),
    names: () => batches.map((spans) => spans.map(({ name }) => name)),
  };
}

const fail = (span: Span) => span.setStatus({ code: SpanStatusCode.ERROR, message: 'no' });
const reasonOf = (spans: readonly ReadableSpan[] | undefined, name: string) =>
  spans?.find((span) => span.name === name)?.attributes[reasonKey];

describe('at a ratio of 1', () => {
  it('hands every span on as it ends, and marks local roots', () => {
    const { start, sampler, names, batches } = setUp({});
    const root = start('root');
    const child = start('child', root);
    const grandchild = start('grandchild', child);
    expect(sampler.stats()).toMatchObject({ started: 3, ended: 0, openTraces: 1, openSpans: 0 });

    grandchild.end();
    child.end();
    root.end();

    expect(names()).toEqual([['grandchild'], ['child'], ['root']]);
    expect(batches.flat().map(({ attributes }) => attributes[reasonKey])).toEqual([
      undefined,
      undefined,
      'all',
    ]);
    expect(sampler.stats()).toEqual({
      started: 3,
      ended: 3,
      kept: { all: 1, ratio: 0, error: 0, slow: 0, early: 0 },
      dropped: 0,
      early: { tooMany: 0, tooLong: 0 },
      late: { kept: 0, dropped: 0, forgotten: 0 },
      overLimit: 0,
      openTraces: 0,
      openSpans: 0,
    });
  });

  it('counts each local root of a trace', () => {
    const { startRemote, start, sampler } = setUp({ ratio: 1 });
    start('own').end();
    startRemote('first', highTraceId).end();
    startRemote('second', highTraceId).end();
    expect(sampler.stats().kept.all).toBe(3);
    expect(sampler.decisionOf(highTraceId)).toBe('kept');
  });

  it('has nothing to decide, to flush or to end', async () => {
    const { start, sampler, names, clock } = setUp({});
    const root = start('root');
    sampler.decideAll();
    await sampler.forceFlush();
    await sampler.shutdown();
    root.end();
    expect(names()).toEqual([['root']]);
    expect(clock.sleepers()).toBe(0);
  });
});

describe('below it', () => {
  it('keeps the share of trace ids that every service with the same ratio keeps', () => {
    const { startRemote, sampler, names, batches } = setUp({ ratio: 0.5 });
    const spans = [
      startRemote('zero', lowTraceId),
      startRemote('just below half', 'ffffffffffffffffff7fffffffffffff'),
      startRemote('half', '00000000000000000080000000000000'),
      startRemote('highest', highTraceId),
    ];
    for (const span of spans) span.end();
    expect(names()).toEqual([['half'], ['highest']]);
    expect(reasonOf(batches[0], 'half')).toBe('ratio');
    expect(sampler.stats()).toMatchObject({ kept: { ratio: 2 }, dropped: 2 });
    expect(sampler.decisionOf(highTraceId)).toBe('kept');
    expect(sampler.decisionOf(lowTraceId)).toBe('dropped');
    expect(sampler.decisionOf('00000000000000000000000000000001')).toBeUndefined();
  });

  it('keeps about the share that was asked for, and nothing at 0', () => {
    const tenth = setUp({ ratio: 0.1 });
    const nothing = setUp({ ratio: 0 });
    for (const _ of Array(5_000).keys()) {
      tenth.start('root').end();
      nothing.start('root').end();
    }
    nothing.startRemote('highest', highTraceId).end();
    // Binomial: five standard deviations are 106.
    expect(Math.abs(tenth.sampler.stats().kept.ratio - 500)).toBeLessThan(106);
    expect(nothing.sampler.stats()).toMatchObject({ dropped: 5_001, kept: { ratio: 0 } });
  });

  it('keeps a trace whole in which any span failed, and one that a remote parent began too', () => {
    const { startRemote, start, names, batches, sampler } = setUp({ ratio: 0 });
    const root = startRemote('root', lowTraceId);
    const child = start('child', root);
    start('fine', child).end();
    fail(child).end();
    expect(sampler.stats()).toMatchObject({ openTraces: 1, openSpans: 2 });
    root.end();
    expect(names()).toEqual([['fine', 'child', 'root']]);
    expect(reasonOf(batches[0], 'root')).toBe('error');
    expect(reasonOf(batches[0], 'child')).toBeUndefined();
    expect(sampler.stats()).toMatchObject({ kept: { error: 1 }, openTraces: 0, openSpans: 0 });
  });

  it('keeps errors only where that is asked for', () => {
    const { start, sampler } = setUp({ ratio: 0, keepErrors: false });
    fail(start('root')).end();
    expect(sampler.stats()).toMatchObject({ dropped: 1, kept: { error: 0 } });
  });

  it('keeps what took longer than asked, by the local root alone', () => {
    const { start, batches, names } = setUp({ ratio: 0, keepSlowerThanMs: 500 });
    const startTime = 1_700_000_000_000;
    start('slow', undefined, { startTime }).end(startTime + 501);
    start('in time', undefined, { startTime }).end(startTime + 500);
    const root = start('root', undefined, { startTime });
    start('slow child', root, { startTime }).end(startTime + 8_000);
    root.end(startTime + 100);
    expect(names()).toEqual([['slow']]);
    expect(reasonOf(batches[0], 'slow')).toBe('slow');
  });

  it('decides on each local root of a trace on its own, and remembers that one was kept', () => {
    const { startRemote, sampler, names } = setUp({ ratio: 0 });
    const outer = startRemote('outer', lowTraceId);
    fail(startRemote('inner', lowTraceId)).end();
    outer.end();
    expect(names()).toEqual([['inner']]);
    expect(sampler.decisionOf(lowTraceId)).toBe('kept');
    startRemote('again', lowTraceId).end();
    expect(sampler.decisionOf(lowTraceId)).toBe('kept');
  });

  it('takes a span of another provider for a remote parent', () => {
    const { sampler, startIn } = setUp({ ratio: 0 });
    const foreign = setUp({ ratio: 0 });
    startIn('ours', trace.setSpan(ROOT_CONTEXT, foreign.start('theirs'))).end();
    expect(sampler.stats().dropped).toBe(1);
    expect(foreign.sampler.stats()).toMatchObject({ openTraces: 1, started: 1 });
  });
});

describe('spans that end after their root', () => {
  it('follow the decision, and an error does not bring a dropped trace back', () => {
    const { startRemote, start, names, sampler } = setUp({ ratio: 0.5 });
    const kept = startRemote('kept', highTraceId);
    const dropped = startRemote('dropped', lowTraceId);
    const late = [start('late and kept', kept), start('late and dropped', dropped)];
    kept.end();
    dropped.end();
    for (const span of late) fail(span).end();
    start('started late', kept).end();
    expect(names()).toEqual([['kept'], ['late and kept'], ['started late']]);
    expect(sampler.stats().late).toEqual({ kept: 2, dropped: 1, forgotten: 0 });
    expect(sampler.stats()).toMatchObject({ openTraces: 0, openSpans: 0 });
  });

  it('follow what is remembered of their trace when they belong to no local root', () => {
    const { startRemote, sampler, names } = setUp({ ratio: 0.5, maxDecisions: 2 });
    const ended: ReadableSpan[] = [];
    const other = tracerOf({ ...sampler, onStart() {}, onEnd: (span) => ended.push(span) } as typeof sampler);
    startRemote('kept', highTraceId).end();
    startRemote('dropped', lowTraceId).end();
    for (const traceId of [highTraceId, lowTraceId]) other.startIn('elsewhere', remoteParent(traceId)).end();
    for (const span of ended) sampler.onEnd(span);
    expect(sampler.stats().late).toEqual({ kept: 1, dropped: 1, forgotten: 0 });
    expect(names()).toEqual([['kept'], ['elsewhere']]);

    startRemote('third', '000000000000000002ffffffffffffff').end();
    expect(sampler.decisionOf(highTraceId)).toBeUndefined();
    expect(sampler.decisionOf(lowTraceId)).toBe('dropped');
    for (const span of ended) sampler.onEnd(span);
    expect(sampler.stats().late).toEqual({ kept: 1, dropped: 2, forgotten: 1 });
  });
});

describe('what is held is bounded', () => {
  it('by the number of open traces: the oldest is decided early', () => {
    const { startRemote, start, sampler, names, batches } = setUp({ ratio: 0.5, maxOpenTraces: 2 });
    const oldest = startRemote('oldest', highTraceId);
    start('child', oldest).end();
    const second = startRemote('second', lowTraceId);
    startRemote('third', lowTraceId);
    expect(names()).toEqual([['child']]);
    expect(sampler.stats()).toMatchObject({ kept: { early: 1 }, early: { tooMany: 1 }, openTraces: 2 });
    startRemote('fourth', lowTraceId);
    expect(sampler.stats()).toMatchObject({ dropped: 1, early: { tooMany: 2 }, openTraces: 2 });
    oldest.end();
    second.end();
    expect(names()).toEqual([['child'], ['oldest']]);
    expect(reasonOf(batches[1], 'oldest')).toBe('early');
  });

  it('by the number of spans: the oldest trace that holds any is decided early', () => {
    const { startRemote, start, sampler, names } = setUp({ ratio: 0.5, maxOpenSpans: 3 });
    startRemote('empty', highTraceId);
    const first = startRemote('first', highTraceId);
    const second = startRemote('second', lowTraceId);
    for (const parent of [first, first, second]) start('child', parent).end();
    expect(sampler.stats()).toMatchObject({ openSpans: 3, early: { tooMany: 0 } });
    start('child', second).end();
    expect(names()).toEqual([['child', 'child']]);
    expect(sampler.stats()).toMatchObject({ openSpans: 2, openTraces: 2, early: { tooMany: 1 } });
  });

  it('by the spans of one trace: there is room for the root, and an error is seen all the same', () => {
    const { start, sampler, names } = setUp({ ratio: 0, maxSpansPerTrace: 2 });
    const root = start('root');
    start('first', root).end();
    fail(start('second', root)).end();
    root.end();
    expect(names()).toEqual([['first', 'root']]);
    expect(sampler.stats()).toMatchObject({ overLimit: 1, kept: { error: 1 } });
  });

  it('by time: a root that does not end is decided early, and its timer runs only while something is open', async () => {
    const { startRemote, start, sampler, clock, names } = setUp({ ratio: 0.5, maxOpenMs: 1_000 });
    expect(clock.sleepers()).toBe(0);
    const stuck = startRemote('stuck', highTraceId);
    start('child', stuck).end();
    await clock.advance(600);
    startRemote('ends in time', lowTraceId).end();
    startRemote('stuck too', lowTraceId);
    await clock.advance(400);
    expect(names()).toEqual([['child']]);
    expect(sampler.stats()).toMatchObject({ early: { tooLong: 1 }, openTraces: 1 });
    await clock.advance(600);
    expect(sampler.stats()).toMatchObject({ early: { tooLong: 2 }, openTraces: 0, dropped: 2 });
    expect(clock.sleepers()).toBe(0);

    startRemote('stuck again', lowTraceId);
    await clock.advance(1_000);
    expect(sampler.stats().early.tooLong).toBe(3);
  });

  it('a root that is decided early for its age counts as slow where that is asked for', async () => {
    const { startRemote, sampler, clock } = setUp({ ratio: 0, maxOpenMs: 1_000, keepSlowerThanMs: 500 });
    startRemote('stuck', lowTraceId);
    await clock.advance(1_000);
    expect(sampler.stats().kept.early).toBe(1);
  });

  it('the timer goes on to traces that were opened while it waited', async () => {
    const { startRemote, sampler, clock } = setUp({ ratio: 0, maxOpenMs: 1_000 });
    const first = startRemote('first', lowTraceId);
    await clock.advance(900);
    startRemote('second', lowTraceId);
    first.end();
    await clock.advance(100);
    expect(sampler.stats()).toMatchObject({ openTraces: 1, early: { tooLong: 0 } });
    await clock.advance(900);
    expect(sampler.stats()).toMatchObject({ openTraces: 0, early: { tooLong: 1 } });
  });

  it('everything is decided at the end, and no timer is left', async () => {
    const { startRemote, start, sampler, clock, names } = setUp({ ratio: 0.5 });
    const root = startRemote('root', highTraceId);
    start('child', root).end();
    startRemote('dropped', lowTraceId);
    await sampler.forceFlush();
    expect(sampler.stats().openTraces).toBe(2);
    await sampler.shutdown();
    await settle();
    expect(names()).toEqual([['child']]);
    expect(sampler.stats()).toMatchObject({ openTraces: 0, dropped: 1, kept: { early: 1 } });
    expect(clock.sleepers()).toBe(0);
  });
});

describe('a request is never broken', () => {
  it('by a sink that throws', () => {
    const sampler = createTailSampler({ ratio: 0.5 }, () => {
      throw new Error('no');
    });
    const { start } = tracerOf(sampler);
    const root = start('root');
    expect(() => fail(root).end()).not.toThrow();
    expect(sampler.stats().kept.error).toBe(1);
  });

  it('by spans that cannot be marked', () => {
    const { sampler, batches } = setUp({});
    const frozen = { attributes: Object.freeze({}) } as unknown as ReadableSpan & Span;
    sampler.onStart(frozen as never, ROOT_CONTEXT);
    expect(() => sampler.onEnd(frozen)).not.toThrow();
    expect(batches).toEqual([[frozen]]);
  });
});

describe('options', () => {
  it.each([
    [{ ratio: 1.5 }, 'sampling: option "ratio" must be a number from 0 to 1, got 1.5'],
    [{ ratio: Number.NaN }, 'got NaN'],
    [{ keepErrors: 'yes' }, 'option "keepErrors" must be true or false, got "yes"'],
    [{ keepSlowerThanMs: -1 }, 'option "keepSlowerThanMs" must be a number of at least 0, got -1'],
    [{ maxOpenTraces: 0 }, 'option "maxOpenTraces" must be a whole number of at least 1, got 0'],
    [{ maxOpenMs: 0 }, 'option "maxOpenMs" must be a positive number, got 0'],
    [{ rate: 1 }, 'unknown option "rate"'],
  ])('%j is refused', (options, message) => {
    expect(() => createTailSampler(options as TailSamplerOptions, () => {})).toThrow(message);
  });

  it('a sink is needed', () => {
    expect(() => createTailSampler({}, undefined as never)).toThrow('the sink must be a function');
  });
});
