import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Latency } from '../../src/node/latency';

it('is unknown at first, and then nothing to be afraid of', () => {
  const latency = new Latency();
  expect(latency.averageMs).toBeUndefined();
  expect(latency.expectedMs(1_000)).toBe(0);
});

it('begins with the first sample and follows the later ones by a fifth', () => {
  const latency = new Latency();
  latency.add(10, 0);
  expect(latency.averageMs).toBe(10);
  latency.add(20, 0);
  expect(latency.averageMs).toBe(12);
  expect(latency.expectedMs(0)).toBe(12);
});

it('halves every second in which nobody asked', () => {
  const latency = new Latency();
  latency.add(100, 2_000);
  expect(latency.expectedMs(3_000)).toBe(50);
  expect(latency.expectedMs(4_000)).toBe(25);
  expect(latency.averageMs).toBe(100);
  latency.add(100, 4_000);
  expect(latency.expectedMs(4_000)).toBe(100);
});

it('stays among its samples', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 }), (samples) => {
      const latency = new Latency();
      for (const sample of samples) latency.add(sample, 0);
      expect(latency.averageMs).toBeGreaterThanOrEqual(Math.min(...samples) * 0.999_999);
      expect(latency.averageMs).toBeLessThanOrEqual(Math.max(...samples) * 1.000_001);
    }),
  );
});
