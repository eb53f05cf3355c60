import { describe, expect, it } from '@jest/globals';
import { AdaptiveLimit } from '../../src/shedding/adaptive-limit';

/** It aims at 60 of the 100 ms. */
function after(...windows: readonly { delayMs: number; peak: number }[]): number {
  const limit = new AdaptiveLimit(1_000, 100);
  for (const [index, { delayMs, peak }] of windows.entries()) {
    limit.reach(peak);
    limit.onRound(delayMs, (index + 1) * 100);
  }
  return limit.current(windows.length * 100);
}

const fine = { delayMs: 10, peak: 40 };
const late = { delayMs: 120, peak: 40 };

describe('AdaptiveLimit', () => {
  it.each([
    ['begins with the most', [], 1_000],
    ['stays while nothing is late', [fine, fine], 1_000],
    ['is half of what was under way, when half would have been on time', [late], 20],
    ['is no less than half for one late window', [{ delayMs: 10_000, peak: 40 }], 20],
    ['is ten at least after one late window', [{ delayMs: 10_000, peak: 12 }], 10],
    ['learns nothing from one late window with fewer than ten', [{ delayMs: 10_000, peak: 9 }], 1_000],
    [
      'learns from fewer when it is late again',
      [
        { delayMs: 120, peak: 8 },
        { delayMs: 120, peak: 8 },
      ],
      4,
    ],
    [
      'learns nothing from one request alone, however often it is late',
      Array(10).fill({ delayMs: 150, peak: 1 }),
      1_000,
    ],
    ['follows in proportion when it is late again', [late, { delayMs: 240, peak: 20 }], 10],
    ['is never below one', [late, { delayMs: 100_000, peak: 20 }], 1],
    ['is about what was admitted in the window before, too', [fine, { delayMs: 120, peak: 0 }], 20],
    ['learns nothing from lateness without requests', [{ delayMs: 500, peak: 0 }], 1_000],
    ['does not shrink twice for one cause', [late, { delayMs: 120, peak: 1 }], 20],
    ['does not grow while it is not reached', [late, { delayMs: 10, peak: 19 }], 20],
    ['doubles where there is room', [late, { delayMs: 10, peak: 20 }], 40],
    ['grows by as much as there is room for', [late, { delayMs: 48, peak: 20 }], 25],
    ['grows by a tenth at least', [late, { delayMs: 60, peak: 20 }], 22],
  ])('%s', (_title, windows, expected) => {
    expect(after(...windows)).toBe(expected);
  });

  it('looks once in 100 ms, at the longest delay in between', () => {
    const limit = new AdaptiveLimit(1_000, 100);
    limit.onRound(0, 100);
    limit.reach(40);
    limit.onRound(120, 199);
    expect(limit.current(200)).toBe(1_000);
    limit.onRound(1, 200);
    expect(limit.current(200)).toBe(20);
  });

  it('is the most again after a second on time, by the clock alone', () => {
    const limit = new AdaptiveLimit(1_000, 100);
    limit.reach(40);
    limit.onRound(120, 100);
    expect(limit.current(1_099)).toBe(20);
    expect(limit.current(1_100)).toBe(1_000);
  });

  it('takes a late window after idle time for a pause, though nothing was seen in between', () => {
    const limit = new AdaptiveLimit(1_000, 100);
    limit.reach(40);
    limit.onRound(1_000, 1_000);
    limit.current(60_000);
    limit.reach(8);
    limit.onRound(150, 60_150);
    expect(limit.current(60_150)).toBe(1_000);
  });

  it('is as before where the loop was late all the time', () => {
    const limit = new AdaptiveLimit(1_000, 100);
    for (const atMs of [500, 1_000, 1_500, 2_000]) {
      limit.reach(20);
      limit.onRound(120, atMs);
    }
    expect(limit.current(2_100)).toBe(10);
  });
});
