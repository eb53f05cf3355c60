import { AsyncLocalStorage } from 'node:async_hooks';
import { afterEach, describe, expect, it } from '@jest/globals';
import { context } from '@opentelemetry/api';
import { type ExportResult, ExportResultCode, isTracingSuppressed } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import { manualClock, settle } from '@unite/shared/testing';
import fc from 'fast-check';
import { type CountedResult, createExportPipeline, type ExportPipelineOptions } from '../../src/exporters';
import { enableContexts, endedSpans, exporterOf } from '../support/spans';

const taken: ExportResult = { code: ExportResultCode.SUCCESS };
const refused = (message: string): ExportResult => ({
  code: ExportResultCode.FAILED,
  error: new Error(message),
});

/** An exporter that keeps what it is given, and answers when it is told to. */
function heldExporter(rest: Partial<SpanExporter> = {}) {
  const batches: ReadableSpan[][] = [];
  const answers: ((result: ExportResult) => void)[] = [];
  const exporter = exporterOf((spans, done) => {
    batches.push(spans);
    answers.push(done);
  }, rest);
  return {
    exporter,
    batches,
    answers,
    async answer(result: ExportResult = taken) {
      answers.shift()?.(result);
      await settle();
    },
  };
}

/** An exporter that takes everything. */
function takerOf(onBatch: (spans: ReadableSpan[]) => unknown): SpanExporter {
  return exporterOf((spans, done) => {
    onBatch(spans);
    done(taken);
  });
}

function pipelineOf(exporter: SpanExporter, options: ExportPipelineOptions = {}) {
  const clock = manualClock();
  const pipeline = createExportPipeline([exporter], { clock, ...options });
  return { clock, pipeline, stats: () => pipeline.stats()[0] };
}

describe('batches', () => {
  it('leave when they are full, one at a time and in order', async () => {
    const { exporter, batches, answer } = heldExporter();
    const { pipeline, stats } = pipelineOf(exporter, { maxBatchSpans: 2 });
    const spans = endedSpans(5);
    pipeline.push(spans);
    expect(batches).toEqual([]);
    await settle();
    expect(batches).toEqual([spans.slice(0, 2)]);
    expect(stats()).toMatchObject({ exported: 0, queued: 5 });
    await answer();
    expect(batches).toEqual([spans.slice(0, 2), spans.slice(2, 4)]);
    await answer();
    expect(batches).toHaveLength(2);
    expect(stats()).toMatchObject({ exported: 4, queued: 1 });
  });

  it('leave when the oldest span has waited long enough', async () => {
    const { exporter, batches, answer } = heldExporter();
    const { pipeline, clock } = pipelineOf(exporter, { maxBatchSpans: 3, maxDelayMs: 100 });
    const spans = endedSpans(6);
    pipeline.push(spans.slice(0, 1));
    await clock.advance(60);
    pipeline.push(spans.slice(1, 2));
    await clock.advance(39);
    expect(batches).toEqual([]);
    await clock.advance(1);
    expect(batches).toEqual([spans.slice(0, 2)]);
    await answer();
    // More than one batch at once: the rest waits for its own time.
    pipeline.push(spans.slice(2));
    await settle();
    await answer();
    expect(batches).toHaveLength(2);
    await clock.advance(100);
    expect(batches.at(-1)).toEqual(spans.slice(5));
  });

  it('that are not full wait for the one under way, then for nothing', async () => {
    const { exporter, batches, answer } = heldExporter();
    const { pipeline, clock } = pipelineOf(exporter, { maxBatchSpans: 2, maxDelayMs: 100 });
    const spans = endedSpans(4);
    pipeline.push(spans.slice(0, 2));
    pipeline.push(spans.slice(2, 3));
    await clock.advance(100);
    pipeline.push([]);
    expect(batches).toHaveLength(1);
    await answer();
    expect(batches.at(-1)).toEqual(spans.slice(2, 3));
  });

  it('are exported outside of requests, where nothing is traced', async () => {
    const disable = enableContexts();
    const requests = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    const exporter = exporterOf((_, done) => {
      seen.push([isTracingSuppressed(context.active()), requests.getStore()]);
      done(taken);
    });
    const { pipeline, clock } = pipelineOf(exporter, { maxBatchSpans: 2, maxDelayMs: 100 });
    requests.run('a request', () => pipeline.push(endedSpans(3)));
    await clock.advance(100);
    disable();
    expect(seen).toEqual([
      [true, undefined],
      [true, undefined],
    ]);
  });

  it('wait for resources that are still looked for', async () => {
    const { exporter, batches } = heldExporter();
    const { pipeline } = pipelineOf(exporter, { maxBatchSpans: 1 });
    let known = () => {};
    const resource = {
      asyncAttributesPending: true,
      waitForAsyncAttributes: () =>
        new Promise<void>((resolve) => {
          known = resolve;
        }),
    };
    pipeline.push(endedSpans(1).map((span) => ({ ...span, resource }) as unknown as ReadableSpan));
    await settle();
    expect(batches).toHaveLength(0);
    known();
    await settle();
    expect(batches).toHaveLength(1);
  });
});

describe('a queue that is full', () => {
  it('drops and counts, and holds up no other exporter', async () => {
    const slow = heldExporter();
    const quick: ReadableSpan[] = [];
    const pipeline = createExportPipeline([slow.exporter, takerOf((spans) => quick.push(...spans))], {
      clock: manualClock(),
      maxBatchSpans: 2,
      maxQueuedSpans: 4,
    });
    for (const span of endedSpans(10)) {
      pipeline.push([span]);
      await settle();
    }
    // Two of them are under way, and wait no more.
    expect(pipeline.stats()).toMatchObject([
      { exported: 0, failed: 0, dropped: 4, queued: 6 },
      { exported: 10, failed: 0, dropped: 0, queued: 0 },
    ]);
    expect(quick).toHaveLength(10);
  });
});

describe('failures are counted, and told without credentials', () => {
  it.each<[string, (done: (result: ExportResult) => void) => void, string]>([
    ['a refusal', (done) => done(refused('no room')), 'no room'],
    [
      'a network error',
      (done) => done({ code: 1, error: Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }) }),
      'connect (ECONNREFUSED)',
    ],
    [
      'several addresses',
      (done) => done({ code: 1, error: new AggregateError([new Error('::1'), new Error('127.0.0.1')]) }),
      '::1; 127.0.0.1',
    ],
    [
      'an address with a password and a key',
      (done) => done(refused('POST https://me:pass@host/v1?api_key=secret failed')),
      'POST https://[redacted]@host/v1?api_key=[redacted] failed',
    ],
    ['no reason', (done) => done({ code: 1 }), 'the exporter failed with undefined'],
    ['a text', (done) => done({ code: 1, error: 'text' as unknown as Error }), 'text'],
    ['an empty error', (done) => done({ code: 1, error: new RangeError() }), 'RangeError'],
    [
      'an error that cannot be read',
      (done) => {
        const error = new AggregateError([]);
        error.errors.push(error);
        done({ code: 1, error });
      },
      'the exporter failed with what cannot be read',
    ],
    ['a long text', (done) => done(refused('no '.repeat(10_000))), 'no '.repeat(67).slice(0, 200)],
    ['no result', (done) => done(undefined as unknown as ExportResult), 'the exporter failed with undefined'],
    [
      'a throw',
      () => {
        throw new Error('thrown');
      },
      'thrown',
    ],
  ])('%s', async (_, answer, lastError) => {
    const { pipeline, stats } = pipelineOf(
      exporterOf((_spans, done) => answer(done)),
      { maxBatchSpans: 2 },
    );
    pipeline.push(endedSpans(2));
    await settle();
    expect(stats()).toMatchObject({ exported: 0, failed: 2, queued: 0, lastError });
  });

  it('an exporter that never answers, and answers later all the same', async () => {
    const { exporter, answers, batches } = heldExporter();
    const { pipeline, stats, clock } = pipelineOf(exporter, { maxBatchSpans: 2, timeoutMs: 500 });
    pipeline.push(endedSpans(4));
    await clock.advance(500);
    expect(stats()).toMatchObject({
      failed: 2,
      queued: 2,
      lastError: 'the exporter did not take the batch within 500 ms (UNITE_TRACING_EXPORT_TIMEOUT)',
    });
    expect(batches).toHaveLength(2);
    answers[0]?.(taken);
    answers[0]?.(taken);
    await settle();
    expect(stats()).toMatchObject({ exported: 0, failed: 2, queued: 2 });
    answers[1]?.(taken);
    answers[1]?.(taken);
    await settle();
    expect(stats()).toMatchObject({ exported: 2, failed: 2, queued: 0 });
    expect(clock.sleepers()).toBe(1);
  });

  it.each([
    [1, { exported: 2, failed: 1 }],
    [99, { exported: 0, failed: 3 }],
    [-1, { exported: 3, failed: 0 }],
  ])('a batch of 3 of which %d were rejected', async (rejectedSpans, counts) => {
    const result: CountedResult = { ...taken, rejectedSpans, error: new Error('too old') };
    const { pipeline, stats } = pipelineOf(
      exporterOf((_, done) => done(result)),
      { maxBatchSpans: 3 },
    );
    pipeline.push(endedSpans(3));
    await settle();
    expect(stats()).toMatchObject({ ...counts, lastError: counts.failed > 0 ? 'too old' : undefined });
  });

  it('under the name of its class where an exporter has no other', () => {
    class SomeExporter {
      export() {}
      async shutdown() {}
    }
    const bare = Object.assign(Object.create(null), { export() {}, async shutdown() {} });
    const pipeline = createExportPipeline([new SomeExporter(), bare]);
    expect(pipeline.stats().map(({ exporter }) => exporter)).toEqual(['SomeExporter', 'exporter']);
  });
});

describe('flush', () => {
  it('sends what waits, and not what comes meanwhile', async () => {
    const { exporter, batches, answer } = heldExporter();
    const { pipeline } = pipelineOf(exporter, { maxBatchSpans: 2 });
    pipeline.push(endedSpans(3));
    const flush = pipeline.flush(1_000);
    await settle();
    await answer();
    await answer(refused('no'));
    pipeline.push(endedSpans(1));
    expect(batches.map(({ length }) => length)).toEqual([2, 1]);
    expect(await flush).toEqual({ exported: 2, lost: 1, timedOut: false });
  });

  it('of nothing is done at once', async () => {
    const { pipeline } = pipelineOf(heldExporter().exporter);
    expect(await pipeline.flush(1_000)).toEqual({ exported: 0, lost: 0, timedOut: false });
  });

  it('ends in time, and says what is not sent yet', async () => {
    const { exporter, answer } = heldExporter();
    const { pipeline, clock, stats } = pipelineOf(exporter, { maxBatchSpans: 2 });
    pipeline.push(endedSpans(3));
    const flush = pipeline.flush(1_000);
    await settle();
    await answer();
    await clock.advance(1_000);
    expect(await flush).toEqual({ exported: 2, lost: 1, timedOut: true });
    await answer();
    expect(stats()).toMatchObject({ exported: 3, failed: 0 });
  });

  it.each<[string, () => Promise<void>, boolean]>([
    ['hangs', () => new Promise(() => {}), true],
    ['rejects', () => Promise.reject(new Error('no')), false],
    [
      'throws',
      () => {
        throw new Error('no');
      },
      false,
    ],
  ])('does not reject when that of the exporter %s', async (_, forceFlush, timedOut) => {
    const { exporter, answer } = heldExporter({ forceFlush });
    const { pipeline, clock } = pipelineOf(exporter);
    pipeline.push(endedSpans(1));
    const flush = pipeline.flush(1_000);
    await settle();
    await answer();
    await clock.advance(1_000);
    expect(await flush).toEqual({ exported: 1, lost: 0, timedOut });
  });
});

describe('close', () => {
  it('flushes, shuts the exporter down once, and drops what comes later', async () => {
    let shutdowns = 0;
    const { exporter, answer } = heldExporter({ shutdown: async () => void shutdowns++ });
    const { pipeline, stats, clock } = pipelineOf(exporter);
    pipeline.push(endedSpans(2));
    const closing = pipeline.close(1_000);
    pipeline.push(endedSpans(3));
    await settle();
    expect(shutdowns).toBe(0);
    await answer();
    expect(await closing).toEqual({ exported: 2, lost: 0, timedOut: false });
    expect(await pipeline.close(1_000)).toEqual({ exported: 2, lost: 0, timedOut: false });
    pipeline.push(endedSpans(1));
    expect(shutdowns).toBe(1);
    expect(stats()).toMatchObject({ exported: 2, failed: 0, dropped: 4, queued: 0 });
    expect(clock.sleepers()).toBe(0);
  });

  it('gives up on an exporter that hangs: every span is settled, no timer is left', async () => {
    const { exporter, answers } = heldExporter({ shutdown: () => new Promise(() => {}) });
    const { pipeline, stats, clock } = pipelineOf(exporter, { maxBatchSpans: 2 });
    pipeline.push(endedSpans(5));
    const closing = pipeline.close(1_000);
    await clock.advance(1_000);
    expect(await closing).toEqual({ exported: 0, lost: 5, timedOut: true });
    answers[0]?.(taken);
    await settle();
    expect(stats()).toMatchObject({
      exported: 0,
      failed: 5,
      dropped: 0,
      queued: 0,
      lastError: 'closed before it was sent',
    });
    expect(clock.sleepers()).toBe(0);
  });

  it('still tells what went wrong before it gave up', async () => {
    const { exporter, answer } = heldExporter();
    const { pipeline, stats, clock } = pipelineOf(exporter, { maxBatchSpans: 2 });
    pipeline.push(endedSpans(5));
    await settle();
    await answer(refused('no room'));
    const closing = pipeline.close(1_000);
    await clock.advance(1_000);
    expect(await closing).toEqual({ exported: 0, lost: 3, timedOut: true });
    expect(stats()).toMatchObject({ failed: 5, queued: 0, lastError: 'no room' });
  });

  it.each<[string, () => Promise<void>]>([
    ['rejects', () => Promise.reject(new Error('no'))],
    [
      'throws',
      () => {
        throw new Error('no');
      },
    ],
  ])('does not reject when the exporter %s', async (_, shutdown) => {
    const { pipeline } = pipelineOf(exporterOf((_spans, done) => done(taken), { shutdown }));
    pipeline.push(endedSpans(1));
    expect(await pipeline.close(1_000)).toEqual({ exported: 1, lost: 0, timedOut: false });
  });
});

it('any order of pushes, answers and failures: every span is counted once, and sent in order', async () => {
  const act = fc.oneof(
    fc.record({ push: fc.integer({ min: 1, max: 9 }) }),
    fc.record({
      answer: fc.constantFrom<CountedResult>(taken, refused('no'), { ...taken, rejectedSpans: 1 }),
    }),
    fc.record({ wait: fc.integer({ min: 1, max: 300 }) }),
    fc.record({ flush: fc.constant(true) }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(act, { maxLength: 25 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 12 }),
      async (acts, maxBatchSpans, maxQueuedSpans) => {
        const { exporter, batches, answer } = heldExporter();
        const options = { maxBatchSpans, maxQueuedSpans, maxDelayMs: 100, timeoutMs: 200 };
        const { pipeline, stats, clock } = pipelineOf(exporter, options);
        const flushes: Promise<unknown>[] = [];
        let pushed = 0;
        for (const each of acts) {
          if ('push' in each) {
            pipeline.push(numbered(pushed, each.push));
            pushed += each.push;
          } else if ('answer' in each) await answer(each.answer);
          else if ('wait' in each) await clock.advance(each.wait);
          else flushes.push(pipeline.flush(150));
          const { exported = 0, failed = 0, dropped = 0, queued = 0 } = stats() ?? {};
          expect(exported + failed + dropped + queued).toBe(pushed);
          expect(queued).toBeLessThanOrEqual(maxQueuedSpans + maxBatchSpans);
        }
        const closing = pipeline.close(100);
        await clock.advance(1_000);
        await Promise.all([closing, ...flushes]);
        expect(stats()).toMatchObject({ queued: 0 });
        const sent = batches.flat().map(({ name }) => Number(name));
        expect(sent).toEqual([...new Set(sent)].sort((one, other) => one - other));
        expect(batches.every(({ length }) => length <= maxBatchSpans)).toBe(true);
        expect(clock.sleepers()).toBe(0);
      },
    ),
    { numRuns: 100 },
  );

  function numbered(from: number, count: number): ReadableSpan[] {
    return Array.from(
      { length: count },
      (_, place) => ({ name: `${from + place}`, resource: {} }) as ReadableSpan,
    );
  }
});

it.each([
  [{ maxQueuedSpans: 0 }, 'export: option "maxQueuedSpans" must be a whole number of at least 1, got 0'],
  [{ maxBatchSpans: 1.5 }, 'option "maxBatchSpans" must be a whole number of at least 1, got 1.5'],
  [{ maxDelayMs: -1 }, 'option "maxDelayMs" must be a positive number, got -1'],
  [{ retries: 1 }, 'unknown option "retries"'],
])('%j is refused', (options, message) => {
  expect(() => createExportPipeline([], options as ExportPipelineOptions)).toThrow(message);
});

describe('with the time of the machine', () => {
  const closes: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    await Promise.all(closes.splice(0).map((close) => close()));
  });

  it('sends after the delay', async () => {
    const sent = new Promise<ReadableSpan[]>((resolve) => {
      const exporter = takerOf(resolve);
      const pipeline = createExportPipeline([exporter], { maxDelayMs: 5 });
      closes.push(() => pipeline.close(1_000));
      pipeline.push(endedSpans(1));
    });
    // Its own timer keeps no process alive; a test has nothing else that does.
    const alive = setInterval(() => {}, 1_000);
    expect(await sent).toHaveLength(1);
    clearInterval(alive);
  });

  it('keeps the process alive while somebody waits for a flush', async () => {
    const pipeline = createExportPipeline([heldExporter().exporter], { maxDelayMs: 5 });
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    pipeline.push(endedSpans(1));
    await settle();
    const before = timers();
    const flush = pipeline.flush(20);
    expect(timers()).toBe(before + 1);
    expect(await flush).toEqual({ exported: 0, lost: 1, timedOut: true });
    expect(timers()).toBe(before);
    expect(await pipeline.close(20)).toMatchObject({ lost: 1, timedOut: true });
  });
});
