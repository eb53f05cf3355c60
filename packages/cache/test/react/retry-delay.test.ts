import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { retryDelay } from '../../src/react/retry-delay';

const settings = { retryDelayMs: 1_000, maxRetryDelayMs: 30_000 };

test('doubles, and leaves half to chance', () => {
  expect([1, 2, 3].map((failures) => retryDelay(failures, settings, () => 0))).toEqual([500, 1_000, 2_000]);
  expect(retryDelay(3, settings, () => 0.5)).toBe(3_000);
});

test('never waits longer than the cap, after any number of failures', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5_000 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (failures, chance) => {
        const delayMs = retryDelay(failures, settings, () => chance);
        expect(delayMs).toBeGreaterThanOrEqual(500);
        expect(delayMs).toBeLessThanOrEqual(30_000);
      },
    ),
  );
});

test('never waits longer than a timer holds', () => {
  const unlimited = { retryDelayMs: 1_000, maxRetryDelayMs: Number.POSITIVE_INFINITY };
  expect(retryDelay(5_000, unlimited, () => 0.9)).toBeLessThan(2 ** 31);
});
