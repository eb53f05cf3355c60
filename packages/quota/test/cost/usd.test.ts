import { describe, expect, it } from '@jest/globals';
import { cpuMs } from '@unite/shared/testing';
import fc from 'fast-check';
import { nanoUsd, nanoUsdPerMillion } from '../../src/cost/usd';

describe('nanoUsd', () => {
  it.each([
    [0, 0n],
    ['0', 0n],
    [15, 15_000_000_000n],
    ['0.15', 150_000_000n],
    [0.1, 100_000_000n],
    [0.000015, 15_000n],
    [1e-9, 1n],
    ['1.5e-7', 150n],
    ['0.000000001', 1n],
    ['1.50000000000000', 1_500_000_000n],
    ['999999999999', 999_999_999_999_000_000_000n],
  ])('reads %p as it is written', (amount, expected) => {
    expect(nanoUsd('price', amount)).toBe(expected);
  });

  it.each([
    -1,
    '-0.1',
    Number.NaN,
    Number('1e400'),
    1e21,
    1e-10,
    '0.0000000001',
    '1,5',
    '1.500,00',
    '',
    ' 1',
    '$1',
    '1.',
    '.5',
    '1e5',
    '0x10',
    '1_000',
    '1000000000000',
    1n,
    null,
    undefined,
    true,
    [1],
  ])('refuses %p', (amount) => {
    expect(() => nanoUsd('price', amount as never)).toThrow(TypeError);
    expect(() => nanoUsd('price', amount as never)).toThrow(
      'price must be an amount of US dollars with at most 9 digits after the point, got ',
    );
  });

  it('refuses what is long without reading it for long', () => {
    const long = [`0.${'0'.repeat(2_000_000)}1`, '1e-999999999', `1.${'0'.repeat(2_000_000)}e-5`];
    const tookMs = cpuMs(() => {
      for (const amount of long) expect(() => nanoUsd('price', amount)).toThrow('got "');
    });
    expect(tookMs).toBeLessThan(2_000);
  });

  it('reads what a whole number of billionths is written as', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), (nano) => {
        const written = `${nano / 1_000_000_000n}.${String(nano % 1_000_000_000n).padStart(9, '0')}`;
        expect(nanoUsd('price', written)).toBe(nano);
        expect(nanoUsd('price', Number(written))).toBe(nano);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('nanoUsdPerMillion', () => {
  it('makes 15 dollars a million of 0.000015 for one', () => {
    expect(nanoUsdPerMillion('plan', 0.000015)).toBe(nanoUsd('plan', 15));
    expect(nanoUsdPerMillion('plan', '0.00000015')).toBe(nanoUsd('plan', '0.15'));
    expect(nanoUsdPerMillion('plan', 1e-15)).toBe(1n);
    expect(() => nanoUsdPerMillion('plan', 1e-16)).toThrow('plan must be an amount');
  });
});
