import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { costOf } from '../../src/cost/cost-of';
import { QuotaError } from '../../src/errors';

const tokens = fc.oneof(fc.maxSafeNat(), fc.nat({ max: 5_000_000 }));
const price = fc.oneof(fc.bigInt({ min: 0n, max: 10n ** 21n }), fc.bigInt({ min: 0n, max: 2_000_000n }));

describe('costOf', () => {
  it.each([
    // 1,234 × $0.15 / 1,000,000 = $0.0001851
    [1_234, 150_000_000n, 185_100n],
    // 1,000,000 × $15 / 1,000,000 = $15
    [1_000_000, 15_000_000_000n, 15_000_000_000n],
    [0, 15_000_000_000n, 0n],
    [7, 0n, 0n],
    // Half of a billionth is rounded up, what is below is not.
    [1, 500_000n, 1n],
    [1, 499_999n, 0n],
    [3, 500_000n, 2n],
    // 9,007,199,254,740,991 × $0.15 / 1,000,000 = $1,351,079,888.21114865, where doubles end.
    [Number.MAX_SAFE_INTEGER, 150_000_000n, 1_351_079_888_211_148_650n],
    [10n ** 20n, 150_000_000n, 15n * 10n ** 21n],
  ])('%p at %p a million is %p', (amount, nanoUsdPerMillion, expected) => {
    expect(costOf(amount, nanoUsdPerMillion)).toBe(expected);
  });

  it('is never further from the exact cost than half a billionth, and rounds up at the half', () => {
    fc.assert(
      fc.property(tokens, price, (amount, nanoUsdPerMillion) => {
        const error = costOf(amount, nanoUsdPerMillion) * 1_000_000n - BigInt(amount) * nanoUsdPerMillion;
        expect(error > -500_000n && error <= 500_000n).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });

  it('costs no less for more', () => {
    fc.assert(
      fc.property(tokens, tokens, price, (one, other, nanoUsdPerMillion) => {
        const [less, more] = [Math.min(one, other), Math.max(one, other)];
        expect(costOf(less, nanoUsdPerMillion) <= costOf(more, nanoUsdPerMillion)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([-1, 0.5, Number.NaN, Infinity, 2 ** 53, -1n, '1', null, undefined])(
    'refuses the amount %p',
    (amount) => {
      const calculate = () => costOf(amount as never, 1n);
      expect(calculate).toThrow(QuotaError);
      expect(calculate).toThrow(
        expect.objectContaining({
          code: 'UNITE_QUOTA_AMOUNT_INVALID',
          message: expect.stringMatching(/^costOf: amount must be .+, got /),
        }),
      );
    },
  );

  it.each([-1n, 15, '15', undefined])('refuses the price %p', (nanoUsdPerMillion) => {
    expect(() => costOf(1, nanoUsdPerMillion as never)).toThrow(
      /^costOf: nanoUsdPerMillion must be a bigint from 0, got /,
    );
  });
});
