import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { memoryStore } from '../../src/store/memory-store';
import { SteadyClock } from '../../src/store/steady-clock';
import type { StoreLimit } from '../../src/store/store-types';

const startMs = Date.UTC(2026, 10, 26);

/** A clock whose two times are set each for itself. */
function twoTimes() {
  const times = { wallMs: startMs, monotonicMs: 1_234.567 };
  const clock = { wallMs: () => times.wallMs, monotonicMs: () => times.monotonicMs, sleep: async () => {} };
  return {
    clock,
    pass(ms: number, wallMs = ms) {
      times.monotonicMs += ms;
      times.wallMs += wallMs;
    },
  };
}

test('is the wall clock, in microseconds', () => {
  const { clock, pass } = twoTimes();
  const steady = new SteadyClock(clock);
  expect(steady.nowUs()).toBe(startMs * 1_000);
  pass(5);
  expect(steady.nowUs()).toBe((startMs + 5) * 1_000);
});

test('runs on while the wall clock stands or jumps back, and follows it forward', () => {
  const { clock, pass } = twoTimes();
  const steady = new SteadyClock(clock);
  steady.nowUs();
  pass(10, -3_600_000);
  expect(steady.nowUs()).toBe((startMs + 10) * 1_000);
  pass(10);
  expect(steady.nowUs()).toBe((startMs + 20) * 1_000);
  pass(0, 3_600_000 + 5_000);
  expect(steady.nowUs()).toBe((startMs + 5_010) * 1_000);
});

test('never goes backwards, is never behind the wall clock, and is whole', () => {
  const step = fc.record({
    ms: fc.double({ min: 0, max: 1e6, noNaN: true }),
    wallMs: fc.integer({ min: -1e7, max: 1e7 }),
  });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const { clock, pass } = twoTimes();
      const steady = new SteadyClock(clock);
      let lastUs = steady.nowUs();
      for (const { ms, wallMs } of steps) {
        pass(ms, wallMs);
        const nowUs = steady.nowUs();
        expect(Number.isSafeInteger(nowUs)).toBe(true);
        expect(nowUs).toBeGreaterThanOrEqual(lastUs);
        expect(nowUs).toBeGreaterThanOrEqual(clock.wallMs() * 1_000);
        lastUs = nowUs;
      }
    }),
  );
});

test('a wall clock that jumps back neither opens an old period again nor closes a rate limit for so long', () => {
  const { clock, pass } = twoTimes();
  const store = memoryStore({ clock });
  const dayMs = 86_400_000;
  const yesterday: StoreLimit = {
    kind: 'quota',
    counter: 'calls',
    cap: 1,
    first: (startMs - dayMs) * 1_000,
    second: startMs * 1_000,
  };
  const burst: StoreLimit = { kind: 'rate', counter: 'burst', cap: 1, first: 1_000_000, second: 0 };
  const decide = (limit: StoreLimit) =>
    store.decide({ subject: 'a', limits: [limit], amounts: [1], isLedgered: false, keepMs: 2 * dayMs });
  expect(decide(burst)).toMatchObject({ refused: [] });
  pass(1_000, -3_600_000);
  expect(decide(yesterday)).toEqual({ outcome: 'period', nowUs: (startMs + 1_000) * 1_000 });
  expect(decide(burst)).toMatchObject({ refused: [] });
  expect(decide(burst)).toMatchObject({ refused: [0] });
});
