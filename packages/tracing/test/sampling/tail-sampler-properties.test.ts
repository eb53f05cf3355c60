import { expect, it } from '@jest/globals';
import { type Span, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { manualClock } from '@unite/shared/testing';
import fc from 'fast-check';
import { createTailSampler } from '../../src/sampling';
import { tracerOf } from '../support/spans';

interface Known {
  readonly span: Span;
  readonly root: Span;
  isEnded: boolean;
}

/** Starts a root or a child of any span, ended or not; ends any span, well or not; lets time pass. */
const step = fc.oneof(
  fc.record({ act: fc.constant('start' as const), parent: fc.option(fc.nat(30), { nil: undefined }) }),
  fc.record({ act: fc.constant('end' as const), which: fc.nat(30), fails: fc.boolean() }),
  fc.record({ act: fc.constant('wait' as const), ms: fc.nat(400) }),
);

it('any interleaving: a span goes on exactly once if its local root was kept, else never; no cap is passed', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 80 }),
      fc.constantFrom(0, 0.5, 1),
      fc.record({
        maxOpenTraces: fc.integer({ min: 1, max: 4 }),
        maxOpenSpans: fc.integer({ min: 1, max: 6 }),
        maxSpansPerTrace: fc.integer({ min: 1, max: 5 }),
      }),
      async (steps, ratio, caps) => {
        const clock = manualClock();
        const sent: ReadableSpan[] = [];
        const options = { ...caps, ratio, maxOpenMs: 500, clock };
        const sampler = createTailSampler(options, (spans) => sent.push(...spans));
        const { start } = tracerOf(sampler);
        const known: Known[] = [];
        for (const each of steps) {
          if (each.act === 'wait') await clock.advance(each.ms);
          else if (each.act === 'start') {
            const parent = each.parent === undefined ? undefined : known[each.parent % (known.length || 1)];
            const span = start('span', parent?.span);
            known.push({ span, root: parent?.root ?? span, isEnded: false });
          } else {
            const one = known[each.which % (known.length || 1)];
            if (!one || one.isEnded) continue;
            one.isEnded = true;
            if (each.fails) one.span.setStatus({ code: SpanStatusCode.ERROR });
            one.span.end();
          }
          const { openTraces, openSpans } = sampler.stats();
          if (ratio < 1) expect(openTraces).toBeLessThanOrEqual(caps.maxOpenTraces);
          expect(openSpans).toBeLessThanOrEqual(caps.maxOpenSpans);
        }
        sampler.decideAll();

        const stats = sampler.stats();
        const roots = new Set(known.map(({ root }) => root));
        const keptRoots = new Set([...roots].filter(isKept));
        const wanted = known.filter(({ isEnded, root }) => isEnded && keptRoots.has(root));
        const allSent = new Set<unknown>(sent);
        expect(allSent.size).toBe(sent.length);
        expect(known.filter(({ span, root }) => allSent.has(span) && !keptRoots.has(root))).toEqual([]);
        const missing = wanted.filter(({ span }) => !allSent.has(span));
        // Those that were over the limit of their trace, in traces that were kept and in others.
        expect(missing.length).toBeLessThanOrEqual(stats.overLimit);
        if (stats.overLimit === 0) expect(missing).toEqual([]);

        const keptTraces = Object.values(stats.kept).reduce((sum, count) => sum + count, 0);
        expect(stats).toMatchObject({
          started: known.length,
          ended: known.filter(({ isEnded }) => isEnded).length,
          openSpans: 0,
        });
        if (ratio < 1) {
          expect(stats.openTraces).toBe(0);
          expect(keptTraces + stats.dropped).toBe(roots.size);
          expect(keptTraces).toBe(keptRoots.size);
        }
        expect(clock.sleepers()).toBe(0);

        function isKept(root: Span): boolean {
          return ratio === 1 || 'unite.sampling.reason' in (root as unknown as ReadableSpan).attributes;
        }
      },
    ),
    { numRuns: 300 },
  );
});
