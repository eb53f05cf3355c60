import { describe, expect, it } from '@jest/globals';
import { calculateCost, definePrices, formatUsd } from '../../src/cost';

const prices = definePrices({
  version: '2026-11',
  models: {
    small: { inputPerMillionUsd: 0.15, outputPerMillionUsd: 0.6 },
    dust: { inputPerMillionUsd: '0.0005', outputPerMillionUsd: 0 },
  },
});

describe('calculateCost', () => {
  it('adds up what a model used', () => {
    // 12,000 × $0.15 + 3,000 × $0.6, a million each: $0.0018 + $0.0018
    const cost = calculateCost(prices, { model: 'small', inputTokens: 12_000, outputTokens: 3_000 });
    expect(cost).toEqual({
      costNanoUsd: 3_600_000n,
      lines: [
        { unit: 'inputTokens', model: 'small', amount: 12_000, costNanoUsd: 1_800_000n },
        { unit: 'outputTokens', model: 'small', amount: 3_000, costNanoUsd: 1_800_000n },
      ],
      isUnpriced: false,
    });
    expect(formatUsd(cost.costNanoUsd ?? -1n)).toBe('0.0036');
  });

  it('rounds each line once, not the sum', () => {
    const dust = { model: 'dust', inputTokens: 1, outputTokens: 1 };
    expect(calculateCost(prices, [dust, dust, dust]).costNanoUsd).toBe(3n);
    expect(calculateCost(prices, { ...dust, inputTokens: 3 }).costNanoUsd).toBe(2n);
  });

  it('says that a cost is too low, and has none where nothing has a price', () => {
    const known = { model: 'small', inputTokens: 1_000_000, outputTokens: 0 };
    const unknown = { model: 'medium', inputTokens: 5, outputTokens: 5 };
    expect(calculateCost(prices, [known, unknown])).toMatchObject({
      costNanoUsd: 150_000_000n,
      isUnpriced: true,
    });
    expect(calculateCost(prices, unknown)).toMatchObject({ costNanoUsd: undefined, isUnpriced: true });
  });

  it('costs nothing where nothing was used', () => {
    const nothing = { costNanoUsd: 0n, lines: [], isUnpriced: false };
    expect(calculateCost(prices, [])).toEqual(nothing);
    expect(calculateCost(prices, { model: 'small', inputTokens: 0, outputTokens: 0 })).toEqual(nothing);
  });

  it('refuses a usage that is none', () => {
    expect(() => calculateCost(prices, [{ model: 'small', inputTokens: -1, outputTokens: 0 }])).toThrow(
      'inputTokens must be a whole number from 0 to 9007199254740991, got -1',
    );
  });
});
