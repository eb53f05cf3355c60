import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareDeployments, type SloCounts, slo } from '../../src/slo';

const errors = slo('errors', { target: 0.999 });

describe('compareDeployments', () => {
  it.each<[string, SloCounts, SloCounts, string]>([
    ['nothing before', counts(0, 0), counts(0, 9_000), 'unknown'],
    ['nothing after', counts(0, 9_000), counts(0, 0), 'unknown'],
    ['no errors, and enough requests', counts(0, 20_000), counts(0, 20_000), 'same'],
    ['no errors, and few requests', counts(0, 9_000), counts(0, 100), 'unknown'],
    ['one error of a hundred requests, which is chance', counts(0, 9_000), counts(1, 100), 'unknown'],
    ['errors in a hundred requests, which is not', counts(1, 9_000), counts(4, 100), 'worse'],
    ['all of a few fail', counts(0, 1_000), counts(5, 5), 'worse'],
    ['many errors, a little more', counts(1_000, 100_000), counts(1_050, 100_000), 'unknown'],
    ['many errors of far more requests', counts(30_000, 3_000_000), counts(30_100, 3_000_000), 'same'],
    ['many errors, clearly more', counts(1_000, 100_000), counts(1_200, 100_000), 'worse'],
    ['many errors, clearly fewer', counts(1_200, 100_000), counts(1_000, 100_000), 'better'],
    ['few errors, clearly fewer', counts(20, 10_000), counts(1, 10_000), 'better'],
    ['counts that cannot be', { good: 9, total: 5 }, counts(0, 9_000), 'unknown'],
  ])('tells %s', (_, before, after, verdict) => {
    const [comparison] = compareDeployments({
      slos: [errors],
      before: { errors: before },
      after: new Map([['errors', after]]),
    });
    expect(comparison?.verdict).toBe(verdict);
  });

  it.each<[number, SloCounts, SloCounts, string]>([
    [0.99, counts(0, 100), counts(5, 100), 'unknown'],
    [0.5, counts(10, 20), counts(18, 20), 'unknown'],
    [0.99, counts(0, 2_000), counts(0, 2_000), 'same'],
    [0.5, counts(100, 200), counts(101, 200), 'same'],
  ])('says "same" only where that is shown: target %p', (target, before, after, verdict) => {
    const some = slo('some', { target });
    const [comparison] = compareDeployments({
      slos: [some],
      before: { some: before },
      after: { some: after },
    });
    expect(comparison?.verdict).toBe(verdict);
  });

  it('gives the burn rates, and knows nothing of what it was not told', () => {
    const before = { errors: counts(2, 1_000) };
    const [comparison] = compareDeployments({ slos: [errors], before, after: {} });
    expect(comparison).toMatchObject({ before: { good: 998, total: 1_000 }, after: { good: 0, total: 0 } });
    expect(comparison?.burnBefore).toBeCloseTo(2, 9);
    expect(comparison?.burnAfter).toBeUndefined();
  });

  it('is wrong by chance in less than 1 of 100 comparisons of the same service', () => {
    const random = seeded(7);
    const draw = (total: number, share: number): SloCounts => {
      let bad = 0;
      for (const _ of Array.from({ length: total })) if (random() < share) bad += 1;
      return counts(bad, total);
    };
    let wrong = 0;
    for (const index of Array.from({ length: 1_000 }, (_, at) => at)) {
      const share = [0.002, 0.02, 0.2][index % 3] ?? 0;
      const [comparison] = compareDeployments({
        slos: [errors],
        before: { errors: draw(800, share) },
        after: { errors: draw(300, share) },
      });
      if (comparison?.verdict === 'worse' || comparison?.verdict === 'better') wrong += 1;
    }
    expect(wrong).toBeLessThan(18);
  });

  it('turns its verdict with its arguments', () => {
    const some = fc
      .tuple(fc.integer({ min: 0, max: 3_000 }), fc.integer({ min: 0, max: 3_000 }))
      .map(([bad, good]) => counts(bad, bad + good));
    const opposite = { better: 'worse', worse: 'better', same: 'same', unknown: 'unknown' } as const;
    fc.assert(
      fc.property(some, some, (one, other) => {
        const verdict = (before: SloCounts, after: SloCounts) =>
          compareDeployments({ slos: [errors], before: { errors: before }, after: { errors: after } })[0]
            ?.verdict;
        expect(verdict(other, one)).toBe(opposite[verdict(one, other) ?? 'unknown']);
      }),
    );
  });
});

function counts(bad: number, total: number): SloCounts {
  return { good: total - bad, total };
}

/** mulberry32. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
