import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { splitPeriod } from '../../src/postgres/split-period';

const quarter = 900_000;
const instant = fc.oneof(
  fc.integer({ min: 0, max: 9 }).map((quarters) => quarters * quarter),
  fc.integer({ min: 0, max: 9 * quarter }),
);

test('its parts are the period, in order, and what is summed is whole', () => {
  fc.assert(
    fc.property(instant, instant, (one, other) => {
      const period = { startAtMs: Math.min(one, other), endAtMs: Math.max(one, other) };
      const { buckets, edges } = splitPeriod(period);
      const parts = [edges[0], buckets, edges[1]];
      expect(parts[0]?.startAtMs).toBe(period.startAtMs);
      expect(parts[1]?.startAtMs).toBe(parts[0]?.endAtMs);
      expect(parts[2]?.startAtMs).toBe(parts[1]?.endAtMs);
      expect(parts[2]?.endAtMs).toBe(period.endAtMs);
      for (const part of parts) expect(part.endAtMs).toBeGreaterThanOrEqual(part.startAtMs);
      if (buckets.endAtMs > buckets.startAtMs) {
        expect([buckets.startAtMs % quarter, buckets.endAtMs % quarter]).toEqual([0, 0]);
        // As much as can be is summed.
        for (const { startAtMs, endAtMs } of edges) expect(endAtMs - startAtMs).toBeLessThan(quarter);
      }
    }),
    { numRuns: 1_000 },
  );
});
