import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatUsd } from '../../src/cost/format-usd';

describe('formatUsd', () => {
  it.each([
    [0n, '0.00'],
    [1n, '0.000000001'],
    [4_700_000n, '0.0047'],
    [15_000_000_000n, '15.00'],
    [1_500_000_000n, '1.50'],
    [-1n, '-0.000000001'],
    [-1_230_000_000n, '-1.23'],
    [123_456_789_012_345_678_901_234_567n, '123456789012345678.901234567'],
  ])('writes %p exactly: %s', (nano, text) => {
    expect(formatUsd(nano)).toBe(text);
  });

  it.each([
    [4_700_000n, 2, '0.00'],
    [5_000_000n, 2, '0.01'],
    [4_999_999n, 2, '0.00'],
    [-5_000_000n, 2, '-0.01'],
    [-4_999_999n, 2, '0.00'],
    [999_999_999n, 4, '1.00'],
    [1_234_567_890n, 4, '1.2346'],
    [1_200_000_000n, 4, '1.20'],
    [1n, 9, '0.000000001'],
  ])('rounds %p to %p digits: %s', (nano, maxDigits, text) => {
    expect(formatUsd(nano, { maxDigits })).toBe(text);
  });

  it('can be read again without loss', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), (nano) => {
        const text = formatUsd(nano);
        expect(text).toMatch(/^-?(0|[1-9]\d*)\.\d{2,9}$/);
        const [whole = '', fraction = ''] = text.split('.');
        expect(BigInt(whole + fraction.padEnd(9, '0'))).toBe(nano);
      }),
      { numRuns: 2_000 },
    );
  });

  it('refuses what it cannot write', () => {
    expect(() => formatUsd(15 as never)).toThrow(
      new TypeError('formatUsd: nanoUsd must be a bigint, got 15'),
    );
    for (const maxDigits of [1, 10, 2.5, Number.NaN, '2']) {
      expect(() => formatUsd(1n, { maxDigits: maxDigits as never })).toThrow(
        'formatUsd: option "maxDigits" must be a whole number from 2 to 9, got ',
      );
    }
    expect(() => formatUsd(1n, { digits: 2 } as never)).toThrow('formatUsd: unknown option "digits"');
  });
});
